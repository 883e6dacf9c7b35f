#pragma once

#include "base/clock.hpp"
#include "base/settings.hpp"
#include "drivers/serial/fields.hpp"
#include "drivers/serial/port.hpp"

namespace drivers::serial {

struct Options {
    PortOptions port;
    FieldOptions fields;

    /// How often a silent board is a failure; zero: never.
    base::Duration silence = std::chrono::minutes{1};
};

/// Reads the driver's keys; what is wrong is left in the settings.
Options read_options(base::Settings& settings);

}  // namespace drivers::serial
