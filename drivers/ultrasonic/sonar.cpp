#include "drivers/ultrasonic/sonar.hpp"

namespace drivers::ultrasonic {

namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;

constexpr microseconds kPulse{20};       // At least 10; longer does no harm.
constexpr milliseconds kRiseMost{50};    // Usually 0.45 ms; one variant takes 42 ms.
constexpr milliseconds kFallMost{60};    // The module gives up at 36 to 38 ms.
constexpr milliseconds kQuietMost{200};  // Some clones hold ECHO high that long.

}  // namespace

gpio::LineMode Sonar::trigger_mode() {
    gpio::LineMode mode;
    mode.direction = gpio::LineMode::Direction::output;
    return mode;
}

gpio::LineMode Sonar::echo_mode() {
    gpio::LineMode mode;
    mode.bias = gpio::LineMode::Bias::pull_down;  // A loose wire reads low: "no echo".
    mode.edges = gpio::LineMode::Edges::both;
    return mode;
}

Attempt<Echo> Sonar::ping(double temperature_celsius) {
    edges_.clear();
    if (const auto ready = wait_for_quiet(); !ready) return ready.refusal();
    if (const auto sent = pulse(); !sent) return sent.error();
    if (const auto heard = listen(); !heard) return heard.refusal();
    return decode_echo(edges_, temperature_celsius, limits_);
}

/// Waits until ECHO is low, and discards its old edges.
Attempt<base::Done> Sonar::wait_for_quiet() {
    if (const auto stale = echo_->wait(microseconds{0}); !stale) return stale.error();
    auto high = echo_->level();
    if (high && high.value()) {
        if (const auto fall = echo_->wait(kQuietMost); !fall) return fall.error();
        high = echo_->level();
    }
    if (!high) return high.error();
    if (high.value()) return Refusal{.reason = "stuck high", .sign = Sign::stuck_high};
    return base::Done{};
}

base::Status Sonar::pulse() {
    if (const auto up = trigger_->set(true); !up) return up;
    const auto held = trigger_->wait(kPulse);
    const auto down = trigger_->set(false);
    if (!held) return held.error();
    return down;
}

Attempt<base::Done> Sonar::listen() {
    microseconds patience = kRiseMost;
    while (edges_.size() < 2) {
        auto arrived = echo_->wait(patience);
        if (!arrived) return arrived.error();
        if (arrived.value().lost > 0) {
            return Refusal{.reason = "events lost", .sign = Sign::events_lost};
        }
        if (arrived.value().edges.empty()) break;
        for (const auto& edge : arrived.value().edges) edges_.push_back(edge);
        patience = kFallMost;
    }
    return base::Done{};
}

}  // namespace drivers::ultrasonic
