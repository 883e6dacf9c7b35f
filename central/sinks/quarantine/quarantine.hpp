#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "central/engine/changes.hpp"
#include "central/engine/memory.hpp"
#include "central/sinks/quarantine/quarantine_list.hpp"
#include "sql/database.hpp"

namespace sinks {

/// The tables quarantine and quarantine_part: records that could not be used, and what of them did
/// not count. Keeps `lines_max` records: when there are more, the oldest of the reason that has
/// most go, so that a flood of one reason pushes out no other. Nobody else may change the tables
/// meanwhile.
class Quarantine {
  public:
    Quarantine(sql::Database& database, std::uint64_t lines_max)
        : database_(database), lines_max_(lines_max) {}

    /// As Memory::refused().
    base::Result<std::vector<engine::RefusedLine>> refused(std::int64_t after,
                                                           std::size_t lines_max);

    /// New lines, and lines that leave; gives how many were dropped because there were too many, by
    /// their reason.
    base::Result<std::map<std::string, std::uint64_t>> write(const engine::Changes& changes);

    /// Removes lines for good; gives how many.
    base::Result<std::uint64_t> drop(const QuarantineSelection& which);

  private:
    base::Status write(const engine::Quarantined& line);
    base::Status remove(std::int64_t id);
    base::Status count();
    std::map<std::string, std::uint64_t> surplus();
    base::Status trim(const std::string& reason, std::uint64_t lines);

    sql::Database& database_;
    std::uint64_t lines_max_;
    bool is_counted_ = false;
    std::map<std::string, std::uint64_t> counts_;  // Lines by their reason, once is_counted_.
};

}  // namespace sinks
