#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>

#include "base/random.hpp"

namespace delivery {

struct SqliteOutboxOptions {
    std::string path = "/var/lib/leat/agent/outbox.db";

    /// Whose records these are. A file of another node is refused.
    std::string node;

    /// What the file may grow to; at least SqliteOutbox::kQuotaMin. The write-ahead log beside it
    /// needs about 1 MiB more.
    std::uint64_t quota = 64 * 1024 * 1024;

    /// Settled records stay until this share of the quota is used: the centre may ask for them.
    std::uint64_t retained_percent = 50;

    /// Near the quota: thin the oldest records before anything is evicted.
    bool thin = true;

    /// How many damaged files are kept for a person to look at.
    std::size_t damaged_kept = 3;

    /// SQLite's name of the file system; empty: the machine's. The simulation has one of its own.
    std::string vfs;

    std::function<std::uint64_t()> new_incarnation = base::entropy;
};

}  // namespace delivery
