#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "base/clock.hpp"
#include "central/engine/readings/reading_block.hpp"

namespace sinks {

/// The place of a reading in the order of its series: by time; at one time in the order in which
/// they were stored.
struct ReadingPlace {
    base::EventTime at;
    std::int64_t block = 0;
    std::uint32_t index = 0;  // In the block.

    friend auto operator<=>(const ReadingPlace&, const ReadingPlace&) = default;
};

/// A reading as it is stored, with what is needed to trace it.
struct StoredReading {
    ReadingPlace place;
    double value = 0;
    bool is_ahead = false;
    engine::ReadingOrigin origin;

    friend bool operator==(const StoredReading&, const StoredReading&) = default;
};

struct ReadingRange {
    std::string node;
    std::string series;
    base::EventTime from;                 // Inclusive.
    base::EventTime to;                   // Exclusive.
    std::optional<ReadingPlace> after{};  // Only what comes after this one.
    std::size_t readings_max = 10'000;
};

/// What is kept of the single readings of a series, beside those that can be read.
struct ReadingExtent {
    /// From when on all are kept, as far as that is known: those before were too old, or of a time
    /// in which other quantities were kept, or none. Nothing when none is.
    std::optional<base::EventTime> first_at;

    /// Readings of the range, or near its ends, that their node had summarised: no single one of
    /// them is known.
    std::uint64_t summarised = 0;
};

}  // namespace sinks
