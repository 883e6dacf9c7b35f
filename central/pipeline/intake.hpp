#pragma once

#include <set>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "central/engine/engine.hpp"
#include "central/ingest/ledger.hpp"
#include "central/pipeline/chronicle.hpp"
#include "central/pipeline/meters.hpp"
#include "central/sinks/sink.hpp"

namespace central {

/// Accepts entries: the ledger decides, the engine counts. Holds what is to be committed of them.
/// Every error comes from the sink, which it asks for what was committed before; after one it must
/// forget().
class Intake {
  public:
    Intake(engine::EngineOptions options, sinks::Sink& sink);

    /// Adds what was committed of one partition.
    void restore(const sinks::Loaded& loaded);

    ingest::Verdict decide(const ingest::Entry& entry) const { return ledger_.decide(entry); }

    /// Accepts an entry with the ledger's verdict. One beyond a hole is skipped and counted.
    base::Status accept(const ingest::Entry& entry, ingest::Verdict verdict);

    /// Places records that waited for a clock, as Engine::place(); gives the node of each.
    base::Result<std::vector<std::string>> place(std::size_t lines_max, std::size_t rows_max);

    /// Takes records out of quarantine, as Engine::retake(); gives the node of each.
    base::Result<std::vector<std::string>> retake(std::size_t lines_max, std::size_t rows_max);
    bool may_retake() const { return engine_.may_retake(); }

    /// How much is to be committed, in rows.
    std::size_t pending() const { return engine_.pending(); }

    ingest::AppliedMark mark(const Chronicle& chronicle) const;
    std::vector<ingest::AppliedMark> marks() const { return ledger_.marks(); }

    /// Moves out what is to be committed; the partitions are not in it.
    sinks::Commit take_commit();

    /// Moves out the figures of what take_commit() gave. Call it once that is committed.
    Meters::Step take_step();

    /// Drops all that is in memory: after an error nothing of it is believed.
    void forget();

  private:
    base::Status accept_duplicate(const ingest::Entry& entry);
    base::Status accept_conflict(const ingest::Entry& entry);
    base::Status accept_loss(const ingest::Entry& entry);
    base::Status apply(const ingest::Entry& entry);
    void tell(const std::string& node, engine::RefusalKind kind);
    void tell_set_aside(const std::string& node);
    void tell_homeless(const std::string& node);
    base::Result<ingest::OriginVerdict> weigh(const std::string& node, const wire::Origin& origin);

    sinks::Sink& sink_;
    std::size_t series_max_;
    engine::Engine engine_;
    ingest::Ledger ledger_;
    Meters::Step step_;
    std::set<std::string> told_;            // Nodes whose series limit was told.
    std::set<std::string> told_set_aside_;  // Nodes of which readings break a rule.
    std::set<std::string> told_homeless_;   // Nodes of whose failing sensors no series is known.
};

}  // namespace central
