#include "central/engine/window_counter.hpp"

#include <algorithm>

#include "central/engine/fold.hpp"
#include "central/engine/step.hpp"
#include "central/engine/watermark.hpp"

namespace engine {

namespace {

const Refusal kTooManySeries{RefusalKind::series_limit, "the node has too many series"};

/// What a reading that arrives now is judged by.
validation::Circumstances around(const SeriesRow& row, const Arrival& arrival) {
    validation::Circumstances around{.unit = {}, .received = arrival.received, .before = {}};
    if (is_declared(row)) around.unit = row.declared.unit;
    if (row.last_at) around.before = {.at = *row.last_at, .value = row.last_value};
    return around;
}

/// What one was judged by that was set aside.
validation::Circumstances around(const validation::SetAside& earlier, const Arrival& arrival) {
    return {.unit = earlier.unit, .received = arrival.received, .before = earlier.before};
}

/// Nodes tell of failures behind the readings of their time, by so much at most. Of an earlier time
/// the readings are not judged any more: alone, a few failures would be most of the reads.
constexpr base::Duration kFailuresWait = std::chrono::minutes{10};

/// How far a column reaches: its newest time that may advance the watermark, and how many readings
/// lie in the future.
struct Reach {
    std::optional<base::EventTime> newest;
    std::uint64_t future = 0;

