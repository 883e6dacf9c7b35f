#pragma once

#include <optional>
#include <vector>

#include "base/clock.hpp"

namespace dimensions {

/// How often the readings of a series were due from a time on, as its node declared it.
struct DeclaredPeriod {
    base::EventTime since;
    std::optional<base::Duration> period{};  // None: nothing says when a reading was due.
    bool also_between = false;               // More may come within a period, as on a change.

    /// Whether they say the same, whenever they began.
    bool is_alike(const DeclaredPeriod& other) const {
        return period == other.period && also_between == other.also_between;
    }
    friend bool operator==(const DeclaredPeriod&, const DeclaredPeriod&) = default;
};

/// In order of time. Each holds until the next one, and the first one also before its time. One may
/// say what the one before it says: something else may come late of the time between them.
using DeclaredPeriods = std::vector<DeclaredPeriod>;

constexpr std::size_t kDeclaredPeriodsMax = 32;

/// Before anything that a node can say; a double holds its milliseconds exactly.
constexpr base::EventTime kLongAgo{base::Duration{-(std::int64_t{1} << 53)}};

/// Adds one, in whatever order they come; of one time the one that comes later counts. When there
/// are too many, those that say nothing new go first, then the oldest: nothing says then how often
/// readings were due.
void note(DeclaredPeriods& periods, const DeclaredPeriod& declared);

/// How often readings were due in a span of time.
struct Cadence {
    std::optional<base::Duration> period{};  // Where it changed within the span, the longest.
    bool also_between = false;               // Somewhere in the span.
    bool is_mixed = false;                   // It changed within the span.
    std::optional<base::EventTime> since{};  // By it nothing was due before; none: it always held.
};

/// Of [start, end). The periods are not empty.
Cadence cadence_in(const DeclaredPeriods& periods, base::EventTime start, base::EventTime end);

/// From when on they say otherwise; nothing when they never do.
std::optional<base::EventTime> differ_from(const DeclaredPeriods& a, const DeclaredPeriods& b);

}  // namespace dimensions
