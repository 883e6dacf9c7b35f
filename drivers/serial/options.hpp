#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/settings.hpp"
#include "drivers/serial/fields.hpp"
#include "drivers/serial/port.hpp"
#include "drivers/serial/text/line_options.hpp"

namespace drivers::serial {

struct Options {
    PortOptions port;
    LineOptions lines;
    FieldOptions fields;

    /// The keys that say which device a line is of; empty: there is one. Nothing: not said.
    std::optional<std::vector<std::string>> by{};

    /// How often a silent board is a failure; zero: never.
    base::Duration silence = std::chrono::minutes{1};
};

/// Reads the driver's keys; what is wrong is left in the settings.
Options read_options(base::Settings& settings);

}  // namespace drivers::serial
