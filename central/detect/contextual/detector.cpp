#include "central/detect/contextual/detector.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <type_traits>

namespace detect::contextual {

namespace {

// Found by a study on labelled series; README.md says how much each matters.
constexpr std::size_t kLag = 16;          // Readings to the one that a reading is compared with.
constexpr std::size_t kStep = 24;         // Readings in each of the four means of a shape.
constexpr std::uint64_t kSilent = 100;    // Readings without a verdict at first,
constexpr std::uint64_t kUnlearned = 50;  // and without learning what is rare: all is new then.
constexpr double kOddDecades = 4.3;     // By which a reading is rarer than usual at a score of 0.5.
constexpr double kBarGrowth = 0.4;      // Decades for each decade of readings: more chances.
constexpr double kMarginDecades = 0.2;  // By which an episode must worsen to alert again.
constexpr float kFatigueDecades = 0.32F;  // That each odd episode adds to the bar,
constexpr float kRest = 8000;             // until about so many readings later.
// An alert is for people: at most one false one in 15 000 readings of quiet real series.
constexpr double kAlertDecades = 8.0;            // A score of 0.65,
constexpr std::int64_t kAlertSeconds = 259'200;  // and three days, to know the time of the day.
constexpr double kLargest = 1e29;                // A float holds sums of it.
constexpr float kNever = -1e30F;

struct View {
    Family family;
    double share;  // The weight of its family, divided by the number of its views.
};
constexpr std::array<View, 9> kViewsOf{{{Family::recent, 4.0 / 12},
                                        {Family::recent, 4.0 / 12},
                                        {Family::recent, 4.0 / 12},
                                        {Family::recent, 4.0 / 12},
                                        {Family::shape, 2.0 / 3},
                                        {Family::weekly, 4.0 / 9},
                                        {Family::weekly, 4.0 / 9},
                                        {Family::weekly, 4.0 / 9},
                                        {Family::habit, 2.0 / 3}}};
constexpr std::array<double, kFamilies> kWeights{4.0 / 3, 2.0 / 3, 4.0 / 3, 2.0 / 3};

}  // namespace

static_assert(std::is_trivially_copyable_v<Detector>);
static_assert(sizeof(Detector) <= 10 * 1024);

Verdict Detector::judge(std::int64_t seconds, double value) {
    Verdict verdict;
    if (!std::isfinite(value)) return verdict;
    value = std::clamp(value, -kLargest, kLargest);
    remember(seconds, static_cast<float>(value));
    const double sum = add_rarities(novelties(seconds, value), verdict);
    fatigue_ -= fatigue_ / kRest;
    const double excess = sum - static_cast<double>(fatigue_);
    const bool higher = is_higher(sum);
    verdict.surprise = excess > 0 ? excess / (excess + kOddDecades) : 0;
    verdict.score = higher ? verdict.surprise : 0;
    if (higher && excess >= kOddDecades) fatigue_ += kFatigueDecades;
    verdict.is_alert =
        higher && excess >= kAlertDecades && seconds - first_seconds_ >= kAlertSeconds;
    return verdict;
}

void Detector::remember(std::int64_t seconds, float value) {
    if (readings_ == 0) {
        first_seconds_ = seconds;
        past_.fill(value);
        sums_.fill(kNever);
    }
    const auto at = readings_ % kStretch;
    past_[at] = past_[at + kStretch] = value;
    ++readings_;
    const float share = 1 / static_cast<float>(readings_);
    fast_ += (value - fast_) * std::max(1 / 16.0F, share);
    slow_ += (value - slow_) * std::max(1 / 50.0F, share);
}

const float* Detector::newest_end() const {
    return past_.data() + (readings_ - 1) % kStretch + kStretch + 1;
}

/// Means of the last four steps, the newest first.
std::array<float, 4> Detector::shape() const {
    std::array<float, 4> means{};
    for (std::size_t step = 0; step < means.size(); ++step) {
        for (std::size_t i = 0; i < kStep; ++i) means[step] += ago(step * kStep + i);
        means[step] /= kStep;
    }
    return means;
}

/// How far each view of the reading lies from all that it showed before.
std::array<double, Detector::kViews> Detector::novelties(std::int64_t seconds, double value) {
    const auto now = static_cast<float>(value);
    const float before = ago(kLag);
    const auto daily = static_cast<float>(day_.residual(seconds, value));
    const auto weekly = static_cast<float>(week_.residual(seconds, value));
    day_.learn(seconds, value);
    week_.learn(seconds, value);
    return {values_.novelty({now}),
            pairs_[0].novelty({now, before}),
            pairs_[1].novelty({now, fast_}),
            pairs_[2].novelty({now, slow_}),
            shapes_.novelty(shape()),
            pairs_[3].novelty({now, weekly}),
            pairs_[4].novelty({weekly, before}),
            pairs_[5].novelty({daily, weekly}),
            static_cast<double>(std::min(std::fabs(daily), std::fabs(weekly)))};
}

/// The weighted sum of the rarities, less what a long history lets chance reach.
double Detector::add_rarities(const std::array<double, kViews>& novelties, Verdict& verdict) {
    std::array<double, kFamilies> parts{};
    for (std::size_t i = 0; i < kViews; ++i) {
        const auto& view = kViewsOf[i];
        if (readings_ > kSilent) {
            parts[static_cast<std::size_t>(view.family)] +=
                view.share * rarities_[i].decades(novelties[i]);
        }
        if (readings_ > kUnlearned) rarities_[i].learn(novelties[i]);
    }
    const auto largest = std::max_element(parts.begin(), parts.end());
    const auto family = static_cast<std::size_t>(largest - parts.begin());
    verdict.family = static_cast<Family>(family);
    verdict.decades = *largest / kWeights[family];
    const auto chances = static_cast<double>(std::max(readings_, kSilent));
    return std::accumulate(parts.begin(), parts.end(), 0.0) - kBarGrowth * std::log10(chances);
}

/// Whether the sum is clearly above those of the last readings, which it joins.
bool Detector::is_higher(double sum) {
    const double before = static_cast<double>(*std::max_element(sums_.begin(), sums_.end()));
    const bool higher = sum > before + kMarginDecades;
    sums_[readings_ % kQuiet] = static_cast<float>(sum);
    return higher;
}

}  // namespace detect::contextual
