#pragma once

#include <gpiod.hpp>

#include "drivers/gpio/line.hpp"

namespace drivers::gpio {

/// Converts a level and a mode to libgpiod's types.
gpiod::line::value value_of(bool level);
gpiod::line_settings settings_of(const LineMode& mode);

}  // namespace drivers::gpio
