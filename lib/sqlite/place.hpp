#pragma once

#include <optional>
#include <string>

#include "base/result.hpp"

namespace sqlite {

/// Whether a database can be opened, or made, at this path: the folder, the rights, what stands
/// there. Changes nothing. Misconfigured, with what to do, when it cannot; transient on a read-only
/// disk. `key` is what the
/// configuration calls the path, "[outbox] path", and `program` whose user must be able to write.
base::Status inspect_place(const std::string& path, const std::string& key,
                           const std::string& program);

/// Makes an empty file, if there is none, for its user and group only (0640, less what the umask
/// takes away); SQLite gives the log the same rights. What cannot be made here cannot be opened
/// afterwards, and that is reported.
void make_private(const std::string& path);

/// The process that has the file locked as a database; not this one. POSIX locks end at any close:
/// only for a file that this process does not have open.
std::optional<int> holder_of(const std::string& path);

}  // namespace sqlite
