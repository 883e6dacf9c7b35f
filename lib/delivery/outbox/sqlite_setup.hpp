#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "base/result.hpp"
#include "delivery/outbox/sqlite_options.hpp"
#include "delivery/outbox/sqlite_records.hpp"
#include "sqlite/database.hpp"

namespace delivery {

/// A sector of a card. A commit writes every page that it touches: with small pages a flush of few
/// readings costs little more than its lines.
constexpr std::uint64_t kPageBytes = 512;

/// Whether the outbox can be opened, or made, at this path: the folder, the rights, whose file it
/// is, who has it open. Changes nothing. Misconfigured, with what to do, when it cannot. `run` and
/// `test` both ask it, so that neither calls good what the other refuses. For the machine's own
/// file system, and for a file that this process does not have open (POSIX locks end at a close).
base::Status inspect_outbox(const SqliteOutboxOptions& options);

/// Opens the outbox's file or makes it, for one process and one connection only. A new file is for
/// its user and group (0640, less what the umask takes away). An empty `vfs` is
/// the machine's file system.
base::Result<sqlite::Database> open_database(const std::string& path, const std::string& vfs);

/// Begins the log and reads all of the file once: malformed when it is damaged. A file with other
/// pages is rewritten. It may grow to `pages_max`.
base::Status prepare_database(sqlite::Database& database, std::uint64_t pages_max);

base::Status limit_pages(sqlite::Database& database, std::uint64_t pages_max);

/// Writes every page of the log into the file again, and syncs both: afterwards, whatever a failed
/// sync had left in doubt is on the disk.
base::Status sync_database(sqlite::Database& database);

/// Makes a new outbox at `path`, with these positions and without records. It is on the disk as a
/// whole, in one file, when this returns; after an error a part of it may be there.
base::Status make_outbox(const SqliteOutboxOptions& options, const std::string& path,
                         const SqliteRecords::Positions& positions);

/// The committed positions in the file of an outbox that nobody has open, by sensor. Changes
/// nothing, also in a file that is damaged. An error when they cannot be read, all of them.
base::Result<std::map<std::string, std::string>> read_positions(const std::string& path);

}  // namespace delivery
