#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "central/detect/drift/hour.hpp"

namespace sinks {

/// What is compared hour by hour: the series of one quantity and unit within one outermost
/// location.
struct Kind {
    std::string site;  // "/house"
    std::string quantity;
    std::string unit;

    friend auto operator<=>(const Kind&, const Kind&) = default;
};

/// How far a kind was compared.
struct KindState {
    Kind kind;
    std::optional<base::EventTime> judged;  // The end of the last hour; nothing: it never was.
    std::vector<base::EventTime> newest;    // The newest event time of each of its nodes.
    std::uint64_t series = 0;               // That are of the kind.
    bool is_known = false;                  // Something is known of series that are or were of it.
};

/// A series of a kind.
struct Neighbour {
    std::int64_t id = 0;  // Given by the sink.
    std::string node;
    std::string series;
    detect::drift::Member member;
};

/// An hour of a kind that was judged: what its series know now, those that changed.
struct JudgedHour {
    Kind kind;
    base::EventTime end;
    std::vector<Neighbour> changed;
};

/// What the comparison of neighbours asks a sink for. Answers must be those of the last commit.
class Neighbours {
  public:
    virtual ~Neighbours() = default;

    /// All kinds, in order.
    virtual base::Result<std::vector<KindState>> kinds() = 0;

    /// The start of the first hour, at or after `from`, in which a series of the kind has readings.
    virtual base::Result<std::optional<base::EventTime>> next_hour(const Kind& kind,
                                                                   base::EventTime from) = 0;

    /// The series of a kind in the hour that starts there, in the order of their ids, and those
    /// that were of the kind before: these without a location. Of the former at most 10 000 that
    /// had a reading in the last 30 days.
    virtual base::Result<std::vector<Neighbour>> neighbours(const Kind& kind,
                                                            base::EventTime hour) = 0;
};

}  // namespace sinks
