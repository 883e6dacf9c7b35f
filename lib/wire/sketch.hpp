#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace wire {

/// A DDSketch: how the readings of a run are distributed, so that any quantile can be asked to a
/// relative error of 1 %, and the sketches of two runs can be merged exactly: the sketch of the
/// whole has the same buckets as the merged sketches of its parts, in whatever order. Never grows
/// beyond kBucketsMax buckets for either sign.
///
/// C. Masson, J. E. Rim, H. K. Lee: DDSketch: A Fast and Fully-Mergeable Quantile Sketch with
/// Relative-Error Guarantees, PVLDB 12(12), 2019. The buckets are those of its cubically
/// interpolated mapping: a positive x = 2^e (1 + s), 0 <= s < 1, is in bucket
/// floor(35 e + 50 s - 21 s^2 + 6 s^3). That never grows slower than 50 ln x, so that a bucket's
/// bounds are at most e^0.02 apart and its middle is at most tanh 0.01 < 1 % from any value in it;
/// and it needs no logarithm, so that all machines agree on the buckets.
class Sketch {
  public:
    struct Bucket {
        std::int32_t index = 0;
        std::uint64_t count = 0;
        friend bool operator==(const Bucket&, const Bucket&) = default;
    };

    /// Of one sign. Values more than e^40 below the largest share the lowest bucket.
    static constexpr std::int32_t kBucketsMax = 2048;

    /// Values as close to zero as this are counted as zero.
    static constexpr double kZeroMax = 1e-9;

    static constexpr double kRelativeError = 0.01;

    /// A finite value.
    void add(double value);
    void merge(const Sketch& other);

    std::uint64_t count() const;

    /// An estimate of the value below which a share q (0..1) of the readings lies; 0 when there
    /// are none.
    double quantile(double q) const;

    /// `positive|negative|zeros`, trailing empty parts left out: buckets in ascending order as
    /// index:count, joined by commas; each index but the first as the distance from the one before;
    /// `:count` left out when it is 1. The negative part has the buckets of the absolute values.
    std::string encode() const;

    /// Malformed when the text is not what encode() writes.
    static base::Result<Sketch> decode(std::string_view text);

    friend bool operator==(const Sketch&, const Sketch&) = default;

  private:
    using Buckets = std::vector<Bucket>;  // Ascending, no count is 0.

    Buckets positive_;
    Buckets negative_;
    std::uint64_t zeros_ = 0;
};

}  // namespace wire
