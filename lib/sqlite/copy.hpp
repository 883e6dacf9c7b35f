#pragma once

#include <string>

#include "base/result.hpp"
#include "sqlite/database.hpp"

namespace sqlite {

/// Writes all that is committed, synced, into a file that must not exist yet.
base::Status copy_database(Database& database, const std::string& path);

/// Gives the file another name, in place of the file that has it, and syncs their folder. Transient
/// with the reason when that fails.
base::Status rename_file(const std::string& from, const std::string& to);

}  // namespace sqlite
