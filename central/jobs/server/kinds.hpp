#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "central/jobs/core/job.hpp"
#include "central/sinks/access/address.hpp"

namespace jobs {

/// Where copies go, how their names begin, and how many are kept.
struct Copies {
    std::string folder;
    std::string prefix;
    std::size_t keep;
};

/// Copies leat's schema with pg_dump, in its custom format, and has pg_restore read all of the
/// copy.
std::unique_ptr<Job> make_server_backup(const sinks::Address& database, Copies copies);

/// VACUUM (ANALYZE) of each of leat's tables.
std::unique_ptr<Job> make_server_vacuum(const sinks::Address& database);

}  // namespace jobs
