#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "central/engine/changes.hpp"
#include "central/sinks/sqlite_database.hpp"

namespace sinks {

/// What a query must select, in this order, for read_node() and read_series().
extern const char* const kNodeColumns;
extern const char* const kSeriesColumns;
engine::NodeRow read_node(const Statement& row);
engine::SeriesRow read_series(const Statement& row);

/// The tables dim_node and dim_series and the ids in them. Ids are remembered: after a rollback
/// this object must go.
class Dimensions {
  public:
    static base::Result<Dimensions> prepare(Database& database);

    base::Result<std::optional<engine::NodeRow>> node(const std::string& name);
    base::Result<std::vector<engine::SeriesRow>> series(const std::string& node);

    base::Status write(const engine::NodeRow& row);
    base::Status write(const engine::SeriesRow& row);

    /// Nothing when there is no such series.
    base::Result<std::optional<std::int64_t>> series_id(const std::string& node,
                                                        const std::string& series);
    /// Makes the node when it is not there, as a gap may come before its first row.
    base::Result<std::int64_t> node_id(const std::string& name);

  private:
    Dimensions() = default;

    using SeriesName = std::pair<std::string, std::string>;

    Statement read_node_;
    Statement read_series_;
    Statement write_node_;
    Statement write_series_;
    Statement find_node_;
    Statement find_series_;
    std::map<std::string, std::int64_t> node_ids_;
    std::map<SeriesName, std::int64_t> series_ids_;
};

/// One statement after another into their places; stops at the first that fails.
base::Status prepare_all(
    Database& database,
    const std::vector<std::pair<std::reference_wrapper<Statement>, std::string>>& statements);

}  // namespace sinks
