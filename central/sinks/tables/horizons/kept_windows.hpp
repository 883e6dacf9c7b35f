#pragma once

#include <cstddef>
#include <cstdint>

#include "base/clock.hpp"
#include "base/result.hpp"

namespace sinks {

struct RemovedWindows {
    std::uint64_t windows = 0;
    std::int64_t series = 0;  // The last whose windows went: those before it have none left.
};

/// Where windows are kept for a time. Those of other lengths, and single readings, stay.
class KeptWindows {
  public:
    virtual ~KeptWindows() = default;

    /// From now on no window of the length that begins before is kept: none is shown, and none is
    /// made, as it would lack what was counted in the one that is gone. Never moves back; durable
    /// when it returns.
    virtual base::Status give_up(base::Duration span, base::EventTime before) = 0;

    /// Removes windows that were given up, at most so many, of the series from `from_series` on, in
    /// the order of their ids; all or nothing, durable when it returns.
    virtual base::Result<RemovedWindows> remove_windows(base::Duration span,
                                                        std::int64_t from_series,
                                                        std::size_t windows_max) = 0;
};

}  // namespace sinks
