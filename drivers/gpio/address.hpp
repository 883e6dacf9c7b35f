#pragma once

#include <compare>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "base/settings.hpp"

namespace drivers::gpio {

/// How a line is named. Never by a chip's number, which differs between kernels (a Raspberry Pi 5
/// had its header on gpiochip4, later on gpiochip0).
struct LineAddress {
    std::string name;                 // The line's name, "GPIO4"; or else
    std::vector<std::string> labels;  // one of these chips, by label, and
    unsigned offset = 0;              // the line's number on it.
    std::string written;              // As in the configuration; for messages.

    auto operator<=>(const LineAddress&) const = default;
};

/// "GPIO4" or "pinctrl-bcm2711:4".
base::Result<LineAddress> parse_line_address(std::string_view text);

/// Pin 1 to 40 of the Raspberry Pi's header. Misconfigured for power, ground and the two pins of a
/// HAT's memory.
base::Result<LineAddress> header_pin_address(unsigned pin);

/// Reads `key` or `pin_key`, of which exactly one must be there.
LineAddress read_line_address(base::Settings& settings, const std::string& key,
                              const std::string& pin_key);

/// Which line a table names with these keys, in one spelling for one line: header pin 7, "GPIO4"
/// and "pinctrl-bcm2711:4" are the same. With the key; nothing when the table names none.
std::vector<std::pair<std::string, std::string>> line_claims(
    const base::Settings& settings, const std::vector<std::pair<std::string, std::string>>& keys);

/// The words, most similar to `word` first.
std::vector<std::string> nearest_first(const std::string& word, std::vector<std::string> words);

}  // namespace drivers::gpio
