#include "program/loop.hpp"

#include "program/notify.hpp"

namespace program {

base::Status run_loop(const base::Clock& clock, const StopSignals& signals, base::Duration pause,
                      const Tick& tick) {
    ServiceNotifier service;
    service.ready();
    while (!signals.stop_requested()) {
        const auto now = clock.instant();
        const auto next = tick(now);
        if (!next) return next.error();
        service.alive(now);
        if (next.value() == Next::leave) return base::Done{};
        if (next.value() == Next::pause) base::pause_for(pause);
    }
    service.stopping();
    return base::Done{};
}

}  // namespace program
