#include "base/clock.hpp"

#include <time.h>

#include "base/ensure.hpp"

namespace base {

namespace {

Duration read_clock(clockid_t id) {
    timespec now{};
    ENSURE(clock_gettime(id, &now) == 0);
    return std::chrono::floor<Duration>(std::chrono::seconds{now.tv_sec} +
                                        std::chrono::nanoseconds{now.tv_nsec});
}

}  // namespace

EventTime SystemClock::event_time() const {
    return EventTime{read_clock(CLOCK_REALTIME)};
}

Instant SystemClock::instant() const {
    return Instant{read_clock(CLOCK_BOOTTIME)};
}

void pause_for(Duration duration) {
    const auto seconds = std::chrono::floor<std::chrono::seconds>(duration);
    const std::chrono::nanoseconds rest = duration - seconds;
    const timespec span{.tv_sec = seconds.count(), .tv_nsec = rest.count()};
    nanosleep(&span, nullptr);
}

}  // namespace base
