#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "central/engine/changes.hpp"
#include "sql/database.hpp"

namespace sinks {

/// What a query must select, in this order, for read_node() and read_series().
extern const char* const kNodeColumns;
extern const char* const kSeriesColumns;
engine::NodeRow read_node(const sql::Query& row);
engine::SeriesRow read_series(const sql::Query& row);

/// The tables dim_node and dim_series and the ids in them. Ids are remembered: after a rollback
/// this object must go.
class Dimensions {
  public:
    explicit Dimensions(sql::Database& database) : database_(database) {}

    base::Result<std::optional<engine::NodeRow>> node(const std::string& name);
    base::Result<std::vector<engine::SeriesRow>> series(const std::string& node);
    base::Result<engine::SeriesRow> series(std::int64_t id);  // It is there.

    base::Status write(const engine::NodeRow& row);
    base::Status write(const engine::SeriesRow& row);  // Without its periods.
    base::Status write_periods(std::int64_t series, const dimensions::DeclaredPeriods& periods);

    /// Nothing when there is no such series.
    base::Result<std::optional<std::int64_t>> series_id(const std::string& node,
                                                        const std::string& series);
    /// Makes the node when it is not there, as a gap may come before its first row.
    base::Result<std::int64_t> node_id(const std::string& name);

  private:
    using SeriesName = std::pair<std::string, std::string>;

    base::Status write(const engine::AheadRow& row, std::int64_t series);
    base::Status write_beside(const engine::SeriesRow& row, std::int64_t id);
    base::Result<std::optional<std::int64_t>> find_node(const std::string& name);
    base::Result<std::optional<std::int64_t>> find_series(std::int64_t node,
                                                          const std::string& name);

    sql::Database& database_;
    std::map<std::string, std::int64_t> node_ids_;
    std::map<SeriesName, std::int64_t> series_ids_;
    std::map<std::int64_t, bool> betweens_;  // As written, by the series.
};

}  // namespace sinks
