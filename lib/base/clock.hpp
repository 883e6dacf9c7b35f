#pragma once

#include <chrono>
#include <cstdint>

namespace base {

using Duration = std::chrono::milliseconds;

/// When something happened in the world. Crosses machines; may jump.
using EventTime = std::chrono::sys_time<Duration>;

/// Counts time since boot, suspend included (CLOCK_BOOTTIME).
struct BootClock {
    using duration = Duration;
    using rep = duration::rep;
    using period = duration::period;
    using time_point = std::chrono::time_point<BootClock>;
    static constexpr bool is_steady = true;
};

/// For time-outs only. Never leaves the process, never goes backwards, and cannot be compared with
/// EventTime.
using Instant = BootClock::time_point;

/// Milliseconds since 1970-01-01T00:00:00Z: an EventTime on the wire and on disk.
constexpr std::int64_t to_milliseconds(EventTime t) {
    return t.time_since_epoch().count();
}
constexpr EventTime from_milliseconds(std::int64_t ms) {
    return EventTime{Duration{ms}};
}

/// Reads the time. It is passed through constructors; no other code asks the system.
class Clock {
  public:
    virtual ~Clock() = default;
    virtual EventTime event_time() const = 0;
    virtual Instant instant() const = 0;
};

class SystemClock final : public Clock {
  public:
    EventTime event_time() const override;
    Instant instant() const override;
};

/// Sleeps. Only a program's main loop calls it.
void pause_for(Duration duration);

}  // namespace base
