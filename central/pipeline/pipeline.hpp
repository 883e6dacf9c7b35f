#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/backoff.hpp"
#include "base/clock.hpp"
#include "base/counters.hpp"
#include "central/engine/engine.hpp"
#include "central/ingest/ledger.hpp"
#include "central/ingest/source.hpp"
#include "central/pipeline/live_news.hpp"
#include "central/pipeline/meters.hpp"
#include "central/pipeline/pipeline_options.hpp"
#include "central/sinks/sink.hpp"

namespace central {

/// From the stream to the sink: reads entries, lets the ledger decide, the engine count and the
/// sink commit, then tells the source. Never waits: when something is away it comes back later.
///
/// Each tick is one transaction over all partitions: rows, marks and cursors move together or not
/// at all. A crash between the commit and settle() is harmless: all marks are settled again at the
/// start. When the sink fails, nothing in memory is believed any more: it is read again from the
/// sink, whatever had been committed.
///
/// Holes. Records of a node beyond a hole are not applied; the cursor goes on past them, so that
/// one node never blocks the others. That loses nothing: (1) First the partition is read again from
/// its beginning, as the missing records may lie before the cursor; the marks make that safe. (2)
/// If the hole is still there, the node's durable mark in the source is set back to the applied one
/// *before* the cursor is committed beyond the hole. From then on the bridge expects mark + 1, so
/// everything beyond the hole is sent and appended anew: the node still has it, as it deletes only
/// what is applied. (A node told to delete what is durable may have deleted it; then the bridge
/// declares the gap, and the loss is counted.) (3) A crash in between leaves the old cursor: the
/// hole is met and the node rewound once more, which changes nothing. Entries that the bridge
/// appended before the rewind are met as further holes and skipped without another rescan for
/// `rewind_pause`; after that it all begins again, in case the source forgot the rewind.
///
/// An older copy of the source, of the same lineage, gives ids below the committed cursor again. It
/// refuses such a cursor instead of trimming up to it; the partition is then read from its
/// beginning and the marks tell what is new.
class Pipeline {
  public:
    Pipeline(PipelineOptions options, engine::EngineOptions engine, ingest::Source& source,
             sinks::Sink& sink, base::Counters& counters, std::uint64_t seed);
    Pipeline(const Pipeline&) = delete;
    Pipeline& operator=(const Pipeline&) = delete;

    /// One bounded step.
    Progress tick(base::Instant now);

    /// What was committed since the last call, newest row per key: for the live page.
    engine::Changes take_committed() { return live_.take(); }

    /// Why nothing goes on at the moment; empty when all is well.
    const std::string& trouble() const { return trouble_; }

  private:
    using Chronicle = std::pair<std::string, wire::Incarnation>;  // A node in one incarnation.

    /// A partition is being read again, up to the entry that showed the hole.
    struct Rescan {
        std::string trigger;
        std::map<Chronicle, std::uint64_t> holes;  // With the highest number beyond the hole.
    };
    struct Partition {
        sinks::PartitionState state;
        std::string position;  // Read up to here; behind a rescan the committed cursor waits.
        bool changed = false;  // Since the last commit.
        bool settled = false;  // The source knows the last commit.
        base::Instant settled_at{};
        std::map<Chronicle, wire::Mark> unsettled;  // Marks to tell it.
        std::optional<Rescan> rescan;
    };
    enum class Next { go_on, stop, failed };

    bool reload(base::Instant now);
    bool place(base::Instant now, Progress& progress);
    bool follow_lineage(base::Instant now);
    bool gather(base::Instant now, Progress& progress);
    Next read(Partition& partition, base::Instant now, Progress& progress);
    Next take(Partition& partition, const ingest::Entry& entry, base::Instant now);
    Next meet_hole(Partition& partition, const ingest::Entry& entry, base::Instant now);
    bool finish_rescan(Partition& partition, base::Instant now);
    bool rewind(const Partition& partition, const Chronicle& who, base::Instant now);
    base::Status lose(const ingest::Entry& entry);
    base::Status admit(const ingest::Entry& entry);
    bool commit(base::Instant now);
    void remember(sinks::Commit step, const sinks::Committed& committed);
    static void start_again(Partition& partition);
    void tell_again(Partition& partition, const ingest::Entry& entry);
    static std::vector<ingest::AppliedMark> some_of(const std::map<Chronicle, wire::Mark>& marks);
    bool settle(base::Instant now);
    base::Status settle(Partition& partition, base::Instant now);
    void distrust_cursor(Partition& partition, const base::Error& error);
    bool source_failed(const base::Error& error, base::Instant now);
    bool sink_failed(const base::Error& error, base::Instant now);
    void fail(const char* where, const base::Error& error, base::Instant now);

    PipelineOptions options_;
    ingest::Source& source_;
    sinks::Sink& sink_;
    engine::Engine engine_;
    ingest::Ledger ledger_;
    Meters meters_;
    Meters::Step step_;
    LiveNews live_;
    base::Backoff backoff_;
    base::Instant resume_at_{};
    std::string trouble_;
    bool loaded_ = false;
    std::vector<Partition> partitions_;
    std::size_t first_ = 0;  // Where the next tick begins, so that no partition starves.
    std::map<Chronicle, base::Instant> rewound_;  // Until when further holes are expected.
};

}  // namespace central
