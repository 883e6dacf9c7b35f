#pragma once

#include <chrono>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "wire/record.hpp"

namespace engine {

/// What a series is, by its declaration.
enum class SeriesKind {
    measure,    // Readings come by a period, or nothing says when.
    state,      // 0 or 1: a contact, motion.
    on_change,  // Readings also come on a change, as with a deadband: each holds until the next.
};

SeriesKind kind_of(const wire::SeriesDeclaration& declared);

/// A time that is earlier than every reading, and one that is later.
constexpr base::EventTime kAlways =
    base::from_milliseconds(std::numeric_limits<std::int64_t>::min() / 2);
constexpr base::EventTime kNever =
    base::from_milliseconds(std::numeric_limits<std::int64_t>::max() / 2);

/// Readings of a series that followed one another, all within one hour. An exact one is a run of
/// equal readings: the series had this value from the first to the last. Of another one only its
/// first and its last value are known, not how it changed in between.
struct Stretch {
    base::EventTime from;  // Its first reading.
    base::EventTime to;    // Its last.
    double value = 0;      // Of the first.
    double last = 0;       // Of the last: the same where it is exact.
    std::uint64_t readings = 0;
    bool is_exact = true;

    friend bool operator==(const Stretch&, const Stretch&) = default;
};

/// The length of time that stretches never cross the end of.
constexpr base::Duration kSheetSpan = std::chrono::hours{1};
base::EventTime sheet_start(base::EventTime t);

/// Readings further apart have missing ones between them, by the rule of completeness: one and a
/// half periods. Nothing without a period.
std::optional<base::Duration> reach_of(const wire::SeriesDeclaration& declared);

/// What readings that were taken one after the other say, in their order. Those earlier than
/// `since` are left out.
std::vector<Stretch> stretches_of(const wire::RawColumn& column, base::EventTime at,
                                  std::optional<base::Duration> reach, base::EventTime since);

/// What partials say: a partial is exact when all its readings are equal, it says when the first
/// and the last were, and none is missing in between; or when it stands for these two alone.
std::vector<Stretch> stretches_of(const wire::PartialColumn& column, base::EventTime at,
                                  std::optional<base::Duration> reach, base::EventTime since);

/// Where stretches were committed. Answers must be those of the last commit.
class StretchMemory {
  public:
    virtual ~StretchMemory() = default;

    /// The stretches of a series that begin in [from, to), in order.
    virtual base::Result<std::vector<Stretch>> stretches(const std::string& node,
                                                         const std::string& series,
                                                         base::EventTime from,
                                                         base::EventTime to) = 0;
};

}  // namespace engine
