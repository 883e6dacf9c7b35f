#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/clock.hpp"
#include "central/engine/changes.hpp"

namespace api {

/// What a reader may believe of a window.
enum class WindowState {
    complete,     // Nothing of it is known to be missing.
    provisional,  // The watermark has not passed it: more may come.
    known_gap,    // Something is missing.
};

/// "c", "p" or "g": short, as there is one for every window of an answer.
const char* letter(WindowState state);

/// How far behind its newest reading a node's event time counts as known, unless configured
/// otherwise for the engine.
constexpr base::Duration kWatermarkBound = std::chrono::seconds{10};

/// The node's newest event time less the bound; nothing when it has no readings yet.
std::optional<base::EventTime> watermark_of(const engine::NodeRow& node,
                                            base::Duration bound = kWatermarkBound);

/// How many readings a window should hold by the series' declared period, or nothing when it
/// declared none. The window in which the series began counts from its first reading.
std::optional<std::uint64_t> expected_readings(const engine::SeriesRow& series,
                                               base::EventTime start, base::Duration span);

/// The spans of time in which readings are declared gone, for many quick questions. Gaps without
/// times are not in it: nobody knows which windows they belong to; nor is what was thinned: its
/// readings are there, in partials.
class GapSpans {
  public:
    explicit GapSpans(const std::vector<engine::GapRow>& gaps);

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

/// Provisional before the watermark; then a known gap when one was declared in it, or when it holds
/// fewer readings than expected (one less is jitter at the edge), or none at all where nothing is
/// known of the period; else complete.
WindowState judge(const WindowFacts& window, std::optional<base::EventTime> watermark,
                  const GapSpans& gaps);

}  // namespace api
