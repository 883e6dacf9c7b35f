#pragma once

#include <charconv>
#include <optional>
#include <string_view>

namespace base {

/// All of the text as a number of that type; nothing when it is no such number.
template <class Number>
std::optional<Number> parse_number(std::string_view text) {
    Number number{};
    const auto* const end = text.data() + text.size();
    const auto parsed = std::from_chars(text.data(), end, number);
    if (text.empty() || parsed.ec != std::errc{} || parsed.ptr != end) return std::nullopt;
    return number;
}

}  // namespace base
