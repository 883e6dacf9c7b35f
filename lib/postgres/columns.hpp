#pragma once

#include <libpq-fe.h>

#include <cstdint>
#include <string>
#include <string_view>

namespace postgres {

/// A value of a binary answer. Numbers of every kind are read as the asked one, as SQLite does; a
/// text that is none is 0.
std::int64_t read_integer(const PGresult* answer, int row, int column);
double read_number(const PGresult* answer, int row, int column);

/// A number as SQLite writes it: "23", or "23.0" where the type has a fraction.
std::string number_text(const PGresult* answer, int row, int column);

/// The bytes as they came: right for texts and bytes.
std::string_view read_bytes(const PGresult* answer, int row, int column);

/// Whether these are the bytes of a text, or of bytes.
bool is_textual(const PGresult* answer, int column);

}  // namespace postgres
