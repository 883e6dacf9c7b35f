#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "central/engine/changes.hpp"
#include "central/sinks/sqlite_database.hpp"

namespace sinks {

/// The tables boot and unplaced: what ties a boot of a node to UTC, and the records that wait for
/// it.
class BootTables {
  public:
    static base::Result<BootTables> prepare(Database& database);

    base::Result<std::optional<engine::BootRow>> boot(const std::string& node,
                                                      const std::string& boot);
    base::Result<std::vector<engine::UnplacedLine>> placeable(std::size_t lines_max);

    /// Boots, new lines and lines that wait no more. Of a node's boots for which nothing waits only
    /// the newest stay.
    base::Status write(const engine::Changes& changes);

  private:
    BootTables() = default;

    base::Status write(const engine::BootRow& row);
    base::Status write(const engine::UnplacedLine& line);

    Statement read_boot_;
    Statement write_boot_;
    Statement trim_boots_;
    Statement read_lines_;
    Statement write_line_;
    Statement remove_line_;
};

}  // namespace sinks
