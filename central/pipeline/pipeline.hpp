#pragma once

#include <cstdint>
#include <optional>

#include "base/backoff.hpp"
#include "base/clock.hpp"
#include "base/counters.hpp"
#include "base/reminder.hpp"
#include "central/engine/engine_options.hpp"
#include "central/ingest/ledger.hpp"
#include "central/ingest/source.hpp"
#include "central/pipeline/audit.hpp"
#include "central/pipeline/comparison.hpp"
#include "central/pipeline/intake.hpp"
#include "central/pipeline/meters.hpp"
#include "central/pipeline/partitions.hpp"
#include "central/pipeline/pipeline_options.hpp"
#include "central/pipeline/rewinds.hpp"
#include "central/pipeline/trouble.hpp"
#include "central/sinks/sink.hpp"

namespace central {

/// What a tick did.
struct Progress {
    std::size_t entries = 0;
    bool more = false;          // There is more to read at once.
    engine::Changes committed;  // For the live page.
};

/// Moves records from the stream to the sink: reads entries, commits what they change, and then
/// settles the source. Never waits: when one side is away it comes back later.
///
/// Each tick is one transaction over all partitions: rows, marks and cursors move together or not
/// at all. A crash between the commit and settle() is harmless, as all marks are settled again at
/// the start. When the sink fails, nothing in memory is believed any more: whatever was committed
/// is read from the sink again.
///
/// Holes. Records of a node beyond a hole are not applied. The cursor still moves past them, so
/// that one node never blocks the others. That loses nothing:
/// (1) First the partition is read again from its beginning, as the missing records may lie before
/// the cursor. The marks make that safe.
/// (2) If the hole is still there, the node's durable mark in the source is set back to its applied
/// mark *before* the cursor is committed beyond the hole. From then on the bridge expects mark + 1,
/// so the node sends everything beyond the hole again; it still has it, as it deletes only what is
/// applied. (A node that deletes what is durable may have deleted it. Then the bridge declares the
/// gap, and the loss is counted.)
/// (3) A crash in between leaves the old cursor: the hole is found and the node rewound once more,
/// which changes nothing.
/// Entries that the bridge appended before the rewind are further holes. For `rewind_pause` they
/// are skipped without another rescan; after that all begins again, in case the source forgot the
/// rewind.
///
/// An older copy of the source, of the same lineage, gives out ids below the committed cursor once
/// more. It refuses such a cursor instead of trimming up to it. The partition is then read from its
/// beginning, and the marks tell what is new.
///
/// An older copy of the sink, or a new one, has less than the source knows as applied. What the
/// stream still has is read; then the nodes concerned are rewound, so that they send again what
/// they still have, and the bridge declares the rest as lost.
///
/// A partition whose keys only a person can repair stands still alone.
class Pipeline {
  public:
    Pipeline(const PipelineOptions& options, const engine::EngineOptions& engine,
             ingest::Source& source, sinks::Sink& sink, base::Counters& counters,
             std::uint64_t seed);
    Pipeline(const Pipeline&) = delete;
    Pipeline& operator=(const Pipeline&) = delete;

    /// One bounded step.
    Progress tick(base::Instant now);

    /// Why nothing goes on at the moment, or a partition does not; nothing when all is well.
    const std::optional<Trouble>& trouble() const { return trouble_; }

  private:
    using Setback = std::optional<Trouble>;  // What a step failed at; nothing when it did not.

    Setback run(base::Instant now, Progress& progress);
    Setback load();
    Setback place(Progress& progress);
    Setback retake(Progress& progress);
    Setback gather(base::Instant now, Progress& progress);
    Setback follow_lineage();
    Setback read_all(base::Instant now, Progress& progress);
    Setback take(Partition& partition, const base::Result<ingest::Batch>& batch, base::Instant now,
                 Progress& progress);
    Setback accept(Partition& partition, const ingest::Entry& entry, ingest::Verdict verdict,
                   base::Instant now);
    bool needs_rescan(const Partition& partition, const ingest::Entry& entry,
                      ingest::Verdict verdict, base::Instant now) const;
    void start_rescan(Partition& partition, const ingest::Entry& entry);
    void note_hole(Partition& partition, const ingest::Entry& entry, base::Instant now);
    Setback finish_rescan(Partition& partition, base::Instant now);
    Setback commit(Progress& progress);
    void note_commit(const sinks::Commit& step, const sinks::Committed& committed);
    Setback settle(base::Instant now);
    Setback compare(base::Instant now, Progress& progress);
    Setback audit(base::Instant now);
    Setback recover(const ingest::AppliedMark& known, base::Instant now);
    Setback source_refused(Partition& partition, const base::Error& error, base::Instant now);
    void unblock(Partition& partition);
    void distrust_cursor(Partition& partition, const base::Error& error);
    bool is_full() const { return intake_.pending() >= options_.rows_per_commit_max; }
    Trouble source_failed(const base::Error& error);
    Trouble sink_failed(const base::Error& error);
    void report(Setback trouble, base::Instant now);

    PipelineOptions options_;
    base::Duration watermark_bound_;
    ingest::Source& source_;
    sinks::Sink& sink_;
    Intake intake_;
    Partitions partitions_;
    Rewinds rewinds_;
    Comparison comparison_;
    Audit audit_;
    base::Reminder mute_;  // Why marks cannot be compared.
    Meters meters_;
    base::Backoff backoff_;
    base::Instant resume_at_{};
    bool is_paused_ = false;
    Setback trouble_;
};

}  // namespace central
