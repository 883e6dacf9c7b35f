#include "central/pipeline/pipeline.hpp"

#include <algorithm>

#include "base/ensure.hpp"
#include "base/log.hpp"
#include "wire/record.hpp"

namespace central {

namespace {

constexpr const char* kBeginning = "0-0";

// To forget them costs no more than another rescan.
constexpr std::size_t kMarksPerCall = 1'000;  // Told to the source at once.
constexpr std::size_t kRewoundMax = 10'000;

engine::Arrival arrival_of(const ingest::Entry& entry) {
    return {.node = entry.node,
            .incarnation = entry.incarnation,
            .mark = {.seq = std::max(entry.seq, entry.gap_to), .hash = entry.hash},
            .received = entry.received,
            .line = entry.line};
}

}  // namespace

Pipeline::Pipeline(PipelineOptions options, engine::EngineOptions engine, ingest::Source& source,
                   sinks::Sink& sink, base::Counters& counters, std::uint64_t seed)
    : options_(std::move(options)),
      source_(source),
      sink_(sink),
      engine_(std::move(engine), sink.memory()),
      meters_(counters),
      live_(options_.live_rows_max),
      backoff_(options_.backoff, seed) {
    ENSURE(options_.partitions > 0);
    ENSURE(options_.entries_max > 0);
}

Progress Pipeline::tick(base::Instant now) {
    if (now < resume_at_) return {};
    if (!loaded_ && !reload(now)) return {};
    Progress progress;
    if (!place(now, progress)) return {};
    // Lineage first: a cursor of another lineage must not be told, as the source trims below it.
    const bool well = follow_lineage(now) && settle(now) && gather(now, progress);
    // What was gathered before the source failed is good; after the sink failed nothing is.
    if (!loaded_ || !commit(now)) return {};
    if (!well || !settle(now)) return progress;
    if (!trouble_.empty()) base::log_info("pipeline_recovered");
    trouble_.clear();
    backoff_.reset();
    return progress;
}

bool Pipeline::reload(base::Instant now) {
    partitions_.clear();
    for (std::uint32_t p = 0; p < options_.partitions; ++p) {
        auto loaded = sink_.load(p, options_.partitions);
        if (!loaded) return sink_failed(loaded.error(), now);
        auto found = std::move(loaded).value();
        ledger_.restore(found.marks, found.ahead);
        Partition partition;
        partition.state = std::move(found.state);
        partition.position = partition.state.cursor;
        for (const auto& mark : found.marks) {
            partition.unsettled[{mark.node, mark.incarnation}] = mark.mark;
        }
        partitions_.push_back(std::move(partition));
    }
    loaded_ = true;
    return true;
}

/// Needs only the sink. The partitions' cursors stand still, but their fences guard this too.
bool Pipeline::place(base::Instant now, Progress& progress) {
    const auto placed = engine_.place(options_.placed_max, options_.rows_per_commit_max);
    if (!placed) return sink_failed(placed.error(), now);
    for (const auto& [node, outcome] : placed.value()) {
        step_.add(outcome);
        partitions_[wire::partition_of(node, options_.partitions)].changed = true;
    }
    progress.more |= placed.value().size() == options_.placed_max;
    return true;
}

bool Pipeline::follow_lineage(base::Instant now) {
    const auto lineage = source_.lineage();
    if (!lineage) return source_failed(lineage.error(), now);
    for (auto& partition : partitions_) {
        auto& state = partition.state;
        if (state.lineage == lineage.value()) continue;
        if (!state.lineage.empty()) {
            base::log_warn("lineage_changed", {{"partition", state.partition}});
            meters_.rescans.add();
            start_again(partition);
            partition.rescan.reset();
        }
        state.lineage = lineage.value();
        partition.changed = true;
    }
    return true;
}

bool Pipeline::gather(base::Instant now, Progress& progress) {
    const auto begin = first_;
    for (std::size_t i = 0; i < partitions_.size(); ++i) {
        const auto at = (begin + i) % partitions_.size();
        const auto next = read(partitions_[at], now, progress);
        if (next == Next::failed) return false;
        first_ = (at + 1) % partitions_.size();
        if (next == Next::stop) return true;
    }
    return true;
}

/// Stops the tick when it has gathered enough for one commit.
Pipeline::Next Pipeline::read(Partition& partition, base::Instant now, Progress& progress) {
    auto& state = partition.state;
    const auto entries = source_.read(state.partition, partition.position, options_.entries_max);
    if (!entries) {
        source_failed(entries.error(), now);
        return Next::failed;
    }
    if (entries.value().size() >= options_.entries_max) progress.more = true;
    if (entries.value().empty() && partition.rescan) {
        return finish_rescan(partition, now) ? Next::go_on : Next::failed;
    }
    for (const auto& entry : entries.value()) {
        const auto next = take(partition, entry, now);
        if (next == Next::failed) return next;
        progress.more |= next == Next::stop;
        if (next == Next::stop) return Next::go_on;  // Only this partition begins anew.
        ++progress.entries;
        if (engine_.pending() < options_.rows_per_commit_max) continue;
        progress.more = true;
        return Next::stop;
    }
    return Next::go_on;
}

Pipeline::Next Pipeline::take(Partition& partition, const ingest::Entry& entry, base::Instant now) {
    base::Status taken = base::Done{};
    switch (ledger_.decide(entry)) {
        case ingest::Verdict::hole:
            if (meet_hole(partition, entry, now) == Next::stop) return Next::stop;
            break;
        case ingest::Verdict::duplicate:
            ++step_.duplicates;
            tell_again(partition, entry);
            // It may be the record after the mark, applied under another number.
            if (entry.seq == ledger_.mark(entry.node, entry.incarnation).seq + 1) {
                ledger_.passed(entry);
                taken = engine_.pass(arrival_of(entry));
            }
            break;
        case ingest::Verdict::conflict:
            ++step_.conflicts;
            ++step_.refused.at(static_cast<std::size_t>(engine::RefusalKind::conflict));
            engine_.quarantine(arrival_of(entry),
                               {.kind = engine::RefusalKind::conflict,
                                .detail = "another record was applied under this number"});
            break;
        case ingest::Verdict::lost:
            taken = lose(entry);
            break;
        case ingest::Verdict::apply:
            taken = admit(entry);
            break;
    }
    if (!taken) {
        sink_failed(taken.error(), now);
        return Next::failed;
    }
    ++step_.entries;
    partition.position = entry.id;
    partition.changed = true;
    if (!partition.rescan) partition.state.cursor = entry.id;
    if (!partition.rescan || partition.rescan->trigger != entry.id) return Next::go_on;
    return finish_rescan(partition, now) ? Next::go_on : Next::failed;
}

Pipeline::Next Pipeline::meet_hole(Partition& partition, const ingest::Entry& entry,
                                   base::Instant now) {
    const Chronicle who{entry.node, entry.incarnation};
    const auto expected = rewound_.find(who);
    const bool is_expected = expected != rewound_.end() && now < expected->second;
    if (!is_expected && !partition.rescan) {
        base::log_warn("hole", {{"node", entry.node}, {"seq", entry.seq}});
        meters_.holes.add();
        meters_.rescans.add();
        partition.rescan = Rescan{.trigger = entry.id, .holes = {}};
        start_again(partition);
        return Next::stop;
    }
    ++step_.skipped;
    if (is_expected) return Next::go_on;
    auto& highest = partition.rescan->holes[who];
    highest = std::max({highest, entry.seq, entry.gap_to});
    return Next::go_on;
}

bool Pipeline::finish_rescan(Partition& partition, base::Instant now) {
    const auto rescan = *std::exchange(partition.rescan, std::nullopt);
    for (const auto& [who, highest] : rescan.holes) {
        if (ledger_.mark(who.first, who.second).seq >= highest) continue;
        if (rewind(partition, who, now)) continue;
        // The cursor must not be committed beyond a hole that the source does not know of.
        start_again(partition);
        return false;
    }
    partition.state.cursor = partition.position;
    return true;
}

/// What was committed stays known by its marks; nothing before the new end is trimmed meanwhile.
void Pipeline::start_again(Partition& partition) {
    partition.position = partition.state.cursor = kBeginning;
    partition.changed = true;
}

/// A record that comes again may come to a source that was emptied and does not know the mark.
void Pipeline::tell_again(Partition& partition, const ingest::Entry& entry) {
    const auto mark = ledger_.mark(entry.node, entry.incarnation);
    partition.unsettled[{entry.node, entry.incarnation}] = mark;
}

bool Pipeline::rewind(const Partition& partition, const Chronicle& who, base::Instant now) {
    ingest::AppliedMark to{
        .node = who.first, .incarnation = who.second, .mark = ledger_.mark(who.first, who.second)};
    if (to.mark.seq == 0) to.mark.hash = wire::Chain{options_.chain_key}.start(to.node, who.second);
    base::log_warn("rewind", {{"node", to.node}, {"to", to.mark.seq}});
    const auto done = source_.rewind(partition.state.partition, to);
    if (!done) return source_failed(done.error(), now);
    meters_.rewinds.add();
    if (rewound_.size() >= kRewoundMax) rewound_.clear();
    rewound_[who] = now + options_.rewind_pause;
    return true;
}

base::Status Pipeline::lose(const ingest::Entry& entry) {
    const auto from = ledger_.mark(entry.node, entry.incarnation).seq + 1;
    step_.lost += entry.gap_to - from + 1;
    base::log_warn("records_lost", {{"node", entry.node}, {"from", from}, {"to", entry.gap_to}});
    ledger_.passed(entry);
    rewound_.erase({entry.node, entry.incarnation});
    return engine_.lose(arrival_of(entry), from);
}

base::Status Pipeline::admit(const ingest::Entry& entry) {
    const auto decoded = wire::decode_record(entry.line);
    if (!rewound_.empty()) rewound_.erase({entry.node, entry.incarnation});
    std::optional<wire::Origin> origin;
    if (decoded) origin = decoded.value().origin;
    if (origin) {
        const auto match = sink_.applied(entry.node, *origin);
        if (!match) return match.error();
        const auto verdict = ledger_.weigh(
            entry.node, *origin, {.same = match.value().same, .other = match.value().other});
        if (verdict == ingest::OriginVerdict::duplicate) {
            ++step_.forked_duplicates;
            ledger_.passed(entry);
            return engine_.pass(arrival_of(entry));
        }
        if (verdict == ingest::OriginVerdict::suspect) ++step_.suspects;
    }
    ledger_.applied(entry, origin);
    const auto outcome = engine_.apply(arrival_of(entry), decoded);
    if (!outcome) return outcome.error();
    ++step_.records;
    step_.add(outcome.value());
    return base::Done{};
}

bool Pipeline::commit(base::Instant now) {
    sinks::Commit step;
    for (const auto& partition : partitions_) {
        if (partition.changed) step.partitions.push_back(partition.state);
    }
    if (step.partitions.empty()) return true;
    auto advance = ledger_.take_advance();
    step.marks = std::move(advance.marks);
    step.tail = std::move(advance.tail);
    step.tail_records = ingest::kTailRecords;
    for (const auto& mark : step.marks) {
        const auto watermark = engine_.watermark(mark.node);
        if (watermark) meters_.watermark(mark.node, *watermark);
    }
    step.changes = engine_.take_changes();
    const auto committed = sink_.commit(step);
    if (!committed) return sink_failed(committed.error(), now);
    remember(std::move(step), committed.value());
    return true;
}

void Pipeline::remember(sinks::Commit step, const sinks::Committed& committed) {
    for (auto& partition : partitions_) {
        if (partition.changed) partition.settled = false;
        partition.changed = false;
    }
    for (const auto& mark : step.marks) {
        auto& partition = partitions_[wire::partition_of(mark.node, options_.partitions)];
        partition.unsettled[{mark.node, mark.incarnation}] = mark.mark;
        partition.settled = false;
    }
    meters_.committed(std::exchange(step_, {}), committed, step.changes.windows.size());
    meters_.live_dropped.add(live_.add(std::move(step.changes)));
}

/// As many marks as one call to the source may carry.
std::vector<ingest::AppliedMark> Pipeline::some_of(const std::map<Chronicle, wire::Mark>& marks) {
    std::vector<ingest::AppliedMark> some;
    for (const auto& [who, mark] : marks) {
        if (some.size() == kMarksPerCall) break;
        some.push_back({.node = who.first, .incarnation = who.second, .mark = mark});
    }
    return some;
}

bool Pipeline::settle(base::Instant now) {
    base::Status refused = base::Done{};
    for (auto& partition : partitions_) {
        auto told = settle(partition, now);
        if (told) continue;
        if (told.error().fault != base::Fault::malformed) return source_failed(told.error(), now);
        distrust_cursor(partition, told.error());
        refused = told;
    }
    // All partitions begin anew at once, after one pause: a source that refuses for ever is not
    // asked in a loop.
    return refused ? true : source_failed(refused.error(), now);
}

base::Status Pipeline::settle(Partition& partition, base::Instant now) {
    if (partition.settled && now - partition.settled_at < options_.settle_every) {
        return base::Done{};
    }
    partition.settled = false;
    do {
        const auto marks = some_of(partition.unsettled);
        const auto& state = partition.state;
        auto told = source_.settle(state.partition, state.cursor, marks);
        if (!told) return told;
        for (const auto& [node, incarnation, mark] : marks) {
            partition.unsettled.erase({node, incarnation});
        }
    } while (!partition.unsettled.empty());
    partition.settled = true;
    partition.settled_at = now;
    return base::Done{};
}

void Pipeline::distrust_cursor(Partition& partition, const base::Error& error) {
    base::log_warn("cursor_is_ahead",
                   {{"partition", partition.state.partition}, {"reason", error.detail}});
    meters_.rescans.add();
    start_again(partition);
    partition.rescan.reset();
    // The copy may have forgotten marks that it was told.
    for (const auto& mark : ledger_.marks()) {
        const auto at = wire::partition_of(mark.node, options_.partitions);
        if (at != partition.state.partition) continue;
        partition.unsettled[{mark.node, mark.incarnation}] = mark.mark;
    }
}

bool Pipeline::source_failed(const base::Error& error, base::Instant now) {
    meters_.source_errors.add();
    fail("source", error, now);
    return false;
}

bool Pipeline::sink_failed(const base::Error& error, base::Instant now) {
    meters_.sink_errors.add();
    fail("sink", error, now);
    engine_.forget();
    ledger_.forget();
    step_ = {};
    loaded_ = false;
    return false;
}

void Pipeline::fail(const char* where, const base::Error& error, base::Instant now) {
    base::log_warn("pipeline_stopped", {{"where", where}, {"reason", error.detail}});
    trouble_ = std::string{where} + ": " + error.detail;
    resume_at_ = now + backoff_.next();
}

}  // namespace central
