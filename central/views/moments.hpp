#pragma once

#include <cstdint>
#include <optional>

#include "wire/summary.hpp"

namespace views {

/// Mean and deviation of the readings of many windows, from their summaries. Never subtracts large
/// sums of different windows: between windows it compares means.
class Moments {
  public:
    void add(const wire::Summary& summary);

    std::uint64_t count() const { return count_; }

    /// In the unit of the readings, and never outside them. Nothing without readings.
    std::optional<double> mean() const;
    std::optional<double> min() const;
    std::optional<double> max() const;

    /// The standard deviation of all readings (n, not n - 1, in the divisor), in their unit.
    /// Nothing without readings, and where the sums are too coarse to tell it to 1 %: readings that
    /// differ by far less than they are large.
    std::optional<double> deviation() const;

  private:
    std::uint64_t count_ = 0;
    double mean_ = 0;
    double squares_ = 0;  // Sum of the squared distances to the mean.
    double noise_ = 0;    // By how much `squares_` may be wrong.
    double min_ = 0;
    double max_ = 0;
};

}  // namespace views
