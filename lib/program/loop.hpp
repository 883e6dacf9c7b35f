#pragma once

#include <functional>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "program/signals.hpp"

namespace program {

/// What the loop does after a tick.
enum class Next {
    pause,  // There was nothing to do.
    tick,   // There is more to do, or the tick has waited itself.
    leave,  // The program wants to leave the loop of its own accord.
};

/// One bounded step of a program. An error ends the loop.
using Tick = std::function<base::Result<Next>(base::Instant now)>;

/// Ticks until the program is asked to stop, wants to leave, or fails. Reports to systemd that the
/// program is ready, that it is alive, and that it stops.
base::Status run_loop(const base::Clock& clock, const StopSignals& signals, base::Duration pause,
                      const Tick& tick);

}  // namespace program
