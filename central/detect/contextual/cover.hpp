#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>

namespace detect::contextual {

/// Remembers up to `kPatterns` patterns of `kWidth` numbers that lie further apart than a radius,
/// which grows as it must. Never forgets what lies apart and never moves a pattern: it answers
/// "have I ever been near here?". Streaming k-centre by doubling (Charikar, Chekuri, Feder and
/// Motwani 1997), with a slower growth of the radius. Of constant size; allocates nothing.
template <std::size_t kWidth, std::size_t kPatterns>
class Cover {
  public:
    using Pattern = std::array<float, kWidth>;

    /// How far the pattern lies from the nearest that is remembered: the mean of the absolute
    /// differences; 0 for the very first. Then remembers it, if it lies apart.
    float novelty(const Pattern& pattern) {
        const float distance = size_ == 0 ? 0 : nearest(pattern);
        if (size_ == 0 || distance > radius_) add(pattern);
        return distance;
    }

  private:
    static constexpr float kGrowth = 1.3F;   // From 1.15 to 1.5 it made no difference.
    static constexpr float kLeast = 1e-30F;  // So that growing ends.

    static float distance_of(const Pattern& one, const Pattern& other) {
        float sum = 0;
        for (std::size_t i = 0; i < kWidth; ++i) sum += std::fabs(one[i] - other[i]);
        return sum / static_cast<float>(kWidth);
    }
    float nearest(const Pattern& pattern) const {
        float least = std::numeric_limits<float>::max();
        for (std::size_t i = 0; i < size_; ++i) {
            least = std::min(least, distance_of(pattern, patterns_[i]));
        }
        return least;
    }
    float closest_pair() const {
        float least = std::numeric_limits<float>::max();
        for (std::size_t i = 1; i < size_; ++i) {
            for (std::size_t j = 0; j < i; ++j) {
                least = std::min(least, distance_of(patterns_[i], patterns_[j]));
            }
        }
        return least;
    }
    void add(const Pattern& pattern) {
        patterns_[size_++] = pattern;
        if (size_ <= kPatterns) return;
        const float least = std::max(closest_pair(), kLeast);
        if (radius_ == 0) radius_ = least;
        while (radius_ < least) radius_ *= kGrowth;
        thin();
    }
    /// Of two patterns within the radius the older one stays. At least one goes, as the radius is
    /// at least the smallest distance.
    void thin() {
        std::size_t kept = 0;
        for (std::size_t i = 0; i < size_; ++i) {
            const auto near = [&](const Pattern& older) {
                return distance_of(patterns_[i], older) <= radius_;
            };
            const auto end = patterns_.begin() + static_cast<std::ptrdiff_t>(kept);
            if (std::none_of(patterns_.begin(), end, near)) patterns_[kept++] = patterns_[i];
        }
        size_ = static_cast<std::uint32_t>(kept);
    }

    std::array<Pattern, kPatterns + 1> patterns_{};  // The oldest first; room for one too many.
    float radius_ = 0;
    std::uint32_t size_ = 0;
};

}  // namespace detect::contextual
