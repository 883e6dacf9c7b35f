#pragma once

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "central/engine/window.hpp"
#include "central/validation/rule.hpp"

/// An oracle for rules, with nothing of the code under test: columns as they were sent, what each
/// reading breaks, and the row that the others make.
namespace engine_test {

using namespace std::chrono_literals;
using validation::Breach;
using validation::Rule;

using SeriesKey = std::pair<std::string, std::string>;
using RuleMap = std::map<std::string, Rule>;
using Breaches = std::map<Breach, std::uint64_t>;

struct Newest {
    std::int64_t t;
    double value;
};

struct Item {
    std::int64_t t;
    std::int64_t span;  // Of a partial; 0 for a reading.
    wire::Summary summary;
    bool counts = false;
    Breach breach = Breach::range;  // When it does not count.
};

struct Column {
    SeriesKey key;
    std::int64_t received;
    std::optional<Newest> before;
    std::optional<std::string> unit;
    std::vector<Item> items;
};

inline std::optional<Breach> judge(const Item& item, const Column& column, const Rule& rule,
                                   const std::optional<Newest>& before) {
    if (rule.unit && column.unit && *rule.unit != *column.unit) return Breach::unit;
    if (rule.not_before && item.t < base::to_milliseconds(*rule.not_before)) return Breach::time;
    if (rule.ahead && item.t > column.received + rule.ahead->count()) return Breach::time;
    const auto& summary = item.summary;
    if (rule.least && summary.min < *rule.least) return Breach::range;
    if (rule.most && summary.max > *rule.most) return Breach::range;
    if (!rule.values.empty()) {
        const std::set<double> allowed(rule.values.begin(), rule.values.end());
        if (!allowed.contains(summary.min) || !allowed.contains(summary.max)) return Breach::value;
    }
    if (!rule.step || item.span > 0 || !before || item.t < before->t) return std::nullopt;
    const auto within = rule.step_within ? rule.step_within->count() : 600'000;
    if (item.t - before->t > within) return std::nullopt;
    if (std::abs(summary.min - before->value) > *rule.step) return Breach::step;
    return std::nullopt;
}

/// Judges what does not count yet; gives how many readings count now.
inline std::uint64_t walk(Column& column, const RuleMap& rules) {
    const auto found = rules.find(column.key.second);
    const Rule rule = found == rules.end() ? Rule{} : found->second;
    std::uint64_t counted = 0;
    auto before = column.before;
    for (auto& item : column.items) {
        if (!item.counts) {
            const auto breach = judge(item, column, rule, before);
            item.counts = !breach;
            if (breach) item.breach = *breach;
            if (item.counts) counted += item.summary.count;
        }
        if (!item.counts || item.span > 0) continue;
        if (!before || item.t >= before->t) before = Newest{item.t, item.summary.min};
    }
    return counted;
}

struct Expected {
    std::vector<const Item*> items;
    std::map<std::string, std::uint64_t> reasons;
};

inline engine::WindowRow row_of(const Expected& expected, base::Duration span) {
    engine::WindowRow row;
    for (const auto& [reason, readings] : expected.reasons) {
        row.failed += readings;
        row.reasons.push_back({reason, readings});
    }
    auto items = expected.items;
    std::sort(items.begin(), items.end(), [](auto* a, auto* b) { return a->t < b->t; });
    if (items.empty()) return row;
    const bool is_sketched =
        span >= 15min &&
        std::none_of(items.begin(), items.end(), [](const auto* item) { return item->span > 0; });
    if (is_sketched) row.sketch.emplace();
    auto& summary = row.summary;
    summary.min = items.front()->summary.min;
    summary.max = items.front()->summary.max;
    summary.first = items.front()->summary.first;
    row.first_at = base::from_milliseconds(items.front()->t);
    for (const auto* item : items) {
        summary.count += item->summary.count;
        summary.sum += item->summary.sum;
        summary.sumsq += item->summary.sumsq;
        summary.min = std::min(summary.min, item->summary.min);
        summary.max = std::max(summary.max, item->summary.max);
        const auto end =
            base::from_milliseconds(item->span > 0 ? item->t + item->span - 1 : item->t);
        if (is_sketched) row.sketch->add(item->summary.min);
        if (end < row.last_at && item != items.front()) continue;
        row.last_at = end;
        summary.last = item->summary.last;
    }
    return row;
}

}  // namespace engine_test
