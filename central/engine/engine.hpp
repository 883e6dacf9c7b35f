#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "central/engine/boots.hpp"
#include "central/engine/changes.hpp"
#include "central/engine/engine_options.hpp"
#include "central/engine/memory.hpp"
#include "central/engine/outcome.hpp"
#include "central/engine/roster.hpp"
#include "central/engine/rows.hpp"
#include "wire/record.hpp"

namespace engine {

/// A record's place in the world.
struct Arrival {
    std::string node;
    wire::Incarnation incarnation;
    wire::Mark mark;           // Its sequence number and chain value.
    base::EventTime received;  // When the bridge took it.
    std::string_view line;     // Lives for as long as the call.
};

/// A record that had waited for a clock, and what became of it.
struct Placed {
    std::string node;
    Outcome outcome;
};

/// Turns records into rows: windows, series, nodes, gaps. Does no I/O but asking its memory, asks
/// no clock: the same calls give the same changes. It sees each record once; that is its caller's
/// business. After an Error of the memory it must forget().
class Engine {
  public:
    /// ENSUREs check(options).
    Engine(EngineOptions options, Memory& memory);

    /// Takes one record; `decoded` is what wire::decode_record says of its line.
    base::Result<Outcome> apply(const Arrival& arrival, const base::Result<wire::Record>& decoded);

    /// Records that are gone: mark.seq of the arrival is the last of them, `from` the first.
    base::Status lose(const Arrival& arrival, std::uint64_t from);

    /// A record that changes nothing but how far its node is.
    base::Status pass(const Arrival& arrival);

    /// Counts records that waited and whose boot is tied to UTC by now, as far as that was
    /// committed: at most so many, and none once pending() has reached `rows_max`. At most once
    /// between two take_changes(), before anything else.
    base::Result<std::vector<Placed>> place(std::size_t lines_max, std::size_t rows_max);

    /// Keeps a record for a person.
    void quarantine(const Arrival& arrival, const Refusal& refusal);

    /// Everything before it is known of that node; nothing when the node is unknown or told no
    /// time. Looks only at nodes in use.
    std::optional<base::EventTime> watermark(std::string_view node) const;

    /// How much take_changes() would hold, in rows; a line in quarantine, or one that waits, weighs
    /// as much as fifty. A measure for when to commit.
    std::size_t pending() const {
        return rows_.changed() + gaps_.size() + 50 * (quarantined_.size() + unplaced_.size());
    }

    /// What changed since the last call, to be committed. Each row's revision grows by one. When
    /// the commit fails the engine must forget().
    Changes take_changes();

    /// Drops all state: what is needed is read from the memory again.
    void forget();

  private:
    struct Step;  // One record on its way through: step.hpp.

    Step begin(const Arrival& arrival, Node& node) const;
    Outcome finish(const Step& step);
    base::Status take(Step& step, const wire::Data& data);
    base::Status take(Step& step, const wire::SeriesDeclaration& declaration);
    base::Status take(Step& step, const wire::Gap& gap);
    base::Status take(Step& step, const wire::ClockSample& sample);
    base::Status take(Step& step, const wire::SensorFault& fault);
    base::Status take_column(Step& step, const wire::Data& data, const wire::Column& column);
    base::Status merge(Step& step, Series& series, const Run& run, std::size_t first_span);
    void advance(Step& step, base::EventTime at) const;
    base::Status take_since_boot(Step& step, const wire::Record& record, const std::string& boot);
    base::Status take_placed(Step& step, const wire::Record& record, const BootTie& tie);
    base::Result<Outcome> place(const UnplacedLine& line);
    void clear_lists();
    base::Result<Node*> meet(const Arrival& arrival);

    EngineOptions options_;
    Memory& memory_;
    Roster roster_;
    Rows rows_;
    Boots boots_;
    bool may_place_ = true;  // Lines may wait whose boot is tied.
    std::vector<Run> runs_;  // Of one column; kept for its room.
    std::vector<GapRow> gaps_;
    std::vector<Quarantined> quarantined_;
    std::vector<UnplacedLine> unplaced_;
    std::vector<std::int64_t> placed_;
};

}  // namespace engine
