#include "central/pipeline/pipeline.hpp"

#include <algorithm>
#include <utility>

#include "base/ensure.hpp"
#include "base/log.hpp"
#include "central/engine/watermark.hpp"

namespace central {

namespace {

constexpr base::Duration kRemindEvery = std::chrono::hours{1};

// As much is read for one commit, where it changes few rows.
constexpr std::size_t kReadsMax = 16;

}  // namespace

Pipeline::Pipeline(const PipelineOptions& options, const engine::EngineOptions& engine,
                   ingest::Source& source, sinks::Sink& sink, base::Counters& counters,
                   std::uint64_t seed)
    : options_(options),
      watermark_bound_(engine.watermark_bound),
      source_(source),
      sink_(sink),
      intake_(engine, sink),
      partitions_(options.partitions),
      rewinds_(source, options.chain_key, options.rewind_pause),
      comparison_(options, engine, sink),
      audit_(source, options.audit_every),
      mute_(kRemindEvery),
      meters_(counters),
      backoff_(options.backoff, seed) {
    ENSURE(options_.partitions > 0);
    ENSURE(options_.entries_max > 0);
}

Progress Pipeline::tick(base::Instant now) {
    if (now < resume_at_) return {};
    Progress progress;
    report(run(now, progress), now);
    const bool is_lost = trouble_ && trouble_->part == Part::sink;
    return is_lost ? Progress{} : std::move(progress);
}

Pipeline::Setback Pipeline::run(base::Instant now, Progress& progress) {
    if (auto failed = load()) return failed;
    if (const auto checked = sink_.check(); !checked) return sink_failed(checked.error());
    if (auto failed = place(progress)) return failed;
    if (auto failed = retake(progress)) return failed;
    // What comes out of quarantine is older than what the stream has: a declaration, for one.
    const auto interrupted = intake_.may_retake() ? std::nullopt : gather(now, progress);
    // After an error of the source, what was gathered before is still good; after one of the sink,
    // nothing is.
    if (interrupted && interrupted->part == Part::sink) return interrupted;
    if (auto failed = commit(progress)) return failed;
    if (interrupted) return interrupted;
    if (intake_.may_retake()) return std::nullopt;
    if (auto failed = settle(now)) return failed;
    // What the stream still has is no loss: it must be read first.
    if (progress.more) return std::nullopt;
    if (auto failed = compare(now, progress)) return failed;
    return audit(now);
}

Pipeline::Setback Pipeline::load() {
    if (partitions_.is_complete()) return std::nullopt;
    for (std::uint32_t p = 0; p < options_.partitions; ++p) {
        const auto loaded = sink_.load(p, options_.partitions);
        if (!loaded) return sink_failed(loaded.error());
        intake_.restore(loaded.value());
        partitions_.add(loaded.value());
    }
    audit_.start_again();
    return std::nullopt;
}

/// Needs only the sink. The cursors stay where they are, but the fences guard this too.
Pipeline::Setback Pipeline::place(Progress& progress) {
    const auto placed = intake_.place(options_.placed_max, options_.rows_per_commit_max);
    if (!placed) return sink_failed(placed.error());
    for (const auto& node : placed.value()) partitions_.of(node).changed = true;
    progress.more |= placed.value().size() == options_.placed_max;
    return std::nullopt;
}

/// As place(); once after every load().
Pipeline::Setback Pipeline::retake(Progress& progress) {
    if (!intake_.may_retake()) return std::nullopt;
    const auto retaken = intake_.retake(options_.placed_max, options_.rows_per_commit_max);
    if (!retaken) return sink_failed(retaken.error());
    for (const auto& node : retaken.value()) partitions_.of(node).changed = true;
    progress.more |= intake_.may_retake();
    if (!retaken.value().empty()) {
        base::log_info("records count that were in quarantine",
                       {{"records", retaken.value().size()}});
    }
    return std::nullopt;
}

/// Lineage comes first: the source trims below a cursor, so it must never get one of another
/// lineage.
Pipeline::Setback Pipeline::gather(base::Instant now, Progress& progress) {
    if (auto failed = follow_lineage()) return failed;
    if (auto failed = settle(now)) return failed;
    return read_all(now, progress);
}

Pipeline::Setback Pipeline::follow_lineage() {
    const auto lineage = source_.lineage();
    if (!lineage) return source_failed(lineage.error());
    for (auto& partition : partitions_) {
        if (!partition.follow(lineage.value())) continue;
        base::log_warn("redis has another lineage; reading it again",
                       {{"partition", partition.state.partition}});
        meters_.rescans.add();
    }
    return std::nullopt;
}

/// Reads all partitions at once, and those with more again, until it has enough for one commit.
Pipeline::Setback Pipeline::read_all(base::Instant now, Progress& progress) {
    auto open = partitions_.in_turn(now);
    const auto enough = progress.entries + kReadsMax * options_.entries_max;
    while (!open.empty()) {
        auto read = source_.read_all(positions_of(open), options_.entries_max);
        if (!read) return source_failed(read.error());
        auto batches = std::move(read).value();
        std::vector<Partition*> next;
        for (std::size_t i = 0; i < open.size(); ++i) {
            auto& partition = *open[i];
            if (auto failed = take(partition, batches.at(i), now, progress)) return failed;
            // One that begins again does so in the next tick.
            const bool has_more = batches[i] && batches[i].value().more &&
                                  partition.position == batches[i].value().entries.back().id;
            if (has_more) next.push_back(&partition);
            if (!is_full()) continue;
            progress.more = true;
            partitions_.end_turn(partition);
            return std::nullopt;
        }
        open = std::move(next);
        if (progress.entries < enough) continue;
        progress.more |= !open.empty();
        break;
    }
    return std::nullopt;
}

Pipeline::Setback Pipeline::take(Partition& partition, const base::Result<ingest::Batch>& batch,
                                 base::Instant now, Progress& progress) {
    if (!batch) return source_refused(partition, batch.error(), now);
    unblock(partition);
    const auto& entries = batch.value().entries;
    if (entries.empty() && partition.rescan) return finish_rescan(partition, now);
    for (const auto& entry : entries) {
        const auto verdict = intake_.decide(entry);
        if (needs_rescan(partition, entry, verdict, now)) {
            start_rescan(partition, entry);
            progress.more = true;
            break;
        }
        if (auto failed = accept(partition, entry, verdict, now)) return failed;
        ++progress.entries;
        // A partition that was blocked begins again: what follows here must not move its cursor.
        if (is_full() || partition.is_blocked(now)) break;
    }
    return std::nullopt;
}

Pipeline::Setback Pipeline::accept(Partition& partition, const ingest::Entry& entry,
                                   ingest::Verdict verdict, base::Instant now) {
    if (verdict == ingest::Verdict::hole) note_hole(partition, entry, now);
    if (verdict == ingest::Verdict::lost || verdict == ingest::Verdict::apply) {
        rewinds_.forget(entry.node, entry.incarnation);
    }
    // A source that was emptied does not know the mark; that is why the record comes again.
    if (verdict == ingest::Verdict::duplicate) {
        partition.settling.add(intake_.mark({entry.node, entry.incarnation}));
    }
    if (const auto accepted = intake_.accept(entry, verdict); !accepted) {
        return sink_failed(accepted.error());
    }
    partition.move_to(entry.id);
    return partition.has_reached_trigger() ? finish_rescan(partition, now) : std::nullopt;
}

bool Pipeline::needs_rescan(const Partition& partition, const ingest::Entry& entry,
                            ingest::Verdict verdict, base::Instant now) const {
    return verdict == ingest::Verdict::hole && !partition.rescan &&
           !rewinds_.expects_hole({entry.node, entry.incarnation}, now);
}

void Pipeline::start_rescan(Partition& partition, const ingest::Entry& entry) {
    base::log_warn("records are missing; reading the stream again",
                   {{"node", entry.node}, {"seq", entry.seq}});
    meters_.holes.add();
    meters_.rescans.add();
    partition.start_rescan(entry.id);
}

void Pipeline::note_hole(Partition& partition, const ingest::Entry& entry, base::Instant now) {
    const Chronicle chronicle{entry.node, entry.incarnation};
    if (rewinds_.expects_hole(chronicle, now)) return;
    auto& highest = partition.rescan->holes[chronicle];
    highest = std::max({highest, entry.seq, entry.gap_to});
}

Pipeline::Setback Pipeline::finish_rescan(Partition& partition, base::Instant now) {
    const auto rescan = *std::exchange(partition.rescan, std::nullopt);
    for (const auto& [chronicle, highest] : rescan.holes) {
        const auto applied = intake_.mark(chronicle);
        if (applied.mark.seq >= highest) continue;
        const auto rewound = rewinds_.rewind(partition.state.partition, applied, now);
        if (!rewound) {
            // The cursor must not be committed beyond a hole that the source does not know of.
            partition.start_again();
            return source_refused(partition, rewound.error(), now);
        }
        meters_.rewinds.add();
    }
    partition.state.cursor = partition.position;
    return std::nullopt;
}

Pipeline::Setback Pipeline::commit(Progress& progress) {
    std::vector<sinks::PartitionState> changed;
    for (const auto& partition : partitions_) {
        if (partition.changed) changed.push_back(partition.state);
    }
    if (changed.empty()) return std::nullopt;
    auto step = intake_.take_commit();
    step.partitions = std::move(changed);
    const auto committed = sink_.commit(step);
    if (!committed) return sink_failed(committed.error());
    note_commit(step, committed.value());
    progress.committed = std::move(step.changes);
    return std::nullopt;
}

void Pipeline::note_commit(const sinks::Commit& step, const sinks::Committed& committed) {
    for (auto& partition : partitions_) {
        if (partition.changed) partition.settling.set_due();
        partition.changed = false;
    }
    for (const auto& mark : step.marks) {
        auto& settling = partitions_.of(mark.node).settling;
        settling.add(mark);
        settling.set_due();
    }
    for (const auto& [node, row] : step.changes.nodes) {
        const auto watermark = engine::watermark_of(row, watermark_bound_);
        if (watermark) meters_.set_watermark(node, *watermark);
    }
    meters_.add_commit(intake_.take_step(), committed, step.changes.windows.size());
}

Pipeline::Setback Pipeline::settle(base::Instant now) {
    std::optional<base::Error> refusal;
    while (!refusal) {
        const auto due = partitions_.due(options_.settle_every, now);
        if (due.empty()) return std::nullopt;
        const auto settled = source_.settle_all(due);
        if (!settled) return source_failed(settled.error());
        for (std::size_t i = 0; i < due.size(); ++i) {
            auto& partition = partitions_.at(due[i].partition);
            const auto& status = settled.value().at(i);
            if (status) {
                partition.settling.note_settled(due[i], now);
            } else if (status.error().fault == base::Fault::malformed) {
                distrust_cursor(partition, status.error());
                refusal = status.error();
            } else if (auto failed = source_refused(partition, status.error(), now)) {
                return failed;
            }
        }
    }
    // All partitions start again at once, after one pause: a source that refuses for ever is not
    // asked in a loop.
    return source_failed(*refusal);
}

void Pipeline::distrust_cursor(Partition& partition, const base::Error& error) {
    base::log_warn("the cursor is ahead of redis; reading it again",
                   {{"partition", partition.state.partition}, {"reason", error.detail}});
    meters_.rescans.add();
    partition.start_again();
    // The older copy may have forgotten marks that were settled.
    for (const auto& mark : intake_.marks()) {
        if (&partitions_.of(mark.node) == &partition) partition.settling.add(mark);
    }
}

/// A transaction of its own, as it judges what is committed. The fences guard it, too.
Pipeline::Setback Pipeline::compare(base::Instant now, Progress& progress) {
    auto judged = comparison_.next(now);
    if (!judged) return sink_failed(judged.error());
    progress.more |= comparison_.has_more();
    if (!judged.value()) return std::nullopt;
    auto step = *std::move(judged).value();
    for (const auto& partition : partitions_) step.partitions.push_back(partition.state);
    const auto committed = sink_.commit(step);
    if (!committed) return sink_failed(committed.error());
    meters_.add_commit({}, committed.value(), 0);
    progress.committed.findings.merge(step.changes.findings);
    return std::nullopt;
}

Pipeline::Setback Pipeline::audit(base::Instant now) {
    const auto known = audit_.next(now);
    if (!known && known.error().fault == base::Fault::transient) {
        return source_failed(known.error());
    }
    if (!known) {
        if (mute_.is_due(known.error().detail, now)) {
            base::log_warn(
                "redis does not say what it knows as applied; an older copy of the "
                "database would not be noticed",
                {{"reason", known.error().detail}});
        }
        return std::nullopt;
    }
    for (const auto& mark : known.value()) {
        if (auto failed = recover(mark, now)) return failed;
    }
    return std::nullopt;
}

/// For a mark that the source knows: the sink must have it, too.
Pipeline::Setback Pipeline::recover(const ingest::AppliedMark& known, base::Instant now) {
    const auto applied = intake_.mark({known.node, known.incarnation});
    if (applied.mark.seq >= known.mark.seq) return std::nullopt;
    auto& partition = partitions_.of(known.node);
    if (partition.rescan || partition.blockage) return std::nullopt;
    base::log_error("the database has less than it had acknowledged: it is an older copy or new",
                    {{"node", known.node},
                     {"incarnation", wire::to_text(known.incarnation)},
                     {"has", applied.mark.seq},
                     {"had", known.mark.seq}});
    const auto rewound = rewinds_.rewind(partition.state.partition, applied, now);
    if (!rewound) return source_refused(partition, rewound.error(), now);
    meters_.rewinds.add();
    meters_.forgotten.add(known.mark.seq - applied.mark.seq);
    return std::nullopt;
}

/// When a person must repair this partition, only this one stands still.
Pipeline::Setback Pipeline::source_refused(Partition& partition, const base::Error& error,
                                           base::Instant now) {
    if (error.fault != base::Fault::misconfigured) return source_failed(error);
    meters_.source_errors.add();
    const bool is_news = !partition.blockage || partition.blockage->error.detail != error.detail;
    partition.blockage = {.error = error, .until = now + options_.repair_pause};
    if (is_news) {
        base::log_error("a partition stands still",
                        {{"partition", partition.state.partition}, {"reason", error.detail}});
    }
    return std::nullopt;
}

void Pipeline::unblock(Partition& partition) {
    if (!partition.blockage) return;
    partition.blockage.reset();
    base::log_info("a partition goes on", {{"partition", partition.state.partition}});
}

Trouble Pipeline::source_failed(const base::Error& error) {
    meters_.source_errors.add();
    return {.part = Part::source, .error = error};
}

/// Nothing in memory is believed any more.
Trouble Pipeline::sink_failed(const base::Error& error) {
    meters_.sink_errors.add();
    intake_.forget();
    comparison_.forget();
    partitions_.clear();
    return {.part = Part::sink, .error = error};
}

void Pipeline::report(Setback trouble, base::Instant now) {
    if (trouble) {
        base::log_warn("the pipeline stands still",
                       {{"where", to_text(trouble->part)}, {"reason", trouble->error.detail}});
        resume_at_ = now + backoff_.next();
    } else {
        if (is_paused_) base::log_info("the pipeline goes on");
        backoff_.reset();
    }
    is_paused_ = trouble.has_value();
    const auto* blocked = partitions_.blocked();
    if (!trouble && blocked != nullptr) {
        trouble = Trouble{.part = Part::source, .error = blocked->blockage->error};
    }
    trouble_ = std::move(trouble);
}

}  // namespace central
