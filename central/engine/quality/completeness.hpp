#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/clock.hpp"
#include "central/dimensions/cadence.hpp"
#include "central/engine/changes.hpp"

namespace engine {

/// How far a window can be believed.
enum class WindowState {
    complete,     // Every reading that was due in it is there.
    provisional,  // More may come: the watermark has not passed it, or a reading may be late.
    known_gap,    // Something is missing, or failed.
    nothing_due,  // It is empty, and no reading was due in it.
    unclaimed,    // Nothing says what was due: the series has no period, or readings between it.
    only_wider,   // What is missing is known, but only in wider windows.
};

/// The spans of time in which readings are declared gone, for many quick questions. Leaves out gaps
/// without times, as it is not known which windows they belong to, and thinned records, as their
/// readings are there, in partials.
class GapSpans {
  public:
    explicit GapSpans(const std::vector<GapRow>& gaps);

    /// Whether a gap touches [start, end).
    bool overlap(base::EventTime start, base::EventTime end) const;

    /// How many readings that are `period` apart the gaps held in [start, end), at most.
    std::uint64_t held(base::EventTime start, base::EventTime end, base::Duration period) const;

  private:
    struct Span {
        base::EventTime first;
        base::EventTime last;  // Inclusive.
    };

    using Spans = std::vector<Span>;

    Spans::const_iterator find(base::EventTime start) const;

    Spans spans_;  // Disjoint, in order.
};

/// The readings of the series next to a window, outside it; nothing when there is none.
struct Around {
    std::optional<base::EventTime> before;
    std::optional<base::EventTime> after;
};

struct WindowFacts {
    base::EventTime start;
    base::Duration span{};
    const WindowRow& row;  // Of count 0 when there is none.
    Around around;
    bool is_coarse = false;  // A wider window has more readings than its windows of this span.
};

/// How often readings of the series were due in the window.
dimensions::Cadence cadence_in(const WindowFacts& window, const SeriesRow& series);

struct Judgement {
    WindowState state = WindowState::provisional;

    /// How many readings were due: those that are there and those that are missing. Nothing when
    /// the series has no period, or got another one in the window. Before the watermark has passed
    /// the window, how many fit into it.
    std::optional<std::uint64_t> expected;
};

/// Judges a window by the readings that were due in it and around it. With a period P, readings
/// more than 1.5 P apart have missing ones between them, due P after the earlier one and every P
/// from there; a window is a known gap when one was due in it, or when readings failed in it and it
/// is not full. A reading is missing half a period after it was due; until the watermark is there,
/// the window stays provisional. So every outage of more than 1.5 P makes a known gap of at least
/// one window, and readings within a quarter of P of their times make none. P is the period that
/// was declared for the time of the window: a window in which it changed is judged by the longer
/// one, and never complete.
Judgement judge(const WindowFacts& window, const SeriesRow& series,
                std::optional<base::EventTime> watermark, const GapSpans& gaps);

/// Whether the state of a window that ends there may depend on what is around it or in wider ones:
/// else these need not be looked up.
bool depends_on_surroundings(const SeriesRow& series, base::EventTime end, const WindowRow& row,
                             std::optional<base::EventTime> watermark);

}  // namespace engine
