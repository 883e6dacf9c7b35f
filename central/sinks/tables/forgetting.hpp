#pragma once

#include <cstdint>
#include <string>

#include "base/result.hpp"
#include "sqlite/database.hpp"

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

base::Result<Holdings> holdings_of(sqlite::Database& database, const std::string& node);

/// Removes the node with everything that the database has of it, marks and chain values too: all or
/// nothing. The file keeps its size; the room is used again.
base::Status forget_node(sqlite::Database& database, const std::string& node);

}  // namespace sinks
