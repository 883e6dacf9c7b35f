#pragma once

#include <string>
#include <string_view>

namespace postgres {

/// A statement as leat writes it, for SQLite, as PostgreSQL reads it: types, keys and places of
/// values (`?`, `?2`) by other names. What stands in quotes stays. Texts are compared byte by byte,
/// as SQLite does. What SQLite calls otherwise and PostgreSQL has as a function, is one
/// (functions.hpp).
std::string adapt(std::string_view sql);

}  // namespace postgres
