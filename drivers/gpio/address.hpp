#pragma once

#include <compare>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/settings.hpp"

namespace drivers::gpio {

/// Where a line is. Never a chip's number: it differs between kernels (a Raspberry Pi 5 had its
/// header on gpiochip4, then on gpiochip0).
struct LineAddress {
    std::string name;                 // The line's name, "GPIO4"; or else
    std::vector<std::string> labels;  // one of these chips, by label, and
    unsigned offset = 0;              // the line's number on it.
    std::string written;              // As the configuration has it: for messages.

    auto operator<=>(const LineAddress&) const = default;
};

/// "GPIO4" or "pinctrl-bcm2711:4".
base::Result<LineAddress> parse_line_address(std::string_view text);

/// Pin 1 to 40 of the Raspberry Pi's header. Misconfigured for power, ground and the two pins of
/// the HAT's memory.
base::Result<LineAddress> header_pin_address(unsigned pin);

/// Reads `key`, or `<pin_key>` in its place; exactly one of them must be there.
LineAddress read_line_address(base::Settings& settings, const std::string& key,
                              const std::string& pin_key);

/// All words, the ones most like `word` first.
std::vector<std::string> nearest_first(const std::string& word, std::vector<std::string> words);

}  // namespace drivers::gpio
