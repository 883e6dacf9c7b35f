#include "central/engine/engine.hpp"

#include <array>

#include "base/ensure.hpp"
#include "central/engine/fold.hpp"
#include "central/engine/step.hpp"
#include "central/engine/watermark.hpp"
#include "wire/limits.hpp"

namespace engine {

namespace {

constexpr std::array<std::string_view, kRefusalKinds> kRefusalTexts{
    "malformed", "unplaced",  "series_limit", "unmergeable", "out_of_range", "conflict",
    "rule_unit", "rule_time", "rule_range",   "rule_value",  "rule_step"};

/// The state of the clock that stamped the record; nothing when the record has no time.
std::optional<wire::ClockState> clock_of(const wire::Record& record) {
    return std::visit(
        [](const auto& body) -> std::optional<wire::ClockState> {
            if constexpr (requires { body.clock; }) return body.clock;
            return std::nullopt;
        },
        record.body);
}

dimensions::DeclaredPeriod period_of(const wire::SeriesDeclaration& declaration,
                                     base::EventTime since) {
    return {.since = since, .period = declaration.period, .also_between = declaration.also_between};
}

/// The newest of a node's records speaks of no time before the older ones, whatever its clock says.
base::EventTime after_all(const SeriesRow& row, base::EventTime at) {
    auto newest = row.periods.back().since;
    if (row.last_at) newest = std::max(newest, *row.last_at);
    return std::max(newest + base::Duration{1}, at);
}

/// Without a time of its own it holds for the readings after it.
void note_timeless(SeriesRow& row, const wire::SeriesDeclaration& declaration) {
    dimensions::note(row.periods, period_of(declaration, after_all(row, dimensions::kLongAgo)));
}

/// What held before is kept from the first change on.
void begin_periods(SeriesRow& row, const wire::SeriesDeclaration& next) {
    if (row.periods.empty()) {
        const auto before = period_of(row.declared, dimensions::kLongAgo);
        if (!is_declared(row) || before.is_alike(period_of(next, before.since))) return;
        row.periods.push_back(before);
    }
    if (!next.situation) note_timeless(row, next);
}

}  // namespace

std::string_view to_text(RefusalKind kind) {
    return kRefusalTexts.at(static_cast<std::size_t>(kind));
}

RefusalKind kind_of(validation::Breach breach) {
    return static_cast<RefusalKind>(static_cast<std::size_t>(RefusalKind::rule_unit) +
                                    static_cast<std::size_t>(breach));
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
      closing_(options_, rows_, memory),
      courses_(memory),
      counter_(options_, roster_, rows_, closing_, courses_, readings_),
      boots_(memory) {
    ENSURE(check(options_));
}

base::Result<Outcome> Engine::apply(const Arrival& arrival,
                                    const base::Result<wire::Record>& decoded) {
    auto node = move_mark(arrival);
    if (!node) return node.error();
    auto step = begin(arrival, *node.value());
    if (!decoded) {
        step.refuse(RefusalKind::malformed, decoded.error().detail);
        return finish(step);
    }
    const auto& record = decoded.value();
    step.origin = record.origin;
    if (const auto clock = clock_of(record)) step.node.row.clock = *clock;
    if (auto accepted = accept_record(step, record); !accepted) return accepted.error();
    return finish(step);
}

/// A declaration counts at once, even if it has to wait for its time.
base::Status Engine::accept_record(Step& step, const wire::Record& record) {
    const auto* declaration = std::get_if<wire::SeriesDeclaration>(&record.body);
    if (declaration != nullptr && !declare(step, *declaration)) return base::Done{};
    const auto boot = boot_counted_from(record);
    if (!boot) return accept_body(step, record);
    auto accepted = accept_since_boot(step, record, std::string{*boot});
    const bool is_timeless = declaration != nullptr && step.outcome.refused.has_value();
    if (accepted && is_timeless) note_timeless(step, *declaration);
    return accepted;
}

/// Its time will not be known.
void Engine::note_timeless(Step& step, const wire::SeriesDeclaration& declaration) {
    auto* series = find_declared(step, declaration);
    if (series == nullptr || series->row.periods.empty() || step.is_retaken) return;
    engine::note_timeless(series->row, declaration);
}

Step Engine::begin(const Arrival& arrival, Node& node) const {
    return {.arrival = arrival,
            .node = node,
            .watermark = watermark(arrival.node),
            .origin = {},
            .outcome = {},
            .refusals = {}};
}

base::Result<Outcome> Engine::finish(const Step& step) {
    if (auto closed = closing_.close(step.node, step.watermark); !closed) return closed.error();
    if (step.outcome.refused) {
        quarantine(step.arrival, {.kind = *step.outcome.refused, .detail = step.refusals});
        quarantined_.back().parts = step.parts;
    }
    return step.outcome;
}

base::Status Engine::declare_lost(const Arrival& arrival, std::uint64_t from) {
    ENSURE(from <= arrival.mark.seq);
    auto node = move_mark(arrival);
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
    auto node = move_mark(arrival);
    if (!node) return node.error();
    return base::Done{};
}

void Engine::quarantine(const Arrival& arrival, const Refusal& refusal) {
    quarantined_.push_back({.node = arrival.node,
                            .incarnation = arrival.incarnation,
                            .seq = arrival.mark.seq,
                            .line = std::string{arrival.line},
                            .reason = std::string{to_text(refusal.kind)} + ": " + refusal.detail,
                            .received = arrival.received,
                            .parts = {}});
}

base::Result<Node*> Engine::move_mark(const Arrival& arrival) {
    auto node = find_node(arrival.node);
    if (!node) return node.error();
    auto& row = node.value()->row;
    row.incarnation = arrival.incarnation;
    row.applied = arrival.mark;
    row.stored_at = arrival.received;
    roster_.touch(*node.value());
    return node.value();
}

/// One that was not in use brings its windows that nobody has judged yet.
base::Result<Node*> Engine::find_node(const std::string& name) {
    const bool is_in_use = roster_.find(name) != nullptr;
    auto node = roster_.node(name);
    if (!node || is_in_use) return node;
    if (auto known = closing_.recall(*node.value()); !known) return known.error();
    return node;
}

std::optional<base::EventTime> Engine::watermark(std::string_view name) const {
    const auto* node = roster_.find(name);
    return node == nullptr ? std::nullopt : watermark_of(node->row, options_.watermark_bound);
}

base::Status Engine::accept_body(Step& step, const wire::Record& record) {
    return std::visit([&](const auto& body) { return accept(step, body); }, record.body);
}

base::Status Engine::accept(Step& step, const wire::Data& data) {
    return counter_.count(step, data);
}

base::Status Engine::accept(Step& step, const wire::Failed& failed) {
    return counter_.count(step, failed);
}

/// It is counted among the failures of its series.
base::Status Engine::accept(Step& step, const wire::SensorFault& /*fault*/) {
    ++step.outcome.faults;
    return base::Done{};
}

/// What it says of its series from a time on. A clock that is ahead cannot speak for the future.
base::Status Engine::accept(Step& step, const wire::SeriesDeclaration& declaration) {
    auto* series = declaration.situation ? find_declared(step, declaration) : nullptr;
    if (series == nullptr) return base::Done{};
    const auto& situation = *declaration.situation;
    const auto from = std::min(situation.at, step.arrival.received);
    if (!series->row.periods.empty()) {
        const bool is_newest = !step.is_retaken && !step.has_waited;
        const bool is_ahead = situation.at > step.arrival.received + options_.future_max;
        const auto at = is_ahead ? dimensions::kLongAgo : from;
        const auto since = is_newest ? after_all(series->row, at) : from;
        dimensions::note(series->row.periods, period_of(declaration, since));
    }
    statements_.push_back({.node = step.arrival.node,
                           .series = declaration.series,
                           .is_imported = false,
                           .from = from,
                           .to = {},
                           .location = situation.location,
                           .tags = situation.tags});
    return base::Done{};
}

/// Null when it is refused.
Series* Engine::find_declared(Step& step, const wire::SeriesDeclaration& declaration) {
    auto* series = roster_.series(step.node, declaration.series, options_.series_per_node_max);
    if (series != nullptr) {
        roster_.touch(*series);
    } else {
        step.refuse(RefusalKind::series_limit,
                    declaration.series + ": the node has too many series");
    }
    return series;
}

/// False when it is refused.
bool Engine::declare(Step& step, const wire::SeriesDeclaration& declaration) {
    auto* series = find_declared(step, declaration);
    if (series == nullptr) return false;
    if (step.is_retaken && !may_redeclare(*series)) return true;
    begin_periods(series->row, declaration);
    series->row.declared = declaration;
    if (kind_of(declaration) == SeriesKind::measure && series->row.course_since) {
        series->row.course_since = kNever;
    }
    series->row.declared.situation.reset();  // It is a statement of its own.
    series->is_rule_known = false;
    closing_.describe(*series);
    return true;
}

/// What a series was declared as since is newer than what comes out of quarantine, which comes in
/// its order.
bool Engine::may_redeclare(const Series& series) {
    const std::pair key{series.row.node, series.row.declared.series};
    if (is_declared(series.row) && !redeclared_.contains(key)) return false;
    redeclared_.insert(key);
    return true;
}

base::Status Engine::accept(Step& step, const wire::Gap& gap) {
    const auto& origin = step.origin;
    const auto own = origin ? origin->seq : step.arrival.mark.seq;
    // A damaged record is declared by one in its place.
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
    auto& row = gaps_.back();
    // Later than it was declared nothing can be missing for it.
    const auto limit = step.arrival.received + options_.future_max;
    if (row.first_at > limit) row.first_at = row.last_at = std::nullopt;
    if (row.last_at > limit) row.last_at = limit;
    return base::Done{};
}

Changes Engine::take_changes() {
    Changes changes;
    rows_.take_changes(roster_, changes);
    roster_.take_changes(changes);
    closing_.take_changes(changes);
    boots_.take_changes(changes);
    courses_.take_changes(changes.courses);
    readings_.take_changes(changes.readings);
    changes.gaps = std::move(gaps_);
    changes.quarantined = std::move(quarantined_);
    changes.statements = std::move(statements_);
    changes.unplaced = std::move(unplaced_);
    changes.placed = std::move(placed_);
    changes.retaken = std::move(retaken_);
    clear_lists();
    if (roster_.nodes() > options_.nodes_max) forget_rows();
    return changes;
}

void Engine::forget() {
    forget_rows();
    clear_lists();
    may_retake_ = true;
    retaken_up_to_ = 0;
    redeclared_.clear();
}

void Engine::forget_rows() {
    rows_.forget();
    closing_.forget();
    roster_.forget();
    boots_.forget();
    courses_.forget();
    readings_.forget();
    may_place_ = true;
}

void Engine::clear_lists() {
    gaps_.clear();
    quarantined_.clear();
    statements_.clear();
    unplaced_.clear();
    placed_.clear();
    retaken_.clear();
}

}  // namespace engine
