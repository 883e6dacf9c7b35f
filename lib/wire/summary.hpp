#pragma once

#include <cstdint>

namespace wire {

/// The summary of a run of readings of one series. append() is exact for everything but the two
/// sums, which are as exact as the addition of doubles.
struct Summary {
    std::uint64_t count = 0;
    double sum = 0;
    double sumsq = 0;
    double min = 0;
    double max = 0;
    double first = 0;
    double last = 0;

    /// The summary of a single reading.
    static Summary of(double value);

    /// Adds a reading that is later than all before it.
    void add(double value);

    /// Adds the summary of a later run.
    void append(const Summary& later);

    friend bool operator==(const Summary&, const Summary&) = default;
};

}  // namespace wire
