#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "central/engine/changes.hpp"

namespace sinks {

/// A range of time: `from` belongs to it, `to` does not.
struct TimeRange {
    base::EventTime from;
    base::EventTime to;

    friend bool operator==(const TimeRange&, const TimeRange&) = default;
};

/// How far the windows of a span of a series are judged.
struct JudgedSpan {
    base::Duration span{};
    base::EventTime judged_to = base::EventTime::min();  // Windows that begin before are judged.

    /// What of them has changed since, or something by which they are judged.
    std::optional<TimeRange> again{};
};

struct JudgedSeries {
    std::int64_t id = 0;  // Given by the sink.
    engine::SeriesRow series;
    engine::NodeRow node;
    std::vector<JudgedSpan> spans;  // All that are stored, ascending.
};

/// What is stored of a window's judgement.
struct Judged {
    base::EventTime start;
    std::optional<std::string> state;  // "complete"; nothing while it is provisional.
    std::optional<std::uint64_t> expected;
    std::optional<double> quality;
    std::optional<std::string> causes;  // As JSON.
};

/// One step with the windows of a span of a series, all or nothing with those beside it.
struct JudgedStep {
    std::int64_t series = 0;
    JudgedSpan reached;  // How far they are judged after it; what is judged no more loses it.
    std::vector<Judged> windows;
};

/// Rows of a span of a series.
struct RowSearch {
    std::int64_t series = 0;
    base::Duration span{};
    TimeRange range{};           // Of their starts.
    bool with_readings = false;  // Only those that have readings.
    bool newest = false;         // The last one; else the first.
};

/// Where judgements of windows are stored beside their rows. A row that is written anew has none.
/// What has to be judged again is noted in the commit that says so, and so is never forgotten.
class Judgements {
  public:
    virtual ~Judgements() = default;

    /// The series that follow `after`, in the order of their ids.
    virtual base::Result<std::vector<JudgedSeries>> judged(std::int64_t after,
                                                           std::size_t series_max) = 0;

    /// The start of a row; nothing when there is none.
    virtual base::Result<std::optional<base::EventTime>> find_row(const RowSearch& search) = 0;

    /// Durable when it returns. After an Error nothing is known, as with Sink.
    virtual base::Status write(const std::vector<JudgedStep>& steps) = 0;
};

}  // namespace sinks
