#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "central/engine/changes.hpp"
#include "central/engine/memory.hpp"
#include "sql/database.hpp"

namespace sinks {

/// Which lines in quarantine are meant. What is empty does not narrow them.
struct QuarantineSelection {
    std::vector<std::int64_t> ids;
    std::string node;
    std::string reason;  // "series_limit": what the line was refused for first.

    bool includes(const engine::RefusedLine& line) const;
};

/// A line in quarantine, under the number that the database gave it.
struct QuarantinedLine {
    std::int64_t id = 0;
    engine::Quarantined line;
};

/// Of the lines that are meant the newest, newest first, at most so many.
base::Result<std::vector<QuarantinedLine>> list_quarantine(sql::Database& database,
                                                           const QuarantineSelection& which,
                                                           std::size_t lines_max);

/// How many lines are meant.
base::Result<std::uint64_t> count_quarantine(sql::Database& database,
                                             const QuarantineSelection& which);

/// The parts of a line that did not count, in their order.
base::Result<std::vector<std::string>> read_parts(sql::Database& database, std::int64_t id);

/// Removes the lines that are meant, with their parts; gives how many. Within a transaction.
base::Result<std::uint64_t> drop_from_quarantine(sql::Database& database,
                                                 const QuarantineSelection& which);

}  // namespace sinks
