#pragma once

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "central/sinks/query.hpp"

namespace api_test {

inline std::vector<sinks::StoredSpan> stored(
    const std::vector<base::Duration>& spans,
    const std::map<base::Duration, base::EventTime>& horizons) {
    std::vector<sinks::StoredSpan> all;
    for (const auto span : spans) {
        const auto horizon = horizons.find(span);
        all.push_back({.span = span, .kept_from = {}});
        if (horizon != horizons.end()) all.back().kept_from = horizon->second;
    }
    return all;
}

/// What a store with these findings answers, as the real one: the newest numbers first.
inline std::vector<sinks::FindingRow> chosen(const std::vector<sinks::FindingRow>& all,
                                             const sinks::FindingRange& range) {
    std::vector<sinks::FindingRow> rows;
    for (auto row = all.rbegin(); row != all.rend(); ++row) {
        const auto& finding = row->finding;
        if (rows.size() == range.rows_max || row->id >= range.before.value_or(1 << 30)) continue;
        if (!range.node.empty() && row->node != range.node) continue;
        if (!range.series.empty() && row->series != range.series) continue;
        if (finding.from >= range.to || (finding.ended && *finding.ended < range.from)) continue;
        if (range.is_open && *range.is_open == finding.ended.has_value()) continue;
        rows.push_back(*row);
    }
    return rows;
}

/// The stretches that a range means; `rows` are in order.
inline std::vector<engine::Stretch> chosen(std::vector<engine::Stretch> rows,
                                           const sinks::StretchRange& range) {
    if (!range.is_oldest_first) std::reverse(rows.begin(), rows.end());
    std::vector<engine::Stretch> found;
    for (const auto& row : rows) {
        const bool is_meant = row.from >= range.from && row.from < range.to;
        if (is_meant && found.size() < range.rows_max) found.push_back(row);
    }
    return found;
}

/// The gaps of a node that touch [from, to), and those without times.
inline std::vector<engine::GapRow> gaps_in(const std::vector<engine::GapRow>& all,
                                           const std::string& node, base::EventTime from,
                                           base::EventTime to) {
    std::vector<engine::GapRow> rows;
    for (const auto& row : all) {
        const bool overlaps = !row.first_at || (*row.first_at < to && *row.last_at >= from);
        if (row.node == node && overlaps) rows.push_back(row);
    }
    return rows;
}

/// The starts of the first and the last window in the range in which readings failed.
template <class Windows>
std::optional<std::pair<base::EventTime, base::EventTime>> failures_in(
    const Windows& windows, const sinks::WindowRange& range) {
    std::optional<std::pair<base::EventTime, base::EventTime>> found;
    for (const auto& [start, row] : windows) {
        if (row.failed == 0 || start < range.from || start >= range.to) continue;
        found = {found ? found->first : start, start};
    }
    return found;
}

}  // namespace api_test
