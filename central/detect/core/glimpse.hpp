#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "base/clock.hpp"

namespace detect {

/// No shorter time without readings is a hole, as windows are of a minute.
constexpr base::Duration kLeastHole = std::chrono::minutes{2};

/// What the detectors know of the series that they judge.
struct Subject {
    std::string name;  // "attic/climate.temperature"
    std::string quantity;
    std::string unit;                      // As SenML writes it: "Cel".
    std::optional<base::Duration> period;  // Between readings, when it is declared.
    bool is_state = false;                 // 0 or 1: a contact, motion; not a measure.

    /// Whether nothing is known of the time between two readings in a row, as others were due in
    /// it. A series without a period says nothing on purpose: what it said last holds.
    bool is_hole(base::EventTime before, base::EventTime after) const {
        return period && after - before > std::max(3 * *period, kLeastHole);
    }
};

/// What a detector sees of a series: one closed window, of which nothing more was due when it was
/// judged. Windows come in the order of their times, each with a reading at least.
struct Glimpse {
    base::EventTime start;
    base::EventTime end;
    std::uint64_t count = 0;  // Readings, 1 or more.
    double mean = 0;
    double least = 0;
    double most = 0;
    double first = 0;
    double last = 0;
    base::EventTime first_at{};
    base::EventTime last_at{};

    /// When the window's largest or smallest reading was taken, as nearly as the window tells.
    base::EventTime time_of(double value) const {
        if (value == first) return first_at;
        return value == last ? last_at : first_at + (last_at - first_at) / 2;
    }
};

}  // namespace detect
