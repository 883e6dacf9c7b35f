#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "central/engine/changes.hpp"
#include "central/engine/memory.hpp"
#include "central/sinks/tables/dimensions.hpp"
#include "sql/database.hpp"

namespace sinks {

/// What makes the tables of findings and of what the detectors know, and the view v_findings.
extern const char* const kFindingTables;

/// What a query must select of finding, in this order, for read_finding().
extern const char* const kFindingColumns;
detect::Finding read_finding(const sql::Query& row, int first_column);

/// What the detectors found, and what they know of each series. Keeps the newest `findings_max`
/// findings, and all that are open.
class Findings {
  public:
    Findings(sql::Database& database, Dimensions& dimensions, std::uint64_t findings_max)
        : database_(database), dimensions_(dimensions), findings_max_(findings_max) {}

    /// As Memory::watch() and Memory::open_windows().
    base::Result<std::optional<detect::Saved>> watch(const std::string& node,
                                                     const std::string& series);
    base::Result<std::vector<engine::OpenWindow>> open_windows(const std::string& node,
                                                               base::Duration span,
                                                               base::EventTime from,
                                                               std::size_t starts_max);

    /// Gives how many findings were dropped because there were too many.
    base::Result<std::uint64_t> write(const engine::Changes& changes);

  private:
    base::Status write(std::int64_t series, const detect::Finding& finding);
    base::Status write(std::int64_t series, const detect::Saved& saved);
    base::Result<std::int64_t> id_of(const std::string& node, const std::string& series);
    base::Result<std::map<std::string, std::int64_t>> series_of(const std::string& node);
    base::Result<std::uint64_t> trim();

    sql::Database& database_;
    Dimensions& dimensions_;
    std::uint64_t findings_max_;
};

}  // namespace sinks
