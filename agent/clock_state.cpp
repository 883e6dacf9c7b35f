#include "agent/clock_state.hpp"

#include <sys/timex.h>

namespace agent {

wire::ClockState KernelClockWatch::state() const {
    timex status{};  // modes = 0: only asks.
    const int answer = adjtimex(&status);
    const bool disciplined =
        answer >= 0 && answer != TIME_ERROR && (status.status & STA_UNSYNC) == 0;
    return disciplined ? wire::ClockState::synced : wire::ClockState::holdover;
}

}  // namespace agent
