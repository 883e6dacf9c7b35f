#pragma once

#include <cstdint>
#include <vector>

#include "base/clock.hpp"
#include "central/engine/changes.hpp"
#include "central/engine/quality/completeness.hpp"
#include "central/views/window_rows.hpp"

namespace views {

/// What is around each window of a series, by its rows. Reads nothing.
class Surroundings {
  public:
    /// Keeps no reference to the rows.
    explicit Surroundings(const WindowRows& rows);

    /// The readings next to the window that begins there, whatever span tells of them.
    engine::Around around(base::EventTime start) const;

    /// Whether a wider window around it knows more than the windows of this span.
    bool is_coarse(base::EventTime start) const;

    /// Whether the windows of this span know less than half of all readings.
    bool are_most_coarse() const;

  private:
    struct Run {
        base::EventTime start;  // Of its window.
        base::EventTime first;
        base::EventTime last;
    };
    using Runs = std::vector<Run>;

    static Runs runs_of(const std::vector<WindowAt>& windows);
    static void extend(engine::Around& around, const Runs& runs, base::EventTime start,
                       base::Duration span);

    base::Duration span_;
    base::Duration wide_span_;
    Runs runs_;  // Of the windows that have readings.
    Runs wide_runs_;
    std::vector<base::EventTime> coarse_;  // Starts of wide windows, in order.
    std::uint64_t known_ = 0;  // Readings in windows of this span, and in the wide ones.
    std::uint64_t known_wide_ = 0;
    engine::Around outside_;
};

}  // namespace views
