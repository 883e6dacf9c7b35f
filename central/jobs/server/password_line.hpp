#pragma once

#include <string>

namespace jobs {

/// The line of a password file (PGPASSFILE) by which libpq finds that password for whatever server
/// it connects to.
std::string password_line(const std::string& password);

}  // namespace jobs
