#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace base {

/// Removes the first character from a text that is not empty. Nothing, and one byte removed, where
/// the text is not UTF-8 (RFC 3629).
std::optional<char32_t> take_character(std::string_view& text);

/// Whether the whole text is UTF-8.
bool is_utf8(std::string_view text);

/// The character as UTF-8; it must be one (RFC 3629).
std::string to_utf8(char32_t character);

/// Foreign text for people: UTF-8 as it is, but every byte of a control character, of a character
/// that changes the direction of the text around it, and of what is not UTF-8, as `\x1b`.
std::string printable(std::string_view text);

/// The same of at most the first `characters_max` characters, followed by `...` when some are left.
std::string printable(std::string_view text, std::size_t characters_max);

}  // namespace base
