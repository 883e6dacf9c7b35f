#pragma once

#include <gpiod.hpp>

#include "drivers/gpio/line.hpp"

namespace drivers::gpio {

/// A level and a mode in libgpiod's words.
gpiod::line::value value_of(bool level);
gpiod::line_settings settings_of(const LineMode& mode);

}  // namespace drivers::gpio
