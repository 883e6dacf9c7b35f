#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "central/engine/changes.hpp"
#include "sql/database.hpp"

namespace sinks {

/// What is known of all boots of a node.
base::Result<std::vector<engine::BootRow>> read_boots(sql::Database& database,
                                                      const std::string& node);

/// The tables boot, boot_first, unplaced and last_placed: what ties a boot of a node to UTC, where
/// it begins in the order of its records, the records that wait for it, and how many did in the
/// newest boot in which any had to.
class BootTables {
  public:
    explicit BootTables(sql::Database& database) : database_(database) {}

    base::Result<std::optional<engine::BootRow>> boot(const std::string& node,
                                                      const std::string& boot);
    base::Result<std::vector<engine::UnplacedLine>> placeable(std::size_t lines_max);

    /// Boots, new lines, and lines that no longer wait. Of a node's boots for which nothing waits
    /// only the newest stay, and those next to one for which something does.
    base::Status write(const engine::Changes& changes);

  private:
    base::Status write(const engine::BootRow& row);
    base::Status write(const engine::UnplacedLine& line);
    base::Status count_placed(std::int64_t line);
    base::Status trim(const std::string& node);

    sql::Database& database_;
};

}  // namespace sinks
