#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <vector>

#include "base/clock.hpp"
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
    bool is_ahead = false;  // Too far ahead of its arrival.
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

/// The row of a window, which is merged and upserted, and never final.
struct WindowRow {
    wire::Summary summary;
    base::EventTime first_at;  // Event times of summary.first and summary.last.
    base::EventTime last_at;
    std::uint64_t failed = 0;             // Readings that failed, by the node's counts.
    std::vector<FailureCount> reasons{};  // Of these, in order of the reason.
    std::uint64_t late = 0;      // Readings that came after the watermark had passed the window.
    std::uint64_t revision = 0;  // How often the row was written.

    /// Adds readings. Exact whatever the order of the calls, as first and last follow event time.
    /// Among readings of the same time, the one that was merged earlier is the first, and the one
    /// that was merged later the last.
    void merge(const Run& run);

    /// Adds readings that failed.
    void fail(const std::string& reason, std::uint64_t readings);

    /// Adds all of another window, for a row of a longer one.
    void add(const WindowRow& other);

    friend bool operator==(const WindowRow&, const WindowRow&) = default;
};

}  // namespace engine
