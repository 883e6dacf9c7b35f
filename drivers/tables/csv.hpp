#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Comma-separated values (RFC 4180), with any one-byte separator. Pure: no I/O.
namespace drivers::tables {

/// A row with its newline is at most this long.
constexpr std::size_t kRowBytesMax = 64 * 1024;
constexpr std::size_t kFieldsMax = 1024;

/// The length of the first row in `bytes`, with its newline; nothing while the row has no end. A
/// newline within quotes belongs to its field.
std::optional<std::size_t> row_length(std::string_view bytes, char separator);

/// Splits a row without its newline into fields, and removes the quotes. False when a quote is
/// unclosed, when text follows a closing quote, or when there are more than kFieldsMax fields. A
/// quote within an unquoted field is an ordinary character.
bool split_row(std::string_view row, char separator, std::vector<std::string>& fields);

/// Without "\n" or "\r\n" at its end.
std::string_view without_newline(std::string_view row);

}  // namespace drivers::tables
