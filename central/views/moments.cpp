#include "central/views/moments.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace views {

void Moments::add(const wire::Summary& summary) {
    if (summary.count == 0) return;
    const auto n = static_cast<double>(summary.count);
    const auto mean = std::clamp(summary.sum / n, summary.min, summary.max);
    if (summary.min < summary.max) {
        squares_ += std::max(0.0, summary.sumsq - summary.sum * (summary.sum / n));
        noise_ += n * std::numeric_limits<double>::epsilon() * summary.sumsq;
    }
    const auto before = static_cast<double>(count_);
    const auto distance = mean - mean_;
    squares_ += distance * distance * (before * n / (before + n));
    mean_ += distance * (n / (before + n));
    min_ = count_ == 0 ? summary.min : std::min(min_, summary.min);
    max_ = count_ == 0 ? summary.max : std::max(max_, summary.max);
    count_ += summary.count;
}

std::optional<double> Moments::mean() const {
    if (count_ == 0) return std::nullopt;
    return std::clamp(mean_, min_, max_);
}

std::optional<double> Moments::min() const {
    return count_ == 0 ? std::nullopt : std::optional{min_};
}

std::optional<double> Moments::max() const {
    return count_ == 0 ? std::nullopt : std::optional{max_};
}

std::optional<double> Moments::deviation() const {
    constexpr double kNoiseShareMax = 0.02;  // Of the squares: half of that of their root.
    if (count_ == 0) return std::nullopt;
    if (min_ == max_) return 0.0;
    if (noise_ > kNoiseShareMax * squares_) return std::nullopt;
    // No readings can be further apart.
    return std::min(std::sqrt(squares_ / static_cast<double>(count_)), (max_ - min_) / 2);
}

}  // namespace views
