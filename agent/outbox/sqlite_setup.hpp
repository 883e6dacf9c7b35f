#pragma once

#include <cstdint>
#include <string>

#include "base/result.hpp"
#include "sqlite/database.hpp"

namespace agent {

/// A sector of a card. A commit writes every page that it touches: with small pages a flush of few
/// readings costs little more than its lines.
constexpr std::uint64_t kPageBytes = 512;

/// Opens the outbox's file or makes it, for one process and one connection only. An empty `vfs` is
/// the machine's file system.
base::Result<sqlite::Database> open_database(const std::string& path, const std::string& vfs);

/// Begins the log and reads all of the file once: malformed when it is damaged. A file with other
/// pages is rewritten. It may grow to `pages_max`.
base::Status prepare_database(sqlite::Database& database, std::uint64_t pages_max);

base::Status limit_pages(sqlite::Database& database, std::uint64_t pages_max);

}  // namespace agent
