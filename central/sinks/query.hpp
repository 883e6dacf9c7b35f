#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "engine/changes.hpp"
#include "engine/window.hpp"

namespace sinks {

struct WindowRange {
    std::string node;
    std::string series;
    base::Duration span{};
    base::EventTime from;  // Inclusive.
    base::EventTime to;    // Exclusive.
    std::size_t rows_max = 10'000;
};

/// The read side of a sink: what the API shows. Sees committed rows only.
class Query {
  public:
    virtual ~Query() = default;

    /// All nodes, by name.
    virtual base::Result<std::vector<engine::NodeRow>> nodes() = 0;

    /// All series of a node, or of all nodes when it is empty, by node and name.
    virtual base::Result<std::vector<engine::SeriesRow>> series(const std::string& node) = 0;

    /// Rows whose start is in [from, to), oldest first; at most rows_max + 1 (one more tells that
    /// there are more).
    virtual base::Result<std::vector<std::pair<base::EventTime, engine::WindowRow>>> windows(
        const WindowRange& range) = 0;

    /// Declared gaps of a node that overlap [from, to), and those without times.
    virtual base::Result<std::vector<engine::GapRow>> gaps(const std::string& node,
                                                           base::EventTime from,
                                                           base::EventTime to) = 0;
};

}  // namespace sinks
