#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "central/detect/contextual/cover.hpp"
#include "central/detect/contextual/habit.hpp"
#include "central/detect/contextual/rarity.hpp"

namespace detect::contextual {

/// In which way a reading is unlike those before it.
enum class Family : std::uint8_t {
    recent,  // By itself, or beside the readings just before it.
    shape,   // As a stretch of the last 96 readings.
    weekly,  // For this hour of the week.
    habit,   // At this time of the day.
};
constexpr std::size_t kFamilies = 4;

/// What the detector says of one reading.
struct Verdict {
    double score = 0;       // 0..1; from 0.5 on it is odd. 0 while the same episode goes on.
    double surprise = 0;    // 0..1; the same, not held back within an episode: for charts.
    bool is_alert = false;  // So odd, after so long, that a person should look.
    Family family = Family::recent;  // The one that contributes most.
    double decades = 0;              // How rare that alone is: 3 is once in a thousand readings.
};

/// The state of one series. Judges each reading by those before it: how new it is to what was ever
/// seen (Cover), how rare so much novelty is for this series (Rarity), by several views of it whose
/// rarities are added. Knows no unit and no range, and never looks ahead. Of constant size, below
/// 10 KiB, trivially copyable; about a microsecond a reading; asks no clock, allocates nothing.
/// Readings must come in the order of their times. It is made for one reading in 1 to 60 minutes;
/// give it means of faster series.
class Detector {
  public:
    /// `seconds` since 1970, in local time where people's habits matter. A value that is not
    /// finite gets an empty verdict and teaches nothing; beyond 1e29 all are alike.
    Verdict judge(std::int64_t seconds, double value);

  private:
    static constexpr std::size_t kViews = 9;
    static constexpr std::size_t kStretch = 96;  // Readings that make a shape.
    static constexpr std::size_t kQuiet = 100;   // Readings of an episode: one alert in each.
    static constexpr std::size_t kPatterns = 32;
    static constexpr std::size_t kShapes = 64;

    void remember(std::int64_t seconds, float value);
    float ago(std::size_t readings) const { return newest_end()[-1 - static_cast<int>(readings)]; }
    const float* newest_end() const;
    std::array<float, 4> shape() const;
    std::array<double, kViews> novelties(std::int64_t seconds, double value);
    double add_rarities(const std::array<double, kViews>& novelties, Verdict& verdict);
    bool is_higher(double sum);

    std::uint64_t readings_ = 0;
    std::int64_t first_seconds_ = 0;
    std::array<float, 2 * kStretch>
        past_{};                        // Each written twice, so that a stretch is in one piece.
    std::array<float, kQuiet> sums_{};  // Of the last readings.
    float fast_ = 0;                    // Means of about 16
    float slow_ = 0;                    // and of about 50 readings.
    float fatigue_ = 0;                 // Decades that recent alerts add to the bar.
    Habit<48, 86'400> day_;
    Habit<168, 604'800> week_;
    Cover<1, kPatterns> values_;
    std::array<Cover<2, kPatterns>, 6> pairs_;
    Cover<4, kShapes> shapes_;
    std::array<Rarity, kViews> rarities_;
};

}  // namespace detect::contextual
