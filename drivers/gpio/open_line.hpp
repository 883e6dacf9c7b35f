#pragma once

#include <memory>
#include <string>

#include "drivers/gpio/address.hpp"
#include "drivers/gpio/line.hpp"

namespace drivers::gpio {

struct LineOptions {
    LineAddress address;
    LineMode mode;
    std::string consumer = "leat";  // What `gpioinfo` shows; 31 characters.
    std::size_t edges_max = 64;     // The kernel's buffer: fixed from now on; at most 1024.
    std::string devices = "/dev";   // The folder of the gpiochip devices.
};

/// Requests a line from the kernel, through libgpiod 2. The error says what to change: the line is
/// in use (by whom) or missing (which exist), there is no permission or no chip. Transient when
/// that may end without a change of the settings (in use, no chip), else misconfigured.
base::Result<std::unique_ptr<Line>> open_line(const LineOptions& options);

}  // namespace drivers::gpio
