#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "central/detect/core/finding.hpp"
#include "central/engine/changes.hpp"
#include "central/engine/engine_options.hpp"
#include "central/engine/memory.hpp"
#include "central/engine/roster.hpp"
#include "central/engine/rows.hpp"

namespace engine {

/// Shows the detectors each window once, when the watermark of its node has passed it, in the order
/// of the windows. What comes later revises the row, and is not judged again. So the findings
/// depend on the records and their order alone: not on when they are committed, nor on what dies in
/// between.
class Closing {
  public:
    Closing(const EngineOptions& options, Rows& rows, Memory& memory);

    /// The place of the watched windows' length in the list of lengths.
    std::size_t span() const { return span_; }

    /// Takes up what waits of a node that was read from the memory.
    base::Status recall(Node& node);

    /// The series was declared anew.
    void describe(Series& series) const;

    /// Readings came to the window. `watermark` is that before their record.
    void open(Series& series, base::EventTime start, std::optional<base::EventTime> watermark);

    /// So many reads of the series failed at about that time.
    base::Status fail(Series& series, base::EventTime at, std::uint64_t reads,
                      const std::string& reason);

    /// Judges all windows that the node's watermark has passed since it was `before`.
    base::Status close(Node& node, std::optional<base::EventTime> before);

    /// Moves out findings, and what the detectors know.
    void take_changes(Changes& changes);

    void forget();

  private:
    using Due = std::pair<base::EventTime, Series*>;

    bool is_off() const { return !options_.detection; }
    base::EventTime floor(base::EventTime t) const;
    std::vector<Due> take_due(Node& node, base::EventTime mark);
    base::Status see(Series& series, base::EventTime start);
    base::Status pass(Node& node, base::EventTime before, base::EventTime now);
    base::Result<Watched*> watched(Series& series);
    void note(Series& series);

    const EngineOptions& options_;
    Rows& rows_;
    Memory& memory_;
    std::size_t span_ = 0;
    base::Duration length_{};
    std::vector<Series*> changed_;
    std::map<detect::FindingKey, detect::Finding> findings_;
    std::vector<detect::Finding> found_;  // By one detector call; kept for its room.
};

}  // namespace engine
