#include "central/engine/states/stretch.hpp"

#include <algorithm>
#include <chrono>

namespace engine {

namespace {

/// Without a period, readings of one record that are this near follow one another.
constexpr base::Duration kNear = std::chrono::minutes{1};

/// Cuts it at the ends of hours. All its readings are then in the first part.
void add_cut(Stretch whole, std::vector<Stretch>& stretches) {
    for (;;) {
        const auto end = sheet_start(whole.from) + kSheetSpan;
        if (whole.to < end) break;
        auto part = whole;
        part.to = end - base::Duration{1};
        part.last = whole.is_exact ? whole.last : whole.value;
        stretches.push_back(part);
        whole.from = end;
        whole.readings = 0;
    }
    stretches.push_back(whole);
}

Stretch one_reading(base::EventTime at, double value) {
    return {.from = at, .to = at, .value = value, .last = value, .readings = 1};
}

/// Whether there are as many readings as were due from the first to the last; the period is two
/// thirds of the reach.
bool is_dense(base::Duration length, std::uint64_t readings, std::optional<base::Duration> reach) {
    if (!reach || *reach <= base::Duration::zero()) return true;
    const auto periods = (3 * length + *reach) / (2 * *reach);
    return readings > static_cast<std::uint64_t>(periods);
}

}  // namespace

SeriesKind kind_of(const wire::SeriesDeclaration& declared) {
    if (declared.unit == "/" && declared.resolution == 1.0) return SeriesKind::state;
    return declared.also_between ? SeriesKind::on_change : SeriesKind::measure;
}

base::EventTime sheet_start(base::EventTime t) {
    auto within = t.time_since_epoch() % kSheetSpan;
    if (within < base::Duration::zero()) within += kSheetSpan;
    return t - within;
}

std::optional<base::Duration> reach_of(const wire::SeriesDeclaration& declared) {
    if (!declared.period) return std::nullopt;
    return *declared.period + *declared.period / 2;
}

std::vector<Stretch> stretches_of(const wire::RawColumn& column, base::EventTime at,
                                  std::optional<base::Duration> reach, base::EventTime since) {
    std::vector<Stretch> stretches;
    base::EventTime end;  // Of the hour of the newest.
    for (std::size_t i = 0; i < column.values.size(); ++i) {
        const auto t = at + base::Duration{column.dt_ms[i]};
        if (t < since) continue;
        auto* before = stretches.empty() ? nullptr : &stretches.back();
        const bool goes_on = before != nullptr && before->value == column.values[i] &&
                             before->to <= t && t < end && t - before->to <= reach.value_or(kNear);
        if (goes_on) {
            before->to = t;
            ++before->readings;
            continue;
        }
        stretches.push_back(one_reading(t, column.values[i]));
        end = sheet_start(t) + kSheetSpan;
    }
    return stretches;
}

std::vector<Stretch> stretches_of(const wire::PartialColumn& column, base::EventTime at,
                                  std::optional<base::Duration> reach, base::EventTime since) {
    std::vector<Stretch> stretches;
    const bool has_times = !column.first_dt_ms.empty();
    for (std::size_t i = 0; i < column.summaries.size(); ++i) {
        const auto& summary = column.summaries[i];
        const auto start = at + base::Duration{column.dt_ms[i]};
        Stretch stretch{.from = start,
                        .to = start + column.span - base::Duration{1},
                        .value = summary.first,
                        .last = summary.last,
                        .readings = summary.count,
                        .is_exact = false};
        if (has_times) {
            stretch.from = start + base::Duration{column.first_dt_ms[i]};
            stretch.to = start + base::Duration{column.last_dt_ms[i]};
            stretch.is_exact = summary.min == summary.max &&
                               is_dense(stretch.to - stretch.from, summary.count, reach);
        }
        if (stretch.from < since) continue;
        const bool are_two = has_times && summary.count == 2 && stretch.from < stretch.to;
        if (are_two) {
            stretches.push_back(one_reading(stretch.from, stretch.value));
            stretches.push_back(one_reading(stretch.to, stretch.last));
        } else {
            add_cut(stretch, stretches);
        }
    }
    return stretches;
}

}  // namespace engine
