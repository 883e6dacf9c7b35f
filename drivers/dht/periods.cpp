#include "drivers/dht/periods.hpp"

#include <algorithm>
#include <numeric>

namespace drivers::dht {

namespace {

// What may be a bit before the frame's own limits are known: from 76 µs (the DHT11's 0) to 134 µs
// (the AM2301's 1), with 20 % to spare.
constexpr double kBitLeastUs = 60;
constexpr double kBitMostUs = 162;

// Between the DHT11's 0 and 1, at the same relative distance e from both: 76 (1 + e) = 120 (1 - e).
constexpr double kUsualLimitUs = 94;
constexpr double kOneToZero = 1.58;

// Clusters nearer than this are one: all bits are the same.
constexpr double kClustersApartUs = 22;

// Between the longest 0 and the shortest 1. Jitter of 15 % leaves 14 µs. Where there are fewer,
// flips that cancel each other out get past the checksum more often than by chance.
constexpr double kGapLeastUs = 10;

// How far from its cluster's mean a bit may be. Two merged 0s take 1.27 times as long as a 1.
constexpr double kZeroLeast = 0.75;
constexpr double kOneMost = 1.22;

struct Limits {
    double least = 0;
    double between = 0;
    double most = 0;
};

double mean(std::span<const double> values) {
    return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

Limits limits_around(double zero, double one, double between) {
    return {.least = zero * kZeroLeast, .between = between, .most = one * kOneMost};
}

Limits limits_of_one_cluster(double middle) {
    const bool zeros = middle < kUsualLimitUs;
    const double zero = zeros ? middle : middle / kOneToZero;
    return limits_around(zero, zero * kOneToZero, zeros ? middle * 1.25 : middle / 1.25);
}

/// Otsu's method (1979): the cut with the greatest variance between the two sides.
Limits find_limits(std::vector<double> bits) {
    if (bits.empty()) return limits_of_one_cluster(kUsualLimitUs / 1.25);
    std::sort(bits.begin(), bits.end());
    const std::span<const double> all(bits);
    std::size_t best = 0;
    double best_variance = 0;
    for (std::size_t cut = 1; cut < all.size(); ++cut) {
        const double apart = mean(all.subspan(cut)) - mean(all.first(cut));
        const double variance =
            apart * apart * static_cast<double>(cut) * static_cast<double>(all.size() - cut);
        if (variance <= best_variance) continue;
        best_variance = variance;
        best = cut;
    }
    if (best == 0) return limits_of_one_cluster(mean(all));
    const double zero = mean(all.first(best));
    const double one = mean(all.subspan(best));
    if (one - zero < kClustersApartUs) return limits_of_one_cluster(mean(all));
    // Then nothing is a bit: a frame in which some bits could be either does not count.
    if (bits[best] - bits[best - 1] < kGapLeastUs) return {};
    return limits_around(zero, one, (bits[best - 1] + bits[best]) / 2);
}

}  // namespace

std::vector<BitRun> find_bit_runs(std::span<const double> periods_us) {
    std::vector<double> bits;
    std::copy_if(periods_us.begin(), periods_us.end(), std::back_inserter(bits),
                 [](double us) { return us >= kBitLeastUs && us <= kBitMostUs; });
    const auto limits = find_limits(std::move(bits));
    std::vector<BitRun> runs;
    bool inside = false;
    for (std::size_t i = 0; i < periods_us.size(); ++i) {
        const double us = periods_us[i];
        const bool is_bit = us >= limits.least && us <= limits.most;
        if (is_bit && !inside) runs.push_back({.first = i, .bits = {}});
        if (is_bit) runs.back().bits.push_back(us > limits.between ? 1 : 0);
        inside = is_bit;
    }
    return runs;
}

}  // namespace drivers::dht
