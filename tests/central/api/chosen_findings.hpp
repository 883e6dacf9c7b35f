#pragma once

#include <vector>

#include "central/sinks/query.hpp"

namespace api_test {

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

}  // namespace api_test
