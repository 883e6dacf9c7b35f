#include "central/jobs/kinds/recounted_series.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "central/engine/window.hpp"
#include "central/text/rfc3339.hpp"

namespace jobs {

namespace {

constexpr std::size_t kPage = 20'000;
constexpr double kSumTolerance = 1e-9;

struct Counted {
    wire::Summary summary;
    base::EventTime first_at;
    base::EventTime last_at;

    void add(base::EventTime at, double value) {
        if (summary.count == 0) first_at = at;
        last_at = at;
        summary.add(value);
    }
};

using Windows = std::map<std::pair<base::Duration, base::EventTime>, Counted>;

bool is_same_sum(double a, double b, double largest) {
    return std::abs(a - b) <= kSumTolerance * std::max({std::abs(a), std::abs(b), largest});
}

/// In words; empty when there is none.
std::string difference(const Counted& counted, const engine::WindowRow& row) {
    const auto& mine = counted.summary;
    const auto& stored = row.summary;
    if (mine.count != stored.count) {
        return fmt::format("{} readings are stored, counted again they are {}", stored.count,
                           mine.count);
    }
    if (mine.count == 0) return {};
    const auto largest = std::max(std::abs(mine.min), std::abs(mine.max));
    if (mine.min != stored.min || mine.max != stored.max) {
        return fmt::format("{} to {} is stored, counted again it is {} to {}", stored.min,
                           stored.max, mine.min, mine.max);
    }
    if (!is_same_sum(mine.sum, stored.sum, largest)) {
        return fmt::format("the sum {} is stored, counted again it is {}", stored.sum, mine.sum);
    }
    if (counted.first_at != row.first_at || counted.last_at != row.last_at) {
        return "its first or last reading is another";
    }
    return {};
}

base::Result<Windows> count(sinks::Query& query, sinks::ReadingRange range,
                            const std::vector<base::Duration>& spans, Recounted& recounted) {
    Windows windows;
    range.readings_max = kPage;
    for (;;) {
        const auto page = query.readings(range);
        if (!page) return page.error();
        for (const auto& reading : page.value()) {
            for (const auto span : spans) {
                const auto start = engine::window_start(reading.place.at, span);
                windows[{span, start}].add(reading.place.at, reading.value);
            }
        }
        recounted.readings += page.value().size();
        if (page.value().size() < kPage) return windows;
        range.after = page.value().back().place;
    }
}

base::Status compare(sinks::Query& query, const sinks::WindowRange& range, const Windows& windows,
                     base::EventTime kept_from, Recounted& recounted) {
    static const drivers::tables::TimeZone kUtc;
    const auto rows = query.windows(range);
    if (!rows) return rows.error();
    for (const auto& [start, row] : rows.value()) {
        if (row.summary.count == 0) continue;
        if (start < kept_from) {
            ++recounted.windows_passed;
            continue;
        }
        ++recounted.windows;
        const auto found = windows.find({range.span, start});
        const auto why = difference(found == windows.end() ? Counted{} : found->second, row);
        if (why.empty() || recounted.differences.size() >= kDifferencesMax) continue;
        recounted.differences.push_back(fmt::format("{}/{}, {} s from {}: {}", range.node,
                                                    range.series, range.span.count() / 1'000,
                                                    text::rfc3339(start, kUtc), why));
    }
    return base::Done{};
}

}  // namespace

base::Result<Recounted> recount_series(sinks::Query& query, const engine::SeriesRow& series,
                                       const std::vector<base::Duration>& spans,
                                       base::EventTime from, base::EventTime to) {
    Recounted recounted;
    const sinks::ReadingRange range{
        .node = series.node, .series = series.declared.series, .from = from, .to = to};
    const auto extent = query.reading_extent(range);
    if (!extent) return extent.error();
    const bool is_whole = extent.value().first_at && extent.value().summarised == 0;
    // Within the hour in which the first was kept others may not have been.
    const auto kept_from =
        is_whole ? engine::hour_start(*extent.value().first_at) + engine::kBlockSpan : to;
    const auto windows = is_whole ? count(query, range, spans, recounted) : Windows{};
    if (!windows) return windows.error();
    for (const auto span : spans) {
        const sinks::WindowRange rows{.node = range.node,
                                      .series = range.series,
                                      .span = span,
                                      .from = from,
                                      .to = to,
                                      .rows_max = static_cast<std::size_t>((to - from) / span) + 1};
        auto compared = compare(query, rows, windows.value(), kept_from, recounted);
        if (!compared) return compared.error();
    }
    return recounted;
}

}  // namespace jobs
