#pragma once

#include <optional>
#include <vector>

#include "base/clock.hpp"

namespace engine {

/// Readings of the node's are gone: the first and the last of them.
struct BlindSpan {
    base::EventTime first;
    base::EventTime last;
};

/// How long a reading holds: until the next one, unless one is missing between them, by the period
/// of the series, or readings of its node are known to be gone there.
class Holding {
  public:
    Holding(std::optional<base::Duration> reach, std::vector<BlindSpan> blind);

    /// Whether the value of a reading holds until the next one.
    bool holds(base::EventTime reading, base::EventTime next) const;

    /// Up to when a reading says what is, when no other one came until `now`.
    base::EventTime end_of(base::EventTime reading, base::EventTime now) const;

    /// When readings are gone first in [from, to).
    std::optional<BlindSpan> blind_in(base::EventTime from, base::EventTime to) const;

    std::optional<base::Duration> reach() const { return reach_; }

  private:
    std::optional<base::Duration> reach_;
    std::vector<BlindSpan> blind_;  // In order, none touching another.
};

}  // namespace engine
