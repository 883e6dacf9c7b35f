#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "central/engine/changes.hpp"
#include "central/engine/states/stretch.hpp"

namespace engine {

/// A window that the detectors have not seen, or a later one.
struct OpenWindow {
    std::string series;
    base::EventTime start;
};

/// A record in quarantine of which something may count later.
struct RefusedLine {
    std::int64_t id = 0;  // Given by the sink.
    std::string node;
    wire::Incarnation incarnation;
    std::uint64_t seq = 0;
    base::EventTime received;
    std::string line;
    std::string kind;                  // "series_limit"
    std::vector<std::string> parts{};  // As above.
};

/// What was committed before. The engine asks it for what it does not hold itself; a sink
/// implements it. Answers must be those of the last commit.
class Memory : public StretchMemory {
  public:
    virtual base::Result<std::optional<NodeRow>> node(const std::string& node) = 0;

    /// All series of a node.
    virtual base::Result<std::vector<SeriesRow>> series(const std::string& node) = 0;

    virtual base::Result<std::optional<WindowRow>> window(const WindowKey& key) = 0;

    /// Windows of that length that begin before are gone, or will be; nothing when all are kept.
    virtual base::Result<std::optional<base::EventTime>> kept_from(base::Duration span) = 0;

    /// The starts of all windows of that length of the node's series from `from` on, in order; of
    /// each series at most `starts_max`, the earliest.
    virtual base::Result<std::vector<OpenWindow>> open_windows(const std::string& node,
                                                               base::Duration span,
                                                               base::EventTime from,
                                                               std::size_t starts_max) = 0;

    /// What the detectors of a series know; nothing when none ever saw it.
    virtual base::Result<std::optional<detect::Saved>> watch(const std::string& node,
                                                             const std::string& series) = 0;

    virtual base::Result<std::optional<BootRow>> boot(const std::string& node,
                                                      const std::string& boot) = 0;

    /// Lines that wait although their boot is tied to UTC: boot by boot, oldest first, at most so
    /// many.
    virtual base::Result<std::vector<UnplacedLine>> placeable(std::size_t lines_max) = 0;

    /// Lines in quarantine, of which something may count later, with ids above `after`, in their
    /// order, at most so many.
    virtual base::Result<std::vector<RefusedLine>> refused(std::int64_t after,
                                                           std::size_t lines_max) = 0;
};

}  // namespace engine
