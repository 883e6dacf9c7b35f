#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "wire/sketch.hpp"
#include "wire/summary.hpp"

namespace engine {

/// The start of the window that contains t. Windows of a span are aligned to the epoch; each
/// contains its start and not its end. Correct before 1970 too.
base::EventTime window_start(base::EventTime t, base::Duration span);

/// The permanent identity of a window.
struct WindowKey {
    base::Duration span{};
    std::string node;
    std::string series;
    base::EventTime start;

    friend auto operator<=>(const WindowKey&, const WindowKey&) = default;
};

/// A run of readings in time order that all fall into one window.
struct Run {
    base::EventTime first_at;
    base::EventTime last_at;
    wire::Summary summary;
    bool is_ahead = false;                 // Too far ahead of its arrival.
    std::optional<wire::Sketch> sketch{};  // Of the same readings.
};

/// Reasons for which readings of a window failed; those beyond count as kOtherReason.
constexpr std::size_t kReasonsMax = 16;
constexpr const char* kOtherReason = "other";

/// Readings that failed for one reason.
struct FailureCount {
    std::string reason;
    std::uint64_t readings = 0;

    friend bool operator==(const FailureCount&, const FailureCount&) = default;
};

/// A reason for which no reading of a window has failed any more.
struct HealedReason {
    WindowKey window;
    std::string reason;
};

/// The row of a window, which is merged and upserted, and never final.
struct WindowRow {
    wire::Summary summary;
    base::EventTime first_at;  // Event times of summary.first and summary.last.
    base::EventTime last_at;
    std::uint64_t failed = 0;             // Readings that failed, by the node's counts.
    std::vector<FailureCount> reasons{};  // Of these, in order of the reason.
    std::uint64_t late = 0;      // Readings that came after the watermark had passed the window.
    std::uint64_t revision = 0;  // How often the row was written.

    /// The distribution of all its readings. None when the window keeps none, and for good once
    /// readings came without theirs: a quantile of some of the readings would be wrong.
    std::optional<wire::Sketch> sketch{};

    /// Adds readings. Exact whatever the order of the calls, as first and last follow event time.
    /// Among readings of the same time, the one that was merged earlier is the first, and the one
    /// that was merged later the last. `with_sketch` says whether the window keeps one.
    void merge(const Run& run, bool with_sketch = true);

    /// Adds readings that failed; and takes some back that count after all. Gives the reasons of
    /// which none is left.
    void fail(const std::string& reason, std::uint64_t readings);
    std::vector<std::string> heal(const std::string& reason, std::uint64_t readings);

    /// Adds all of another window, for a row of a longer one.
    void add(const WindowRow& other);

    /// The value below which a share q (0..1) of the readings lies, to 1 % and never outside min
    /// and max, which are 0 and 1; nothing without readings or their distribution.
    std::optional<double> quantile(double q) const;

    /// Never outside min and max, although sums round. Only with readings.
    double mean() const;

    /// How much the last reading is above the first, by the time between them; nothing with fewer
    /// than two times.
    std::optional<double> rate_per_hour() const;

    friend bool operator==(const WindowRow&, const WindowRow&) = default;
};

}  // namespace engine
