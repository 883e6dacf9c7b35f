#include "central/sinks/tables/readings/reading_rows.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "central/sinks/tables/readings/encoding.hpp"
#include "central/sinks/tables/readings/reading_tables.hpp"

namespace sinks {

namespace {

constexpr const char* kBlocks =
    "SELECT block.id, first_at, step, readings, flags, stored_after, block.seq,"
    " incarnation.incarnation, count FROM reading_block AS block"
    " JOIN incarnation ON incarnation.id = block.incarnation_id"
    " WHERE series_id = (SELECT dim_series.id FROM dim_series"
    " JOIN dim_node ON dim_node.id = dim_series.node_id"
    " WHERE dim_node.name = ?1 AND dim_series.name = ?2)"
    " AND first_at >= ?3 AND first_at < ?4 AND first_at + lasts >= ?5 AND readings IS NOT NULL"
    " ORDER BY first_at, block.id";

constexpr const char* kExtent =
    "SELECT (SELECT min(first_at) FROM reading_block WHERE series_id = series.id),"
    " (SELECT coalesce(sum(count), 0) FROM reading_block WHERE series_id = series.id"
    "  AND first_at >= ?3 AND first_at < ?4 AND first_at + lasts >= ?5 AND readings IS NULL),"
    " (SELECT coalesce(max(CAST(value AS INTEGER)), 0) FROM meta WHERE name = 'singles_since')"
    " FROM dim_series AS series JOIN dim_node ON dim_node.id = series.node_id"
    " WHERE dim_node.name = ?1 AND series.name = ?2";

/// A block on its way, and the next reading of it.
struct Open {
    std::int64_t id = 0;
    std::int64_t flags = 0;
    engine::ReadingOrigin origin;
    std::vector<engine::Single> readings;
    std::uint32_t next = 0;

    ReadingPlace place() const { return {.at = readings[next].at, .block = id, .index = next}; }
};

struct Later {
    bool operator()(const Open& a, const Open& b) const { return a.place() > b.place(); }
};

/// With what finds it.
base::Error unreadable(const sql::Query& row, const std::string& why) {
    return {base::Fault::malformed,
            fmt::format("row {} of reading_block, which begins at {}: {}", row.integer(0),
                        base::to_milliseconds(row.time(1)), why)};
}

base::Result<Open> read_block(const sql::Query& row) {
    const auto first_at = row.time(1);
    auto readings = decode(row.text(3), first_at,
                           row.is_null(2) ? std::nullopt : std::optional{row.integer(2)});
    if (!readings) return unreadable(row, readings.error().detail);
    if (readings.value().size() != row.count(8)) {
        return unreadable(row, "it does not have as many readings as it says");
    }
    const auto flags = row.integer(4);
    const auto incarnation = wire::parse_incarnation(row.text(7));
    if (!incarnation) {
        return unreadable(row, "its incarnation cannot be read");
    }
    return Open{.id = row.integer(0),
                .flags = flags,
                .origin = {.incarnation = *incarnation,
                           .seq = row.count(6),
                           .received = first_at + base::Duration{row.integer(5)},
                           .clock = clock_of(flags)},
                .readings = std::move(readings).value()};
}

/// Merges blocks, which come in the order of their beginnings.
class Merge {
  public:
    explicit Merge(const ReadingRange& range) : range_(range) {}

    bool is_full() const { return found_.size() >= range_.readings_max; }

    void open(Open block) {
        open_.push_back(std::move(block));
        std::push_heap(open_.begin(), open_.end(), Later{});
    }

    /// Gives all that comes before a block that begins then.
    void advance_to(base::EventTime begin) {
        while (!is_full() && !open_.empty() && open_.front().place().at < begin) {
            std::pop_heap(open_.begin(), open_.end(), Later{});
            auto block = std::move(open_.back());
            open_.pop_back();
            give(block, begin);
            if (block.next < block.readings.size()) open(std::move(block));
        }
    }

    std::vector<StoredReading> take() { return std::move(found_); }

  private:
    /// As many of the block as come before those of all others.
    void give(Open& block, base::EventTime begin) {
        for (; block.next < block.readings.size() && !is_full(); ++block.next) {
            const auto place = block.place();
            if (place.at >= begin) return;
            if (!open_.empty() && place > open_.front().place()) return;
            if (!is_asked_for(place)) continue;
            found_.push_back({.place = place,
                              .value = block.readings[block.next].value,
                              .is_ahead = is_ahead(block.flags),
                              .origin = block.origin});
        }
    }

    bool is_asked_for(const ReadingPlace& place) const {
        return place.at >= range_.from && place.at < range_.to &&
               (!range_.after || place > *range_.after);
    }

    const ReadingRange& range_;
    std::vector<Open> open_;  // A heap; the one with the next reading is at its front.
    std::vector<StoredReading> found_;
};

/// From where on readings are still asked for.
base::EventTime begin_of(const ReadingRange& range) {
    return range.after ? std::max(range.from, range.after->at) : range.from;
}

}  // namespace

base::Result<std::vector<StoredReading>> read_readings(sql::Database& database,
                                                       const ReadingRange& range) {
    const auto from = begin_of(range);
    auto query = database.walk(kBlocks);
    query.bind(range.node).bind(range.series).bind(engine::hour_start(from)).bind(range.to);
    query.bind(from);
    Merge merge{range};
    while (!merge.is_full()) {
        const auto row = query.next();
        if (!row) return row.error();
        if (!row.value()) {
            merge.advance_to(range.to);
            break;
        }
        auto block = read_block(query);
        if (!block) return block.error();
        merge.advance_to(block.value().readings.front().at);
        merge.open(std::move(block).value());
    }
    return merge.take();
}

base::Result<ReadingExtent> read_extent(sql::Database& database, const ReadingRange& range) {
    auto query = database.query(kExtent);
    query.bind(range.node).bind(range.series).bind(engine::hour_start(range.from));
    const auto row = query.bind(range.to).bind(range.from).next();
    if (!row) return row.error();
    if (!row.value()) return ReadingExtent{};
    ReadingExtent extent{.first_at = query.optional_time(0), .summarised = query.count(1)};
    if (extent.first_at) extent.first_at = std::max(*extent.first_at, query.time(2));
    return extent;
}

}  // namespace sinks
