#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "central/engine/readings/reading_block.hpp"
#include "central/sinks/tables/readings/kept_readings.hpp"
#include "central/sinks/tables/readings/months.hpp"
#include "sql/database.hpp"

namespace sinks {

/// Notes of which quantities single readings are kept, in words. When that is another set than
/// before, or the first in a database that has series, single readings are known from now on only.
base::Status note_kept(sql::Database& database, const std::string& kept);

/// `flags` of a block: the clock that stamped it, and whether its readings are ahead.
std::int64_t flags_of(const engine::ReadingBlock& block);
bool is_ahead(std::int64_t flags);
wire::ClockState clock_of(std::int64_t flags);

/// Writes single readings, a block a row. Ids are remembered: after a rollback this object must go.
class ReadingTables {
  public:
    explicit ReadingTables(sql::Database& database) : database_(database), months_(database) {}

    base::Status write(std::int64_t node, std::int64_t series,
                       const std::vector<engine::ReadingBlock>& blocks);

    /// As KeptReadings.
    base::Result<std::vector<KeptSeries>> kept_series(std::int64_t after, std::size_t series_max);
    base::Result<std::vector<std::string>> kept_quantities();
    base::Result<std::optional<base::EventTime>> newest_arrival();
    base::Result<std::optional<base::EventTime>> last_removal();
    base::Status note_removal(base::EventTime time);
    base::Result<std::optional<Removed>> remove_month(base::EventTime before) {
        return months_.drop_one(engine::hour_start(before));
    }
    base::Result<Removed> remove(const std::vector<Outdated>& outdated, std::size_t blocks_max);

  private:
    base::Result<std::int64_t> incarnation_id(std::int64_t node,
                                              const wire::Incarnation& incarnation);
    base::Status write(std::int64_t incarnation, std::int64_t series,
                       const engine::ReadingBlock& block);
    base::Status remove(const Outdated& outdated, std::size_t blocks_max, Removed& removed);

    sql::Database& database_;
    Months months_;
    std::map<std::pair<std::int64_t, wire::Incarnation>, std::int64_t> incarnation_ids_;
};

}  // namespace sinks
