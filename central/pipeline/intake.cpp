#include "central/pipeline/intake.hpp"

#include <algorithm>
#include <utility>

#include "base/log.hpp"
#include "wire/record.hpp"

namespace central {

namespace {

// Nodes of which something is remembered as told.
constexpr std::size_t kToldMax = 10'000;

engine::Arrival arrival_of(const ingest::Entry& entry) {
    return {.node = entry.node,
            .incarnation = entry.incarnation,
            .mark = {.seq = std::max(entry.seq, entry.gap_to), .hash = entry.hash},
            .received = entry.received,
            .line = entry.line};
}

}  // namespace

Intake::Intake(engine::EngineOptions options, sinks::Sink& sink)
    : sink_(sink),
      series_max_(options.series_per_node_max),
      engine_(std::move(options), sink.memory()) {}

void Intake::restore(const sinks::Loaded& loaded) {
    ledger_.restore(loaded.marks, loaded.ahead);
}

base::Status Intake::accept(const ingest::Entry& entry, ingest::Verdict verdict) {
    ++step_.entries;
    switch (verdict) {
        case ingest::Verdict::hole:
            ++step_.skipped;
            return base::Done{};
        case ingest::Verdict::duplicate:
            return accept_duplicate(entry);
        case ingest::Verdict::conflict:
            return accept_conflict(entry);
        case ingest::Verdict::lost:
            return accept_loss(entry);
        case ingest::Verdict::apply:
            return apply(entry);
    }
    return base::Done{};
}

/// It may be the record after the mark, applied under another number: then the mark moves.
base::Status Intake::accept_duplicate(const ingest::Entry& entry) {
    ++step_.duplicates;
    if (entry.seq != ledger_.mark(entry.node, entry.incarnation).seq + 1) return base::Done{};
    ledger_.mark_passed(entry);
    return engine_.pass(arrival_of(entry));
}

base::Status Intake::accept_conflict(const ingest::Entry& entry) {
    ++step_.conflicts;
    ++step_.refused.at(static_cast<std::size_t>(engine::RefusalKind::conflict));
    engine_.quarantine(arrival_of(entry),
                       {.kind = engine::RefusalKind::conflict,
                        .detail = "another record was applied under this number"});
    return base::Done{};
}

base::Status Intake::accept_loss(const ingest::Entry& entry) {
    const auto from = ledger_.mark(entry.node, entry.incarnation).seq + 1;
    step_.lost += entry.gap_to - from + 1;
    base::log_warn("records are lost",
                   {{"node", entry.node}, {"from", from}, {"to", entry.gap_to}});
    ledger_.mark_passed(entry);
    return engine_.declare_lost(arrival_of(entry), from);
}

base::Status Intake::apply(const ingest::Entry& entry) {
    const auto decoded = wire::decode_record(entry.line);
    std::optional<wire::Origin> origin;
    if (decoded) origin = decoded.value().origin;
    if (origin) {
        const auto verdict = weigh(entry.node, *origin);
        if (!verdict) return verdict.error();
        if (verdict.value() == ingest::OriginVerdict::duplicate) {
            ++step_.forked_duplicates;
            ledger_.mark_passed(entry);
            return engine_.pass(arrival_of(entry));
        }
        if (verdict.value() == ingest::OriginVerdict::suspect) ++step_.suspects;
    }
    ledger_.mark_applied(entry, origin);
    const auto outcome = engine_.apply(arrival_of(entry), decoded);
    if (!outcome) return outcome.error();
    ++step_.records;
    step_.add(outcome.value());
    if (outcome.value().refused) tell(entry.node, *outcome.value().refused);
    if (outcome.value().has_set_aside()) tell_set_aside(entry.node);
    if (outcome.value().homeless > 0) tell_homeless(entry.node);
    return base::Done{};
}

/// Once for each node, as every further record of it would say the same.
void Intake::tell(const std::string& node, engine::RefusalKind kind) {
    if (kind != engine::RefusalKind::series_limit || told_.size() >= kToldMax) return;
    if (!told_.insert(node).second) return;
    base::log_warn("a node has more series than it may; those beyond are in quarantine",
                   {{"node", node}, {"series_per_node", series_max_}});
}

void Intake::tell_set_aside(const std::string& node) {
    if (told_set_aside_.size() >= kToldMax || !told_set_aside_.insert(node).second) return;
    base::log_warn("readings break a rule of [[validate]] and are set aside",
                   {{"node", node}, {"see", "leat-central quarantine list"}});
}

void Intake::tell_homeless(const std::string& node) {
    if (told_homeless_.size() >= kToldMax || !told_homeless_.insert(node).second) return;
    base::log_warn("a sensor fails that has never given a reading; no window can show it",
                   {{"node", node}});
}

base::Result<ingest::OriginVerdict> Intake::weigh(const std::string& node,
                                                  const wire::Origin& origin) {
    const auto match = sink_.applied(node, origin);
    if (!match) return match.error();
    return ledger_.weigh(node, origin, {.same = match.value().same, .other = match.value().other});
}

base::Result<std::vector<std::string>> Intake::place(std::size_t lines_max, std::size_t rows_max) {
    const auto placed = engine_.place(lines_max, rows_max);
    if (!placed) return placed.error();
    std::vector<std::string> nodes;
    for (const auto& [node, outcome] : placed.value()) {
        step_.add(outcome);
        nodes.push_back(node);
    }
    return nodes;
}

base::Result<std::vector<std::string>> Intake::retake(std::size_t lines_max, std::size_t rows_max) {
    const auto retaken = engine_.retake(lines_max, rows_max);
    if (!retaken) return retaken.error();
    std::vector<std::string> nodes;
    for (const auto& [node, outcome] : retaken.value()) {
        step_.add(outcome);
        ++step_.retaken;
        nodes.push_back(node);
    }
    return nodes;
}

ingest::AppliedMark Intake::mark(const Chronicle& chronicle) const {
    const auto& [node, incarnation] = chronicle;
    return {.node = node, .incarnation = incarnation, .mark = ledger_.mark(node, incarnation)};
}

sinks::Commit Intake::take_commit() {
    auto advance = ledger_.take_advance();
    return {.partitions = {},
            .marks = std::move(advance.marks),
            .tail = std::move(advance.tail),
            .tail_records = ingest::kTailRecords,
            .changes = engine_.take_changes()};
}

Meters::Step Intake::take_step() {
    return std::exchange(step_, {});
}

void Intake::forget() {
    engine_.forget();
    ledger_.forget();
    step_ = {};
}

}  // namespace central
