#pragma once

#include <compare>
#include <cstdint>
#include <string>

#include "base/clock.hpp"
#include "wire/summary.hpp"

namespace engine {

/// The start of the window of that span, aligned to the epoch, that contains t. Half-open: a window
/// contains its start and not its end. Correct before 1970 too.
base::EventTime window_start(base::EventTime t, base::Duration span);

/// Names a window for ever.
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
};

/// The state of a window is its row: mergeable, upserted, never finished.
struct WindowRow {
    wire::Summary summary;
    base::EventTime first_at;  // Event times of summary.first and summary.last.
    base::EventTime last_at;
    std::uint64_t failed = 0;    // Reads that failed, by the node's fault records.
    std::uint64_t late = 0;      // Readings that came after the watermark had passed the window.
    std::uint64_t revision = 0;  // How often the row was written.

    /// Adds readings. Exact whatever the order of the calls: first and last follow event time; of
    /// readings with one time the one merged earlier is the first and the one merged later the
    /// last.
    void merge(const Run& run);

    friend bool operator==(const WindowRow&, const WindowRow&) = default;
};

}  // namespace engine
