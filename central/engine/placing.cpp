#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "base/ensure.hpp"
#include "central/engine/engine.hpp"
#include "central/engine/step.hpp"

namespace engine {

namespace {

/// A clock that may be wrong by more ties nothing.
constexpr base::Duration kClockErrorMax = std::chrono::hours{24};

/// A forked node sends records again under new numbers: their old ones tell their order.
RecordPlace place_of(const Step& step) {
    if (step.origin) return {step.origin->incarnation, step.origin->seq};
    return {step.arrival.incarnation, step.arrival.mark.seq};
}

}  // namespace

/// A record of a boot that is tied to UTC counts at once; any other waits for that.
base::Status Engine::accept_since_boot(Step& step, const wire::Record& record,
                                       const std::string& name) {
    const auto boot = boots_.find(step.arrival.node, name);
    if (!boot) return boot.error();
    if (boot.value()->tie) return accept_placed(step, record, *boot.value()->tie);
    auto& node = step.node.row;
    if (node.unplaced >= options_.unplaced_per_node_max) {
        step.refuse(RefusalKind::unplaced,
                    fmt::format("no clock, and {} records of the node wait for one already",
                                node.unplaced));
        return base::Done{};
    }
    const auto changed = boots_.change(step.arrival.node, name);
    if (!changed) return changed.error();
    note_record(*changed.value(), place_of(step));
    ++changed.value()->unplaced;
    ++node.unplaced;
    ++step.outcome.waiting;
    unplaced_.push_back({.node = step.arrival.node,
                         .boot = name,
                         .incarnation = step.arrival.incarnation,
                         .seq = step.arrival.mark.seq,
                         .received = step.arrival.received,
                         .line = std::string{step.arrival.line}});
    return base::Done{};
}

base::Status Engine::accept_placed(Step& step, const wire::Record& record, const BootTie& tie) {
    const auto repaired = with_utc(record, tie);
    if (!repaired) {
        step.refuse(RefusalKind::out_of_range, "the clock record of its boot makes it no time");
        return base::Done{};
    }
    if (step.is_first()) ++step.outcome.placed;
    return accept_body(step, *repaired);
}

/// A clock record from the future shows that the node's clock is ahead. It must not move the
/// readings of a boot.
base::Status Engine::accept(Step& step, const wire::ClockSample& sample) {
    const auto& arrival = step.arrival;
    if (sample.utc > arrival.received + options_.future_max) {
        step.refuse(RefusalKind::out_of_range, "a clock record from the future");
        return base::Done{};
    }
    if (sample.error > kClockErrorMax) {
        step.refuse(RefusalKind::out_of_range, "a clock record that may be wrong by days");
        return base::Done{};
    }
    const BootTie tie{.since_boot = sample.since_boot, .utc = sample.utc, .error = sample.error};
    const auto known = boots_.find(arrival.node, sample.boot);
    if (!known) return known.error();
    if (!is_better(tie, known.value()->tie)) return base::Done{};
    const auto boot = boots_.change(arrival.node, sample.boot);
    if (!boot) return boot.error();
    boot.value()->tie = tie;
    note_record(*boot.value(), place_of(step));
    may_place_ = may_place_ || boot.value()->unplaced > 0;
    return base::Done{};
}

base::Result<std::vector<Placed>> Engine::place(std::size_t lines_max, std::size_t rows_max) {
    ENSURE(placed_.empty());
    std::vector<Placed> done;
    if (!may_place_) return done;
    const auto lines = memory_.placeable(lines_max);
    if (!lines) return lines.error();
    for (const auto& line : lines.value()) {
        if (pending() >= rows_max) break;
        const auto outcome = place(line);
        if (!outcome) return outcome.error();
        done.push_back({.node = line.node, .outcome = outcome.value()});
    }
    may_place_ = done.size() == lines_max || done.size() < lines.value().size();
    return done;
}

/// The record moved the node's mark when it arrived; only its readings are new.
base::Result<Outcome> Engine::place(const UnplacedLine& line) {
    auto node = find_node(line.node);
    if (!node) return node.error();
    const auto boot = boots_.change(line.node, line.boot);
    if (!boot) return boot.error();
    const Arrival arrival{.node = line.node,
                          .incarnation = line.incarnation,
                          .mark = {.seq = line.seq, .hash = {}},
                          .received = line.received,
                          .line = line.line};
    auto step = begin(arrival, *node.value());
    step.has_waited = true;
    const auto record = wire::decode_record(line.line);
    const bool is_good = record && boot_counted_from(record.value()) && boot.value()->tie;
    if (!is_good) {
        step.refuse(RefusalKind::malformed, "it was changed while it waited for a clock");
    } else if (auto accepted = accept_placed(step, record.value(), *boot.value()->tie); !accepted) {
        return accepted.error();
    }
    boot.value()->unplaced -= std::min<std::uint64_t>(boot.value()->unplaced, 1);
    auto& row = node.value()->row;
    row.unplaced -= std::min<std::uint64_t>(row.unplaced, 1);
    roster_.touch(*node.value());
    placed_.push_back(line.id);
    return finish(step);
}

base::Result<std::vector<Placed>> Engine::retake(std::size_t lines_max, std::size_t rows_max) {
    ENSURE(retaken_.empty());
    std::vector<Placed> done;
    if (!may_retake_) return done;
    const auto lines = memory_.refused(retaken_up_to_, lines_max);
    if (!lines) return lines.error();
    for (const auto& line : lines.value()) {
        if (pending() >= rows_max) return done;
        const auto outcome = retake(line);
        if (!outcome) return outcome.error();
        retaken_up_to_ = line.id;
        if (outcome.value()) done.push_back({.node = line.node, .outcome = *outcome.value()});
    }
    may_retake_ = lines.value().size() == lines_max;
    if (!may_retake_) redeclared_.clear();
    return done;
}

/// Whether it is certain that nothing of the line's parts was ever counted.
base::Result<bool> Engine::may_count(const RefusedLine& line, const wire::Record& record) {
    // It may have been applied under its old number, which could not be read then.
    if (record.origin && line.kind == to_text(RefusalKind::malformed)) return false;
    const auto name = boot_counted_from(record);
    const bool is_whole = line.parts.front() == kWholeRecord;
    if (!name || is_whole) return true;
    // Without its boot's tie it would wait whole, and its other parts would count again.
    const auto boot = boots_.find(line.node, std::string{*name});
    if (!boot) return boot.error();
    return boot.value()->tie.has_value();
}

/// Nothing when it stays in quarantine as it is. The record moved the node's mark when it arrived.
base::Result<std::optional<Outcome>> Engine::retake(const RefusedLine& line) {
    const auto record = wire::decode_record(line.line);
    if (!record || line.parts.empty()) return std::optional<Outcome>{};
    const auto may_count = this->may_count(line, record.value());
    if (!may_count) return may_count.error();
    if (!may_count.value()) return std::optional<Outcome>{};
    auto node = find_node(line.node);
    if (!node) return node.error();
    const Arrival arrival{.node = line.node,
                          .incarnation = line.incarnation,
                          .mark = {.seq = line.seq, .hash = {}},
                          .received = line.received,
                          .line = line.line};
    auto step = begin(arrival, *node.value());
    step.origin = record.value().origin;
    step.is_retaken = true;
    const bool is_whole = line.parts.front() == kWholeRecord;
    if (!is_whole) step.only = &line.parts;
    for (const auto& part : line.parts) {
        if (auto readings = validation::parse_set_aside(part)) {
            step.only_readings.push_back(std::move(*readings));
        }
    }
    const auto accepted = accept_record(step, record.value());
    if (!accepted) return accepted.error();
    if (step.parts == line.parts) return std::optional<Outcome>{};
    retaken_.push_back(line.id);
    roster_.touch(*node.value());
    auto finished = finish(step);
    if (!finished) return finished.error();
    auto outcome = std::move(finished).value();
    outcome.refused.reset();  // It was counted among the refused when it came.
    return std::optional{outcome};
}

}  // namespace engine
