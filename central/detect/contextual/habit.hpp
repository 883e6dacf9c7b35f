#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

namespace detect::contextual {

/// What is usual at each time of a period that repeats, as a day or a week: a mean for each of
/// `kSlots` equal slots, in which newer readings weigh more. Of constant size.
template <std::size_t kSlots, std::int64_t kPeriodSeconds>
class Habit {
  public:
    /// How far the value lies from the usual one at this time; 0 when none is known yet.
    double residual(std::int64_t seconds, double value) const {
        const auto slot = slot_at(seconds);
        return seen_[slot] == 0 ? 0.0 : value - static_cast<double>(means_[slot]);
    }
    void learn(std::int64_t seconds, double value) {
        const auto slot = slot_at(seconds);
        if (seen_[slot] < 255) ++seen_[slot];
        const double weight = std::max(kLeastWeight, 1.0 / seen_[slot]);
        means_[slot] += static_cast<float>((value - static_cast<double>(means_[slot])) * weight);
    }

  private:
    static constexpr double kLeastWeight = 0.2;  // Of a new reading: the last few periods count.

    static std::size_t slot_at(std::int64_t seconds) {
        const auto within = (seconds % kPeriodSeconds + kPeriodSeconds) % kPeriodSeconds;
        return static_cast<std::size_t>(within) * kSlots / static_cast<std::size_t>(kPeriodSeconds);
    }

    std::array<float, kSlots> means_{};
    std::array<std::uint8_t, kSlots> seen_{};
};

}  // namespace detect::contextual
