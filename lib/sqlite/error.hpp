#pragma once

#include <string>

#include "base/result.hpp"

struct sqlite3;

namespace sqlite {

/// What SQLite's code means for the caller: malformed when the file is damaged, exhausted when it
/// or its disk is full, else transient.
base::Error error_of(sqlite3* connection, int code);

/// The same while a file is being opened: misconfigured when a person has to change something.
/// `connection` may be null.
base::Error opening_error_of(sqlite3* connection, int code, const std::string& path,
                             bool is_exclusive);

}  // namespace sqlite
