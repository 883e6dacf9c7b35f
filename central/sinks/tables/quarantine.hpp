#pragma once

#include <cstdint>
#include <vector>

#include "central/engine/changes.hpp"
#include "sqlite/database.hpp"

namespace sinks {

/// The tables quarantine and quarantine_part: records that could not be used, and what of them did
/// not count. Keeps the newest `lines_max` records.
class Quarantine {
  public:
    Quarantine(sqlite::Database& database, std::uint64_t lines_max)
        : database_(database), lines_max_(lines_max) {}

    /// As Memory::refused().
    base::Result<std::vector<engine::RefusedLine>> refused(std::int64_t after,
                                                           std::size_t lines_max);

    /// New lines, and lines that leave; gives how many were dropped because there were too many.
    base::Result<std::uint64_t> write(const engine::Changes& changes);

  private:
    base::Status write(const engine::Quarantined& line);
    base::Status remove(std::int64_t id);
    base::Result<std::uint64_t> trim();
    base::Status read_parts(engine::RefusedLine& line);

    sqlite::Database& database_;
    std::uint64_t lines_max_;
};

}  // namespace sinks
