#pragma once

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace base {

/// The longest prefix of at most `bytes_max` bytes that does not cut a UTF-8 character in two.
std::string_view shortened(std::string_view text, std::size_t bytes_max);

/// The letters A to Z as a to z, and the rest as it is.
std::string lower(std::string_view text);

/// Without the blanks at its beginning and at its end.
std::string_view trimmed(std::string_view text, std::string_view blanks = " \t");

/// Lower-case hexadecimal, two digits a byte.
std::string to_hex(std::span<const std::uint8_t> bytes);

/// Fills `bytes` from exactly twice as many lower-case digits; false for any other text.
bool from_hex(std::string_view text, std::span<std::uint8_t> bytes);

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
