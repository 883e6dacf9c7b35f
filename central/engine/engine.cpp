#include "central/engine/engine.hpp"

#include <algorithm>
#include <array>

#include "base/ensure.hpp"
#include "central/engine/fold.hpp"
#include "central/engine/step.hpp"
#include "wire/limits.hpp"

namespace engine {

namespace {

constexpr std::array<std::string_view, kRefusalKinds> kRefusalTexts{
    "malformed", "unplaced", "series_limit", "unmergeable", "out_of_range", "conflict"};

/// How far a column's times reach: what may advance the watermark, and how many lie in the future.
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

/// A partial speaks for its start only: it may have been sent before its span was over.
Reach reach_of(const wire::PartialColumn& column, base::EventTime at, base::EventTime limit) {
    Reach reach;
    for (std::size_t i = 0; i < column.dt_ms.size(); ++i) {
        reach.add(at + base::Duration{column.dt_ms[i]}, limit, column.summaries[i].count);
    }
    return reach;
}

void extend(SeriesRow& row, const Run& run) {
    row.readings += run.summary.count;
    if (!row.first_at || run.first_at < *row.first_at) row.first_at = run.first_at;
    if (row.last_at && run.last_at < *row.last_at) return;
    row.last_at = run.last_at;
    row.last_value = run.summary.last;
}

/// The clock of whoever stamped the record; nothing when it has no time.
std::optional<wire::ClockState> clock_of(const wire::Record& record) {
    if (const auto* data = std::get_if<wire::Data>(&record.body)) return data->clock;
    if (const auto* fault = std::get_if<wire::SensorFault>(&record.body)) return fault->clock;
    return std::nullopt;
}

}  // namespace

std::string_view to_text(RefusalKind kind) {
    return kRefusalTexts.at(static_cast<std::size_t>(kind));
}

base::Status check(const EngineOptions& options) {
    const auto wrong = [](const char* what) {
        return base::Error{base::Fault::misconfigured, what};
    };
    if (options.spans.empty()) return wrong("there must be at least one window length");
    for (std::size_t i = 0; i < options.spans.size(); ++i) {
        if (options.spans[i] <= base::Duration::zero()) return wrong("a window has no length");
        if (i == 0) continue;
        if (options.spans[i] <= options.spans[i - 1] ||
            options.spans[i] % options.spans[i - 1] != base::Duration::zero()) {
            return wrong("each window length must divide the next");
        }
    }
    if (options.watermark_bound < base::Duration::zero()) return wrong("the bound is negative");
    if (options.rows_max == 0 || options.nodes_max == 0) return wrong("a limit is 0");
    return base::Done{};
}

Engine::Engine(EngineOptions options, Memory& memory)
    : options_(std::move(options)),
      memory_(memory),
      roster_(memory),
      rows_(options_.spans, options_.rows_max, memory),
      boots_(memory) {
    ENSURE(check(options_));
}

base::Result<Outcome> Engine::apply(const Arrival& arrival,
                                    const base::Result<wire::Record>& decoded) {
    auto node = meet(arrival);
    if (!node) return node.error();
    auto step = begin(arrival, *node.value());
    if (!decoded) {
        step.refuse(RefusalKind::malformed, decoded.error().detail);
        return finish(step);
    }
    const auto& record = decoded.value();
    step.origin = record.origin;
    if (const auto clock = clock_of(record)) step.node.row.clock = *clock;
    const auto boot = boot_counted_from(record);
    auto taken = boot ? take_since_boot(step, record, std::string{*boot})
                      : std::visit([&](const auto& body) { return take(step, body); }, record.body);
    if (!taken) return taken.error();
    return finish(step);
}

Engine::Step Engine::begin(const Arrival& arrival, Node& node) const {
    return {.arrival = arrival,
            .node = node,
            .watermark = watermark(arrival.node),
            .origin = {},
            .outcome = {},
            .refusals = {}};
}

Outcome Engine::finish(const Step& step) {
    if (step.outcome.refused) {
        quarantine(step.arrival, {.kind = *step.outcome.refused, .detail = step.refusals});
    }
    return step.outcome;
}

base::Status Engine::lose(const Arrival& arrival, std::uint64_t from) {
    ENSURE(from <= arrival.mark.seq);
    auto node = meet(arrival);
    if (!node) return node.error();
    node.value()->row.lost_records += arrival.mark.seq - from + 1;
    gaps_.push_back({.node = arrival.node,
                     .incarnation = arrival.incarnation,
                     .from = from,
                     .to = arrival.mark.seq,
                     .reason = "lost",
                     .readings = {},
                     .first_at = {},
                     .last_at = {}});
    return base::Done{};
}

base::Status Engine::pass(const Arrival& arrival) {
    auto node = meet(arrival);
    if (!node) return node.error();
    return base::Done{};
}

void Engine::quarantine(const Arrival& arrival, const Refusal& refusal) {
    quarantined_.push_back({.node = arrival.node,
                            .incarnation = arrival.incarnation,
                            .seq = arrival.mark.seq,
                            .line = std::string{arrival.line},
                            .reason = std::string{to_text(refusal.kind)} + ": " + refusal.detail,
                            .received = arrival.received});
}

base::Result<Node*> Engine::meet(const Arrival& arrival) {
    auto node = roster_.node(arrival.node);
    if (!node) return node.error();
    auto& row = node.value()->row;
    row.incarnation = arrival.incarnation;
    row.applied = arrival.mark;
    row.stored_at = arrival.received;
    roster_.touch(*node.value());
    return node.value();
}

std::optional<base::EventTime> Engine::watermark(std::string_view name) const {
    const auto* node = roster_.find(name);
    if (node == nullptr || !node->row.newest) return std::nullopt;
    return *node->row.newest - options_.watermark_bound;
}

void Engine::advance(Step& step, base::EventTime at) const {
    auto& newest = step.node.row.newest;
    newest = newest ? std::max(*newest, at) : at;
}

base::Status Engine::take(Step& step, const wire::Data& data) {
    for (const auto& column : data.columns) {
        if (auto taken = take_column(step, data, column); !taken) return taken;
    }
    return base::Done{};
}

base::Status Engine::take_column(Step& step, const wire::Data& data, const wire::Column& column) {
    const auto* raw = std::get_if<wire::RawColumn>(&column.points);
    const auto* partial = std::get_if<wire::PartialColumn>(&column.points);
    const auto& spans = options_.spans;
    const auto lie = data.clock == wire::ClockState::boot ? Lie::placed : Lie::aligned;
    const auto refusal =
        raw != nullptr ? refusal_of(*raw) : refusal_of(*partial, data.at, spans, lie);
    if (refusal) {
        step.refuse(refusal->kind, column.series + ": " + refusal->detail);
        return base::Done{};
    }
    auto* series = roster_.series(step.node, column.series, options_.series_per_node_max);
    if (series == nullptr) {
        step.refuse(RefusalKind::series_limit, column.series + ": the node has too many series");
        return base::Done{};
    }
    roster_.touch(*series);
    const auto limit = step.arrival.received + options_.future_max;
    Reach reach;
    std::size_t first_span = 0;
    if (raw != nullptr) {
        reach = reach_of(*raw, data.at, limit);
        fold(*raw, data.at, spans.front(), runs_);
    } else {
        reach = reach_of(*partial, data.at, limit);
        fold(*partial, data.at, runs_);
        while (spans[first_span] < partial->span) ++first_span;
    }
    for (const auto& run : runs_) {
        if (auto merged = merge(step, *series, run, first_span); !merged) return merged;
    }
    step.outcome.future += reach.future;
    if (reach.newest) advance(step, *reach.newest);
    return base::Done{};
}

base::Status Engine::merge(Step& step, Series& series, const Run& run, std::size_t first_span) {
    auto& outcome = step.outcome;
    bool is_coarse = first_span > 0;
    for (std::size_t i = first_span; i < options_.spans.size(); ++i) {
        const auto start = window_start(run.first_at, options_.spans[i]);
        auto row = rows_.change(i, series, start);
        if (!row) return row.error();
        const auto last = start + options_.spans[i] - base::Duration{1};
        is_coarse |= run.last_at > last;
        row.value()->merge({.first_at = run.first_at,
                            .last_at = std::min(run.last_at, last),
                            .summary = run.summary});
        if (!step.watermark || start + options_.spans[i] > *step.watermark) continue;
        row.value()->late += run.summary.count;
        if (i == first_span) outcome.late += run.summary.count;
    }
    if (is_coarse) outcome.coarse += run.summary.count;
    outcome.readings += run.summary.count;
    extend(series.row, run);
    return base::Done{};
}

base::Status Engine::take(Step& step, const wire::SeriesDeclaration& declaration) {
    auto* series = roster_.series(step.node, declaration.series, options_.series_per_node_max);
    if (series == nullptr) {
        step.refuse(RefusalKind::series_limit,
                    declaration.series + ": the node has too many series");
        return base::Done{};
    }
    series->row.declared = declaration;
    roster_.touch(*series);
    return base::Done{};
}

base::Status Engine::take(Step& step, const wire::Gap& gap) {
    const auto& origin = step.origin;
    const auto own = origin ? origin->seq : step.arrival.mark.seq;
    // A damaged record is told of by one in its place.
    const bool is_in_its_place = origin && gap.reason == wire::GapReason::corrupt && gap.to == own;
    if (gap.to >= own && !is_in_its_place) {
        step.refuse(RefusalKind::out_of_range, "a gap reaches its own record or one after it");
        return base::Done{};
    }
    // Some of its records may have been partials.
    constexpr auto kReadingsMax = wire::kRecordReadingsMax * kPartialReadingsMax;
    if (gap.readings / kReadingsMax > gap.to - gap.from) {
        step.refuse(RefusalKind::out_of_range, "a gap has more readings than its records hold");
        return base::Done{};
    }
    gaps_.push_back({.node = step.arrival.node,
                     .incarnation = origin ? origin->incarnation : step.arrival.incarnation,
                     .from = gap.from,
                     .to = gap.to,
                     .reason = std::string{wire::to_text(gap.reason)},
                     .readings = gap.readings,
                     .first_at = gap.first,
                     .last_at = gap.last});
    return base::Done{};
}

/// Says nothing of how far the node's readings are: a source with a clock of its own may be in
/// another year than whoever stamps its faults. So it moves no watermark.
base::Status Engine::take(Step& step, const wire::SensorFault& fault) {
    ++step.outcome.faults;
    const std::string prefix = fault.sensor + ".";
    auto& all = step.node.series;
    for (auto it = all.lower_bound(prefix); it != all.end() && it->first.starts_with(prefix);
         ++it) {
        for (std::size_t i = 0; i < options_.spans.size(); ++i) {
            auto row = rows_.change(i, *it->second, window_start(fault.at, options_.spans[i]));
            if (!row) return row.error();
            ++row.value()->failed;
        }
    }
    return base::Done{};
}

Changes Engine::take_changes() {
    Changes changes;
    rows_.take(roster_, changes.windows);
    roster_.take(changes);
    boots_.take(changes);
    changes.gaps = std::move(gaps_);
    changes.quarantined = std::move(quarantined_);
    changes.unplaced = std::move(unplaced_);
    changes.placed = std::move(placed_);
    clear_lists();
    if (roster_.nodes() > options_.nodes_max) forget();
    return changes;
}

void Engine::forget() {
    rows_.forget();
    roster_.forget();
    boots_.forget();
    clear_lists();
    may_place_ = true;
}

void Engine::clear_lists() {
    gaps_.clear();
    quarantined_.clear();
    unplaced_.clear();
    placed_.clear();
}

}  // namespace engine
