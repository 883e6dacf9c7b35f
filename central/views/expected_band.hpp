#pragma once

#include <chrono>
#include <optional>
#include <vector>

#include "base/clock.hpp"
#include "central/views/window_rows.hpp"

namespace views {

/// Between which values the readings of an hour were, on days before.
struct Band {
    double low = 0;
    double high = 0;
    int days = 0;  // On how many of them there were any.
};

/// What is to be expected of a series at an hour, by its hourly windows: the least and the greatest
/// reading of the same hour of the day (UTC) on the 14 days before. Never looks ahead.
class ExpectedBand {
  public:
    static constexpr int kDays = 14;
    static constexpr int kDaysMin = 3;
    static constexpr base::Duration kReach = kDays * std::chrono::hours{24};

    /// Hourly windows in order of time.
    explicit ExpectedBand(std::vector<WindowAt> hours) : hours_(std::move(hours)) {}

    /// Of the hour that contains the time; nothing when fewer than kDaysMin days are known.
    std::optional<Band> at(base::EventTime time) const;

    /// The row of the hour that begins there, or null.
    const engine::WindowRow* hour(base::EventTime start) const;

  private:
    std::vector<WindowAt> hours_;
};

}  // namespace views
