#pragma once

#include <optional>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "central/engine/engine_options.hpp"
#include "central/pipeline/pipeline_options.hpp"
#include "central/sinks/sink.hpp"

namespace central {

/// Compares series with their neighbours, hour by hour, in what is committed. An hour is judged
/// once every node that has a part in it has passed it; what comes later revises its windows, and
/// is not judged again. It must be asked only when all that the source had is committed: then the
/// order in which partitions are read decides nothing.
class Comparison {
  public:
    Comparison(const PipelineOptions& options, const engine::EngineOptions& engine,
               sinks::Sink& sink);

    /// The next hour that can be judged, to be committed before the next call; nothing when there
    /// is none. After an Error, which is the sink's, or when the commit fails: forget().
    base::Result<std::optional<sinks::Commit>> next(base::Instant now);

    /// Whether another hour may follow at once.
    bool has_more() const { return !due_.empty(); }

    void forget();

  private:
    /// A kind of which hours may be judged that begin at `from` or later and end at `to` or
    /// earlier.
    struct Due {
        sinks::Kind kind;
        base::EventTime from;
        base::EventTime to;
        bool is_over = false;  // It is compared no more: what is known of its series ends.
    };

    base::Status look();
    base::EventTime known_until(const sinks::KindState& state) const;
    base::Result<sinks::Commit> judge(const Due& due, base::EventTime hour);

    bool has_hours_;
    bool is_off_;
    base::Duration every_;
    base::Duration patience_;
    base::Duration bound_;
    sinks::Sink& sink_;
    std::vector<Due> due_;  // The next one last.
    std::optional<base::Instant> look_again_;
};

}  // namespace central
