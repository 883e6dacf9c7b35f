#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/clock.hpp"
#include "central/engine/changes.hpp"

namespace engine {

/// How far a window can be believed.
enum class WindowState {
    complete,     // Nothing of it is known to be missing.
    provisional,  // The watermark has not passed it: more may come.
    known_gap,    // Something is missing.
};

/// How many readings a window should hold by the series' declared period; nothing when it declared
/// none. In the window in which the series began, only the time from its first reading counts.
std::optional<std::uint64_t> expected_readings(const SeriesRow& series, base::EventTime start,
                                               base::Duration span);

/// The spans of time in which readings are declared gone, for many quick questions. Leaves out gaps
/// without times, as it is not known which windows they belong to, and thinned records, as their
/// readings are there, in partials.
class GapSpans {
  public:
    explicit GapSpans(const std::vector<GapRow>& gaps);

    /// Whether a gap touches [start, end).
    bool overlap(base::EventTime start, base::EventTime end) const;

  private:
    struct Span {
        base::EventTime first;
        base::EventTime last;  // Inclusive.
    };

    std::vector<Span> spans_;  // Disjoint, in order.
};

struct WindowFacts {
    base::EventTime start;
    base::Duration span{};
    std::uint64_t count = 0;
    std::uint64_t failed = 0;
    std::optional<std::uint64_t> expected;
};

/// A window is provisional until the watermark has passed it. Then it is a known gap when a gap was
/// declared in it, when it holds fewer readings than expected (one less is jitter at the edge), or,
/// without a known period, when it holds none. Else it is complete.
WindowState judge(const WindowFacts& window, std::optional<base::EventTime> watermark,
                  const GapSpans& gaps);

}  // namespace engine
