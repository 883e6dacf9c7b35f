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
    std::size_t edges_max = 64;     // The kernel's buffer. It can never grow later; at most 1024.
    std::string devices = "/dev";   // The folder in which the gpiochip devices are.
};

/// Asks the kernel for one line, through libgpiod 2. The error says what to change: the line is in
/// use (by whom), it is missing (which exist), no permission, no chip. Transient when that may end
/// without a change of the settings (in use, no chip), else misconfigured.
base::Result<std::unique_ptr<Line>> open_line(const LineOptions& options);

}  // namespace drivers::gpio
