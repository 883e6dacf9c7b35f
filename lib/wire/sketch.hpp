#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace wire {

/// A DDSketch: the distribution of a run of readings. It gives any quantile to a relative error of
/// 1 %. Sketches merge exactly: the sketch of the whole has the same buckets as the merged sketches
/// of its parts, in whatever order. Never grows beyond kBucketsMax buckets for either sign.
///
/// C. Masson, J. E. Rim, H. K. Lee: DDSketch: A Fast and Fully-Mergeable Quantile Sketch with
/// Relative-Error Guarantees, PVLDB 12(12), 2019. The buckets are those of its cubically
/// interpolated mapping: a positive x = 2^e (1 + s), 0 <= s < 1, is in bucket
/// floor(35 e + 50 s - 21 s^2 + 6 s^3). That never grows slower than 50 ln x, so a bucket's bounds
/// are at most a factor e^0.02 apart and its middle is within tanh 0.01 < 1 % of any value in it.
/// It needs no logarithm, so all machines agree on the buckets.
class Sketch {
  public:
    struct Bucket {
        std::int32_t index = 0;
        std::uint64_t count = 0;
        friend bool operator==(const Bucket&, const Bucket&) = default;
    };

    /// For one sign. Values more than a factor e^40 below the largest share the lowest bucket.
    static constexpr std::int32_t kBucketsMax = 2048;

    /// Values as close to zero as this are counted as zero.
    static constexpr double kZeroMax = 1e-9;

    static constexpr double kRelativeError = 0.01;

    /// A finite value.
    void add(double value);
    void merge(const Sketch& other);

    std::uint64_t count() const;

    /// An estimate of the value below which a share q (0..1) of the readings lies; 0 if there are
    /// none.
    double quantile(double q) const;

    /// `positive|negative|zeros` without trailing empty parts. Buckets stand in ascending order as
    /// index:count, joined by commas; each index but the first is the distance from the one before;
    /// `:count` is left out if it is 1. The negative part has the buckets of the absolute values.
    std::string encode() const;

    /// Malformed if the text is not one that encode() writes.
    static base::Result<Sketch> decode(std::string_view text);

    friend bool operator==(const Sketch&, const Sketch&) = default;

  private:
    using Buckets = std::vector<Bucket>;  // Ascending, no count is 0.

    Buckets positive_;
    Buckets negative_;
    std::uint64_t zeros_ = 0;
};

}  // namespace wire
