#include "program/signals.hpp"

#include <atomic>
#include <csignal>

#include "base/ensure.hpp"

namespace program {

namespace {

// A handler may touch nothing but lock-free atomics (signal-safety(7)).
std::atomic<bool> stop{false};
std::atomic<bool> reload{false};
static_assert(std::atomic<bool>::is_always_lock_free);

void on_stop(int /*signal*/) {
    stop.store(true);
}
void on_reload(int /*signal*/) {
    reload.store(true);
}

void install(int signal, void (*handler)(int), int flags) {
    struct sigaction action {};
    action.sa_handler = handler;
    action.sa_flags = flags;
    sigemptyset(&action.sa_mask);
    ENSURE(sigaction(signal, &action, nullptr) == 0);
}

}  // namespace

StopSignals::StopSignals() {
    install(SIGTERM, on_stop, SA_RESTART);
    install(SIGINT, on_stop, static_cast<int>(SA_RESTART | SA_RESETHAND));
    install(SIGHUP, on_reload, SA_RESTART);
    install(SIGPIPE, SIG_IGN, 0);
    install(SIGXFSZ, SIG_IGN, 0);
}

bool StopSignals::stop_requested() const {
    return stop.load();
}

bool StopSignals::take_reload() {
    return reload.exchange(false);
}

}  // namespace program
