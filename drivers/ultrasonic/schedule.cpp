#include "drivers/ultrasonic/schedule.hpp"

#include <algorithm>

namespace drivers::ultrasonic {

PingSchedule::Turn PingSchedule::wait(const base::Clock& clock) {
    std::unique_lock lock(mutex_);
    const auto number = next_number_++;
    changed_.wait(lock, [&] { return served_ == number; });
    // Nobody else is served meanwhile, so the pause need not be checked again.
    const auto pause = pause_left(last_, clock.instant());
    if (pause.count() > 0) changed_.wait_for(lock, pause, [] { return false; });
    return Turn(*this, clock);
}

base::Duration PingSchedule::pause_left(std::optional<base::Instant> last, base::Instant now) {
    if (!last) return base::Duration{0};
    return std::clamp(*last + kApart - now, base::Duration{0}, kApart);
}

void PingSchedule::note(base::Instant now) {
    const std::lock_guard lock(mutex_);
    last_ = now;
}

void PingSchedule::give_back() {
    {
        const std::lock_guard lock(mutex_);
        ++served_;
    }
    changed_.notify_all();
}

PingSchedule& ping_schedule() {
    static PingSchedule schedule;
    return schedule;
}

}  // namespace drivers::ultrasonic
