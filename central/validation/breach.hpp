#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace validation {

/// What of a rule a reading breaks. The words are in databases: they are never given another
/// meaning.
enum class Breach {
    unit,   // Its series is declared in another unit.
    time,   // It is too old, or too far ahead of its arrival.
    range,  // It is below the least or above the most.
    value,  // It is none of the values that there are.
    step,   // It is too far from the reading before it.
};
constexpr std::size_t kBreaches = 5;

/// "range"
std::string_view to_text(Breach breach);
std::optional<Breach> parse_breach(std::string_view text);

/// What a window gives as the reason for a reading that is not in it: "set aside: range".
std::string window_reason(Breach breach);

}  // namespace validation
