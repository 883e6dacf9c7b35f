#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace odbc {

constexpr std::size_t kUnitBytes = sizeof(char16_t);

/// UTF-16, in which every driver takes text whatever the locale; nothing if it is not UTF-8.
std::optional<std::u16string> to_utf16(std::string_view text);

/// How many units of UTF-16 a UTF-8 text takes; nothing if it is none.
std::optional<std::size_t> utf16_units(std::string_view text);

/// What is no character becomes U+FFFD.
std::string to_utf8(std::u16string_view text);

}  // namespace odbc
