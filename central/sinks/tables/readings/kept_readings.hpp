#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"

namespace sinks {

/// A series, to decide how long its single readings are kept.
struct KeptSeries {
    std::int64_t id = 0;  // Given by the sink.
    std::string quantity;
};

/// Readings of a series that go.
struct Outdated {
    std::int64_t series = 0;
    base::EventTime before;  // Readings of whole hours before this one's.
    base::EventTime now;     // What is ahead of it goes by when it arrived.
};

struct Removed {
    std::uint64_t blocks = 0;
    std::uint64_t readings = 0;
};

/// Where single readings are kept for a time. Windows never go with them.
class KeptReadings {
  public:
    virtual ~KeptReadings() = default;

    /// The series that follow `after`, in the order of their ids.
    virtual base::Result<std::vector<KeptSeries>> kept_series(std::int64_t after,
                                                              std::size_t series_max) = 0;

    /// The quantities of all series, each once.
    virtual base::Result<std::vector<std::string>> kept_quantities() = 0;

    /// When the bridge accepted the newest record of all; nothing when there is none. It tells the
    /// time by another clock than ours.
    virtual base::Result<std::optional<base::EventTime>> newest_arrival() = 0;

    /// What time it was when readings were removed last, by who removed them; nothing when none
    /// ever were. And notes it.
    virtual base::Result<std::optional<base::EventTime>> last_removal() = 0;
    virtual base::Status note_removal(base::EventTime time) = 0;

    /// Where readings of different months are kept apart: removes one whole month, or more, of
    /// which every reading is before, of whatever series; durable when it returns. Nothing when
    /// there is none that could go now.
    virtual base::Result<std::optional<Removed>> remove_month(base::EventTime before) = 0;

    /// Removes at most so many blocks, all or nothing; durable when it returns.
    virtual base::Result<Removed> remove(const std::vector<Outdated>& outdated,
                                         std::size_t blocks_max) = 0;
};

}  // namespace sinks
