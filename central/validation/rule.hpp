#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "central/validation/breach.hpp"
#include "wire/summary.hpp"

namespace validation {

/// A reading: when, and what.
struct Point {
    base::EventTime at;
    double value = 0;

    friend bool operator==(const Point&, const Point&) = default;
};

/// How long a reading is the measure of the next one's step, unless configured otherwise. After
/// that a reading counts however far it is: so a jump that is real costs this long and no longer.
constexpr base::Duration kStepWithin = std::chrono::minutes{10};

/// What the readings of a series must be like. What is absent is not asked for.
struct Rule {
    std::optional<std::string> unit;
    std::optional<double> least;
    std::optional<double> most;
    std::optional<double> step;  // From the newest reading before it that counted, either way.
    std::optional<base::Duration> step_within;
    std::optional<base::EventTime> not_before;
    std::optional<base::Duration> ahead;  // Of its arrival, at most.
    std::vector<double> values;           // The only ones that there are; empty: any.

    /// What the later one says replaces what this one says, each for itself.
    void add(const Rule& later);

    friend bool operator==(const Rule&, const Rule&) = default;
};

/// What a reading is judged by beside its rule.
struct Circumstances {
    std::optional<std::string> unit;  // Of its series; nothing when that was never declared.
    base::EventTime received;         // When its record arrived.
    std::optional<Point> before;      // The newest reading of the series that counted.
};

/// What the reading breaks first; nothing when it is good. A step is judged where the reading is
/// not older than the one before it: of a late one nobody knows any more which one that was.
std::optional<Breach> breach_of(const Rule& rule, const Circumstances& around, const Point& point);

/// The same for readings that come as one summary, by what it knows: its start, its least and its
/// most. A step within it cannot be told, so none is judged.
std::optional<Breach> breach_of(const Rule& rule, const Circumstances& around,
                                base::EventTime start, const wire::Summary& summary);

/// "80 is more than 60": why the point breaks the rule so, for a person.
std::string explain(Breach breach, const Rule& rule, const Circumstances& around,
                    const Point& point);

}  // namespace validation
