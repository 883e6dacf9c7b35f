#pragma once

#include <string>
#include <string_view>

/// How the bytes of a table stand for characters.
namespace drivers::tables {

/// What is wrong with the first bytes of a file that should be text in UTF-8 or an encoding like
/// it, and what to do about it; empty when nothing is.
std::string encoding_trouble(std::string_view beginning);

/// How many bytes at the beginning are UTF-8's byte order mark.
std::size_t byte_order_mark(std::string_view beginning);

/// The text itself when it is UTF-8; else as Latin-1, as Excel writes it on Windows.
std::string utf8_of(std::string_view text);

}  // namespace drivers::tables
