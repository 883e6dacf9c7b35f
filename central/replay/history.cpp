#include "central/replay/history.hpp"

#include <algorithm>
#include <set>
#include <tuple>

#include "central/quarantine/items.hpp"

namespace replay {

namespace {

/// More than a quarantine may hold.
constexpr std::size_t kLinesMax = 1'000'000;

/// A record that was placed in time has UTC now.
wire::ClockState clock_of(const engine::ReadingOrigin& origin) {
    return origin.clock == wire::ClockState::boot ? wire::ClockState::holdover : origin.clock;
}

/// Records in the order in which the bridge took them, each once.
using RecordKey = std::tuple<base::EventTime, wire::Incarnation, std::uint64_t>;

RecordKey key_of(const engine::ReadingOrigin& origin) {
    return {origin.received, origin.incarnation, origin.seq};
}

}  // namespace

base::Result<History> History::open(sinks::Query& query, std::vector<engine::SeriesRow> series) {
    History history{query, std::move(series)};
    if (history.series_.empty()) return history;
    const auto node = history.series_.front().node;
    if (auto read = history.read_quarantine(node); !read) return read.error();
    return history;
}

base::Status History::read_quarantine(const std::string& node) {
    std::set<std::string> names;
    for (const auto& row : series_) names.insert(row.declared.series);
    const auto lines = query_->quarantined({.ids = {}, .node = node, .reason = {}}, kLinesMax);
    if (!lines) return lines.error();
    for (const auto& [id, line] : lines.value()) {
        const engine::ReadingOrigin origin{.incarnation = line.incarnation,
                                           .seq = line.seq,
                                           .received = line.received,
                                           .clock = wire::ClockState::synced};
        quarantine::for_each_item(line, [&](const auto& aside, const auto& item) {
            if (item.summary.count != 1 || !names.contains(aside.series)) return;
            set_aside_[engine::hour_start(item.at)].push_back({.series = aside.series,
                                                               .at = item.at,
                                                               .value = item.summary.first,
                                                               .origin = origin});
        });
    }
    return base::Done{};
}

base::Result<std::vector<PastRecord>> History::hour(base::EventTime start) const {
    std::vector<Reading> readings;
    for (const auto& series : series_) {
        if (auto read = read_hour(series, start, readings); !read) return read.error();
    }
    if (const auto aside = set_aside_.find(start); aside != set_aside_.end()) {
        readings.insert(readings.end(), aside->second.begin(), aside->second.end());
    }
    std::stable_sort(readings.begin(), readings.end(), [](const auto& one, const auto& other) {
        return std::tuple_cat(key_of(one.origin), std::tie(one.series, one.at)) <
               std::tuple_cat(key_of(other.origin), std::tie(other.series, other.at));
    });
    std::vector<PastRecord> records;
    for (const auto& reading : readings) {
        if (records.empty() || key_of(records.back().origin) != key_of(reading.origin)) {
            records.push_back(
                {.origin = reading.origin,
                 .data = {
                     .at = start, .clock = clock_of(reading.origin), .boot = {}, .columns = {}}});
        }
        auto& columns = records.back().data.columns;
        if (columns.empty() || columns.back().series != reading.series) {
            columns.push_back({.series = reading.series, .points = wire::RawColumn{}});
        }
        auto& points = std::get<wire::RawColumn>(columns.back().points);
        points.dt_ms.push_back((reading.at - start).count());
        points.values.push_back(reading.value);
    }
    return records;
}

base::Status History::read_hour(const engine::SeriesRow& series, base::EventTime start,
                                std::vector<Reading>& readings) const {
    sinks::ReadingRange range{.node = series.node,
                              .series = series.declared.series,
                              .from = start,
                              .to = start + engine::kBlockSpan};
    for (;;) {
        const auto page = query_->readings(range);
        if (!page) return page.error();
        for (const auto& reading : page.value()) {
            readings.push_back({.series = series.declared.series,
                                .at = reading.place.at,
                                .value = reading.value,
                                .origin = reading.origin});
        }
        if (page.value().size() < range.readings_max) return base::Done{};
        range.after = page.value().back().place;
    }
}

}  // namespace replay
