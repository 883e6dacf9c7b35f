#include "central/jobs/kinds/recounted_series.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

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

void note(const sinks::WindowRange& range, base::EventTime start, const std::string& why,
          Recounted& recounted) {
    ++recounted.windows;
    if (why.empty() || recounted.differences.size() >= kDifferencesMax) return;
    recounted.differences.push_back(fmt::format("{}/{}, {} s from {}: {}", range.node, range.series,
                                                range.span.count() / 1'000, text::rfc3339(start),
                                                why));
}

/// Both ways: a window that is stored, and one that should be.
base::Status compare(sinks::Query& query, const sinks::WindowRange& range, Windows& windows,
                     base::EventTime kept_from, Recounted& recounted) {
    const auto rows = query.windows(range);
    if (!rows) return rows.error();
    for (const auto& [start, row] : rows.value()) {
        const auto counted = windows.extract({range.span, start});
        if (row.summary.count == 0 && counted.empty()) continue;
        if (start < kept_from) {
            ++recounted.windows_passed;
            continue;
        }
        note(range, start, difference(counted.empty() ? Counted{} : counted.mapped(), row),
             recounted);
    }
    for (const auto& [key, counted] : windows) {
        if (key.first != range.span || key.second < kept_from) continue;
        note(range, key.second,
             fmt::format("none is stored, counted again it has {} readings", counted.summary.count),
             recounted);
    }
    return base::Done{};
}

}  // namespace

base::EventTime kept_from(base::EventTime oldest,
                          const std::optional<base::EventTime>& removed_to) {
    const auto first = removed_to ? std::max(oldest, *removed_to) : oldest;
    return engine::hour_start(first) + engine::kBlockSpan;
}

base::Result<Recounted> recount_series(sinks::Query& query, const engine::SeriesRow& series,
                                       const std::vector<base::Duration>& spans,
                                       base::EventTime from, base::EventTime to,
                                       base::EventTime kept_from) {
    Recounted recounted;
    const sinks::ReadingRange range{
        .node = series.node, .series = series.declared.series, .from = from, .to = to};
    const auto extent = query.reading_extent(range);
    if (!extent) return extent.error();
    const bool is_whole = extent.value().first_at && extent.value().summarised == 0;
    if (!is_whole) kept_from = to;
    auto counted = is_whole ? count(query, range, spans, recounted) : Windows{};
    if (!counted) return counted.error();
    auto windows = std::move(counted).value();
    for (const auto span : spans) {
        const sinks::WindowRange rows{.node = range.node,
                                      .series = range.series,
                                      .span = span,
                                      .from = from,
                                      .to = to,
                                      .rows_max = static_cast<std::size_t>((to - from) / span) + 1};
        const auto horizon = query.kept_from(span);
        if (!horizon) return horizon.error();
        const auto first = std::max(kept_from, horizon.value().value_or(kept_from));
        auto compared = compare(query, rows, windows, first, recounted);
        if (!compared) return compared.error();
    }
    return recounted;
}

}  // namespace jobs
