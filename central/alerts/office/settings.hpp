#pragma once

#include "base/settings.hpp"
#include "central/alerts/office/office.hpp"

namespace alerts {

/// Reads [alerts] into the options. Tables within it are left to others.
OfficeOptions read_alert_settings(base::Settings settings);

}  // namespace alerts
