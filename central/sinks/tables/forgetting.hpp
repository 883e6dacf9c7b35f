#pragma once

#include <cstdint>
#include <string>

#include "base/result.hpp"
#include "sql/database.hpp"

namespace sinks {

/// What a database has of a node.
struct Holdings {
    bool is_known = false;  // It has a row or a mark.
    std::uint64_t series = 0;
    std::uint64_t readings = 0;
    std::uint64_t windows = 0;
    std::uint64_t gaps = 0;
    std::uint64_t unplaced = 0;
    std::uint64_t quarantined = 0;
};

base::Result<Holdings> holdings_of(sql::Database& database, const std::string& node);

/// Only what it has of that series: no gaps, and nothing that waits.
base::Result<Holdings> holdings_of(sql::Database& database, const std::string& node,
                                   const std::string& series);

/// Removes the node with everything that the database has of it, marks and chain values too: all or
/// nothing. The file keeps its size; the room is used again.
base::Status forget_node(sql::Database& database, const std::string& node);

/// Removes a series of a node with its windows, findings and history: all or nothing.
base::Status forget_series(sql::Database& database, const std::string& node,
                           const std::string& series);

}  // namespace sinks
