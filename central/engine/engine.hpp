#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "engine/changes.hpp"
#include "engine/memory.hpp"
#include "engine/outcome.hpp"
#include "engine/roster.hpp"
#include "engine/rows.hpp"
#include "wire/limits.hpp"
#include "wire/record.hpp"

namespace engine {

struct EngineOptions {
    /// Lengths of the windows, ascending; each divides the next. The smallest decides what is late.
    std::vector<base::Duration> spans{std::chrono::minutes{1}, std::chrono::hours{1}};

    /// How long after its newest event time a node may still send older readings without their
    /// being late.
    base::Duration watermark_bound = std::chrono::seconds{10};

    /// Readings further ahead of their arrival are counted but never advance the watermark.
    base::Duration future_max = std::chrono::minutes{5};

    /// Series of a node; more are not counted but quarantined.
    std::size_t series_per_node_max = wire::kSeriesPerNodeMax;

    std::size_t rows_max = 100'000;  // Window rows kept between commits.
    std::size_t nodes_max = 50'000;  // Nodes kept between commits, each with its series.
};

/// Done, or what is wrong with the options (misconfigured).
base::Status check(const EngineOptions& options);

/// A record's place in the world.
struct Arrival {
    std::string node;
    wire::Incarnation incarnation;
    wire::Mark mark;           // Its sequence number and chain value.
    base::EventTime received;  // When the bridge took it.
    std::string_view line;     // Lives for as long as the call.
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

    /// Keeps a record for a person.
    void quarantine(const Arrival& arrival, const Refusal& refusal);

    /// Everything before it is known of that node; nothing when the node is unknown or told no
    /// time. Looks only at nodes in use.
    std::optional<base::EventTime> watermark(std::string_view node) const;

    /// How much take_changes() would hold, in rows; a line in quarantine weighs as much as fifty. A
    /// measure for when to commit.
    std::size_t pending() const {
        return rows_.changed() + gaps_.size() + 50 * quarantined_.size();
    }

    /// What changed since the last call, to be committed. Each row's revision grows by one. When
    /// the commit fails the engine must forget().
    Changes take_changes();

    /// Drops all state: what is needed is read from the memory again.
    void forget();

  private:
    struct Step;  // One record on its way through.

    base::Status take(Step& step, const wire::Data& data);
    base::Status take(Step& step, const wire::SeriesDeclaration& declaration);
    base::Status take(Step& step, const wire::Gap& gap);
    base::Status take(Step& step, const wire::ClockSample& sample);
    base::Status take(Step& step, const wire::SensorFault& fault);
    base::Status take_column(Step& step, const wire::Data& data, const wire::Column& column);
    base::Status merge(Step& step, Series& series, const Run& run, std::size_t first_span);
    void advance(Step& step, base::EventTime at) const;
    base::Result<Node*> meet(const Arrival& arrival);

    EngineOptions options_;
    Roster roster_;
    Rows rows_;
    std::vector<Run> runs_;  // Of one column; kept for its room.
    std::vector<GapRow> gaps_;
    std::vector<Quarantined> quarantined_;
};

}  // namespace engine