    void add(base::EventTime t, base::EventTime limit, std::uint64_t readings) {
        if (t > limit) {
            future += readings;
        } else {
            newest = newest ? std::max(*newest, t) : t;
        }
    }
};

Reach reach_of(const wire::RawColumn& column, base::EventTime at, base::EventTime limit) {
    Reach reach;
    for (const auto dt : column.dt_ms) reach.add(at + base::Duration{dt}, limit, 1);
    return reach;
}

/// Only the start of a partial counts, as it may have been sent before its span was over.
Reach reach_of(const wire::PartialColumn& column, base::EventTime at, base::EventTime limit) {
    Reach reach;
    for (std::size_t i = 0; i < column.dt_ms.size(); ++i) {
        reach.add(at + base::Duration{column.dt_ms[i]}, limit, column.summaries[i].count);
    }
    return reach;
}

void note_ahead(SeriesRow& row, base::EventTime at, double value, std::uint64_t readings) {
    auto& ahead = row.ahead ? *row.ahead : row.ahead.emplace();
    if (ahead.readings == 0 || at >= ahead.at) {
        ahead.at = at;
        ahead.value = value;
    }
    ahead.readings += readings;
}

/// A newest reading that is more than a day ahead even now comes from a database in which the
/// future could still be the newest. It gives way.
void set_newest_aside(SeriesRow& row, base::EventTime limit) {
    if (!row.last_at || *row.last_at <= limit + std::chrono::hours{24}) return;
    note_ahead(row, *row.last_at, row.last_value, 1);
    row.last_at.reset();
}

/// No newest reading is later than `limit`, not even the end of a partial that is not over yet.
void extend(SeriesRow& row, const Run& run, base::EventTime limit) {
    row.readings += run.summary.count;
    if (run.is_ahead) return note_ahead(row, run.last_at, run.summary.last, run.summary.count);
    set_newest_aside(row, limit);
    if (!row.first_at || run.first_at < *row.first_at) row.first_at = run.first_at;
    const auto at = std::min(run.last_at, limit);
    if (row.last_at && at < *row.last_at) return;
    row.last_at = at;
    row.last_value = run.summary.last;
}

/// A series has a column for each reason.
std::string part_of(const wire::FailedColumn& column) {
    return column.series + " " + column.reason;
}

}  // namespace

base::Status WindowCounter::count(Step& step, const wire::Data& data) {
    step.clock = data.clock;
    for (const auto& column : data.columns) {
        const auto earlier = step.set_aside_of(column.series);
        if (earlier.empty() && !step.concerns(column.series)) continue;
        if (auto counted = count_column(step, data, column, earlier); !counted) return counted;
    }
    return base::Done{};
}

base::Status WindowCounter::count_column(Step& step, const wire::Data& data,
                                         const wire::Column& column,
                                         const std::vector<validation::SetAside>& earlier) {
    // What is placed is never moved again.
    const auto at = earlier.empty() ? data.at : earlier.front().at;
    const auto* raw = std::get_if<wire::RawColumn>(&column.points);
    const auto* partial = std::get_if<wire::PartialColumn>(&column.points);
    const auto lie = data.clock == wire::ClockState::boot ? Lie::placed : Lie::aligned;
    const auto refusal =
        raw != nullptr ? refusal_of(*raw) : refusal_of(*partial, at, options_.spans, lie);
    if (refusal) {
        step.refuse_column(column.series, earlier, *refusal);
        return base::Done{};
    }
    auto* series = roster_.series(step.node, column.series, options_.series_per_node_max);
    if (series == nullptr) {
        step.refuse_column(column.series, earlier, kTooManySeries);
        return base::Done{};
    }
    roster_.touch(*series);
    if (earlier.empty() && rule_of(*series) == nullptr) {
        return count_points(step, *series, at, column.points);
    }
    return sift(step, *series,
                {.column = column,
                 .at = at,
                 .limit = step.arrival.received + options_.future_max,
                 .around = earlier.empty() ? around(series->row, step.arrival)
                                           : around(earlier.front(), step.arrival)},
                earlier);
}

base::Status WindowCounter::sift(Step& step, Series& series, const validation::Judged& judged,
                                 const std::vector<validation::SetAside>& earlier) {
    static const validation::Rule kNoRule;
    const auto* rule = rule_of(series);
    const auto sifted = validation::sift(judged, rule != nullptr ? *rule : kNoRule, earlier);
    if (earlier.empty() && sifted.is_clean()) {
        return count_points(step, series, judged.at, judged.column.points);
    }
    if (earlier.empty()) {
        for (const auto& one : sifted.broken) {
            step.outcome.set_aside.at(static_cast<std::size_t>(one.breach)) += one.readings;
        }
    }
    if (auto set = set_aside(step, series, judged, sifted); !set) return set;
    return count_points(step, series, judged.at, sifted.passed);
}

/// What is not in its time belongs to no window that is known, and moves no watermark.
base::Status WindowCounter::set_aside(Step& step, Series& series, const validation::Judged& judged,
                                      const validation::Sifted& sifted) {
    const auto* partial = std::get_if<wire::PartialColumn>(&judged.column.points);
    const auto span = partial != nullptr ? partial->span : base::Duration::zero();
    for (const auto& [at, breach, readings] : sifted.healed) {
        if (breach == validation::Breach::time) continue;
        const auto reason = validation::window_reason(breach);
        if (auto healed = heal(series, at, span, reason, readings); !healed) return healed;
    }
    for (const auto& [at, breach, readings] : sifted.broken) {
        if (breach == validation::Breach::time) continue;
        const auto reason = validation::window_reason(breach);
        if (auto failed = fail(series, at, span, reason, readings); !failed) return failed;
        if (at <= judged.limit) advance(step.node.row, at);
    }
    if (sifted.aside.empty()) return base::Done{};
    step.add_refusal(kind_of(sifted.aside.front().breach),
                     judged.column.series + ": " + sifted.why);
    for (const auto& aside : sifted.aside) step.parts.push_back(validation::to_text(aside));
    return base::Done{};
}

const validation::Rule* WindowCounter::rule_of(Series& series) const {
    if (options_.rules.empty()) return nullptr;
    if (!series.is_rule_known) {
        const auto& declared = series.row.declared;
        auto rule = options_.rules.of(series.row.node, declared.series, declared.quantity);
        series.rule = rule ? std::make_unique<validation::Rule>(std::move(*rule)) : nullptr;
        series.is_rule_known = true;
    }
    return series.rule.get();
}

base::Status WindowCounter::count_points(Step& step, Series& series, base::EventTime at,
                                         const validation::Points& points) {
    const auto* raw = std::get_if<wire::RawColumn>(&points);
    const auto* partial = std::get_if<wire::PartialColumn>(&points);
    const auto& spans = options_.spans;
    const auto limit = step.arrival.received + options_.future_max;
    if (kind_of(series.row.declared) != SeriesKind::measure) {
        if (auto told = tell(step, series, at, points); !told) return told;
    }
    if (options_.singles.keeps(series.row.declared.quantity)) {
        const Readings::Owner owner{
            .id = series.id, .node = series.row.node, .series = series.row.declared.series};
        const auto origin = step.reading_origin();
        std::visit([&](const auto& column) { readings_.add(owner, origin, column, at, limit); },
                   points);
    }
    Reach reach;
    std::size_t first_span = 0;
    if (raw != nullptr) {
        reach = reach_of(*raw, at, limit);
        fold(*raw, at, spans.front(), limit, keeps_sketches(), runs_);
    } else {
        reach = reach_of(*partial, at, limit);
        fold(*partial, at, limit, runs_);
        while (spans[first_span] < partial->span) ++first_span;
    }
    for (auto& run : runs_) {
        if (auto merged = merge(step, series, std::move(run), first_span); !merged) return merged;
    }
    step.outcome.future += reach.future;
    if (reach.newest) advance(step.node.row, *reach.newest);
    return base::Done{};
}

/// Readings that were counted before there was a course are not in it.
base::Status WindowCounter::tell(Step& step, Series& series, base::EventTime at,
                                 const validation::Points& points) {
    auto& row = series.row;
    if (row.course_since.value_or(kNever) == kNever) {
        row.course_since = kAlways;
        if (row.last_at) row.course_since = *row.last_at + base::Duration{1};
        if (row.ahead) {
            row.course_since = std::max(*row.course_since, row.ahead->at + base::Duration{1});
        }
    }
    const Courses::Owner owner{
        .id = series.id, .node = row.node, .declared = row.declared, .since = *row.course_since};
    const auto crowded =
        std::visit([&](const auto& column) { return courses_.add(owner, column, at); }, points);
    if (!crowded) return crowded.error();
    step.outcome.crowded += crowded.value();
    return base::Done{};
}

base::Status WindowCounter::merge(Step& step, Series& series, Run run, std::size_t first_span) {
    auto& outcome = step.outcome;
    bool is_coarse = first_span > 0;
    const auto last_at = run.last_at;
    for (std::size_t i = first_span; i < options_.spans.size(); ++i) {
        const auto start = window_start(run.first_at, options_.spans[i]);
        auto row = rows_.change(i, series, start);
        if (!row) return row.error();
        const auto last = start + options_.spans[i] - base::Duration{1};
        is_coarse |= last_at > last;
        run.last_at = std::min(last_at, last);
        const bool is_late = has_passed(step.watermark, start + options_.spans[i]);
        if (is_late && i == first_span) outcome.late += run.summary.count;
        if (row.value() == nullptr) {
            if (i == first_span) outcome.outdated += run.summary.count;
            continue;
        }
        row.value()->merge(run, keeps_sketch(options_.spans[i]));
        if (is_late) row.value()->late += run.summary.count;
        if (i == closing_.span()) closing_.open(series, start, step.watermark);
    }
    if (is_coarse) outcome.coarse += run.summary.count;
    outcome.readings += run.summary.count;
    run.last_at = last_at;
    extend(series.row, run, step.arrival.received + options_.future_max);
    return base::Done{};
}

base::Status WindowCounter::count(Step& step, const wire::Failed& failed) {
    for (const auto& column : failed.columns) {
        if (auto counted = count_column(step, failed, column); !counted) return counted;
    }
    return base::Done{};
}

base::Status WindowCounter::count_column(Step& step, const wire::Failed& failed,
                                         const wire::FailedColumn& column) {
    const auto part = part_of(column);
    if (!step.concerns(part)) return base::Done{};
    const auto lie = failed.clock == wire::ClockState::boot ? Lie::placed : Lie::aligned;
    if (const auto refusal = refusal_of(column, failed, options_.spans, lie)) {
        step.refuse_part(part, *refusal);
        return base::Done{};
    }
    if (!wire::is_series_name(column.series)) return count_sensor(step, failed, column);
    auto* series = roster_.series(step.node, column.series, options_.series_per_node_max);
    if (series == nullptr) {
        step.refuse_part(part, kTooManySeries);
        return base::Done{};
    }
    return count_failed(step, failed, column, *series);
}

/// Every series that the sensor is known to have gets the count. Without any there is no window
/// that it could be in.
base::Status WindowCounter::count_sensor(Step& step, const wire::Failed& failed,
                                         const wire::FailedColumn& column) {
    const std::string prefix = column.series + ".";
    auto& all = step.node.series;
    auto it = all.lower_bound(prefix);
    if (it == all.end() || !it->first.starts_with(prefix)) {
        for (const auto count : column.counts) step.outcome.homeless += count;
        return base::Done{};
    }
    for (; it != all.end() && it->first.starts_with(prefix); ++it) {
        if (auto counted = count_failed(step, failed, column, *it->second); !counted) {
            return counted;
        }
    }
    return base::Done{};
}

base::Status WindowCounter::count_failed(Step& step, const wire::Failed& failed,
                                         const wire::FailedColumn& column, Series& series) {
    roster_.touch(series);
    for (std::size_t i = 0; i < column.counts.size(); ++i) {
        const auto at = failed.at + base::Duration{column.dt_ms[i]};
        if (auto counted = fail(series, at, failed.span, column.reason, column.counts[i]);
            !counted) {
            return counted;
        }
        const bool is_ahead = at > step.arrival.received + options_.future_max;
        const bool is_late = has_passed(step.watermark, at + failed.span + kFailuresWait);
        if (!is_ahead && !is_late) {
            auto judged = closing_.fail(series, at, column.counts[i], column.reason);
            if (!judged) return judged;
        }
        step.outcome.failed += column.counts[i];
    }
    return base::Done{};
}

base::Status WindowCounter::fail(Series& series, base::EventTime at, base::Duration least,
                                 const std::string& reason, std::uint64_t readings) {
    for (std::size_t i = 0; i < options_.spans.size(); ++i) {
        if (options_.spans[i] < least) continue;
        auto row = rows_.change(i, series, window_start(at, options_.spans[i]));
        if (!row) return row.error();
        if (row.value() != nullptr) row.value()->fail(reason, readings);
    }
    return base::Done{};
}

base::Status WindowCounter::heal(Series& series, base::EventTime at, base::Duration least,
                                 const std::string& reason, std::uint64_t readings) {
    for (std::size_t i = 0; i < options_.spans.size(); ++i) {
        if (options_.spans[i] < least) continue;
        const auto start = window_start(at, options_.spans[i]);
        auto row = rows_.change(i, series, start);
        if (!row) return row.error();
        if (row.value() == nullptr) continue;
        for (auto& gone : row.value()->heal(reason, readings)) {
            rows_.note_healed(i, series, start, std::move(gone));
        }
    }
    return base::Done{};
}

}  // namespace engine
