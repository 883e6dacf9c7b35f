#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "central/engine/arrival.hpp"
#include "central/engine/boots.hpp"
#include "central/engine/changes.hpp"
#include "central/engine/closing.hpp"
#include "central/engine/engine_options.hpp"
#include "central/engine/memory.hpp"
#include "central/engine/outcome.hpp"
#include "central/engine/readings/readings.hpp"
#include "central/engine/roster.hpp"
#include "central/engine/rows.hpp"
#include "central/engine/states/courses.hpp"
#include "central/engine/window_counter.hpp"
#include "wire/record.hpp"

namespace engine {

/// A record that had waited, and what became of it.
struct Placed {
    std::string node;
    Outcome outcome;
};

/// Turns records into rows: windows, series, nodes, gaps. Its only I/O is to ask its memory, and it
/// asks no clock: the same calls give the same changes. Its caller makes sure that it gets each
/// record once. After an error of the memory it must forget().
class Engine {
  public:
    /// ENSUREs check(options).
    Engine(EngineOptions options, Memory& memory);
    Engine(const Engine&) = delete;
    Engine& operator=(const Engine&) = delete;

    /// Applies one record; `decoded` is what wire::decode_record makes of its line.
    base::Result<Outcome> apply(const Arrival& arrival, const base::Result<wire::Record>& decoded);

    /// Notes records that are gone: `from` is the first of them, mark.seq of the arrival the last.
    base::Status declare_lost(const Arrival& arrival, std::uint64_t from);

    /// Moves the node's mark past a record that changes nothing else.
    base::Status pass(const Arrival& arrival);

    /// Counts waiting records of boots whose tie to UTC is committed: at most `lines_max`, and none
    /// once pending() has reached `rows_max`. Call it at most once between two take_changes(),
    /// before anything else.
    base::Result<std::vector<Placed>> place(std::size_t lines_max, std::size_t rows_max);

    /// Looks at records in quarantine again, in order: counts what may count now and has not
    /// counted yet, and takes it out. At most `lines_max`, with the limits of place(), and each
    /// record once after the start or forget(); call it before anything new is applied.
    base::Result<std::vector<Placed>> retake(std::size_t lines_max, std::size_t rows_max);
    bool may_retake() const { return may_retake_; }

    /// Keeps a record for a person; it is never taken again.
    void quarantine(const Arrival& arrival, const Refusal& refusal);

    /// The node's watermark; nothing when the node is not in use or has no event time.
    std::optional<base::EventTime> watermark(std::string_view node) const;

    /// How much take_changes() would hold, in rows: a measure for when to commit. A line that
    /// waits, or is in quarantine, weighs as much as fifty rows.
    std::size_t pending() const {
        return rows_.changed() + courses_.changed() + readings_.changed() + gaps_.size() +
               statements_.size() + 50 * (quarantined_.size() + unplaced_.size());
    }

    /// What changed since the last call, to be committed. Each row's revision grows by one. When
    /// the commit fails the engine must forget().
    Changes take_changes();

    /// Drops all state; what is needed is read from the memory again.
    void forget();

  private:
    Step begin(const Arrival& arrival, Node& node) const;
    base::Status accept_record(Step& step, const wire::Record& record);
    base::Result<Outcome> finish(const Step& step);
    base::Result<Node*> find_node(const std::string& name);
    base::Status accept_body(Step& step, const wire::Record& record);
    base::Status accept(Step& step, const wire::Data& data);
    base::Status accept(Step& step, const wire::Failed& failed);
    base::Status accept(Step& step, const wire::SensorFault& fault);
    base::Status accept(Step& step, const wire::SeriesDeclaration& declaration);
    base::Status accept(Step& step, const wire::Gap& gap);
    base::Status accept(Step& step, const wire::ClockSample& sample);
    base::Status accept_since_boot(Step& step, const wire::Record& record, const std::string& boot);
    base::Status accept_placed(Step& step, const wire::Record& record, const BootTie& tie);
    base::Result<Outcome> place(const UnplacedLine& line);
    base::Result<std::optional<Outcome>> retake(const RefusedLine& line);
    base::Result<bool> may_count(const RefusedLine& line, const wire::Record& record);
    base::Result<Node*> move_mark(const Arrival& arrival);
    Series* find_declared(Step& step, const wire::SeriesDeclaration& declaration);
    bool declare(Step& step, const wire::SeriesDeclaration& declaration);
    bool may_redeclare(const Series& series);
    void note_timeless(Step& step, const wire::SeriesDeclaration& declaration);
    void forget_rows();
    void clear_lists();

    EngineOptions options_;
    Memory& memory_;
    Roster roster_;
    Rows rows_;
    Closing closing_;
    Courses courses_;
    Readings readings_;
    WindowCounter counter_;
    Boots boots_;
    bool may_place_ = true;  // A line may wait although its boot is tied.
    std::vector<GapRow> gaps_;
    std::vector<Quarantined> quarantined_;
    std::vector<dimensions::Statement> statements_;
    std::vector<UnplacedLine> unplaced_;
    std::vector<std::int64_t> placed_;
    bool may_retake_ = true;  // The quarantine has not been looked through.
    std::int64_t retaken_up_to_ = 0;
    std::set<std::pair<std::string, std::string>> redeclared_;  // Node and series, from quarantine.
    std::vector<std::int64_t> retaken_;
};

}  // namespace engine
