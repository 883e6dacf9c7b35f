#include "hil/sensors.hpp"

#include <thread>
#include <utility>

namespace hil {

namespace {

constexpr unsigned kTriggerLine = 1;
constexpr unsigned kEchoLine = 2;
constexpr unsigned kMotionLine = 5;
constexpr double kSpeedOfSound = 343.2;  // m/s at 20 °C, which the agent assumes.
constexpr base::Duration kStep = std::chrono::milliseconds{5};

}  // namespace

void Sensors::set_distance(double metres) {
    echo_ = Microseconds{2 * metres / kSpeedOfSound * 1e6};
}

void Sensors::play_motion(std::vector<std::chrono::milliseconds> holds) {
    holds_ = std::move(holds);
    changes_.clear();
    motion_due_ = Clock::now();
}

void Sensors::step() {
    change_motion_when_due();
    const auto change = pins_.next(kStep);
    // The module sends its burst at the end of the pulse.
    if (change && change->line == kTriggerLine && !change->level) answer_trigger();
}

void Sensors::answer_trigger() {
    // Both times from before the call to QEMU, so that its way does not count.
    const auto rise = Clock::now();
    pins_.set(kEchoLine, true);
    std::this_thread::sleep_until(rise + std::chrono::duration_cast<Clock::duration>(echo_));
    const auto fall = Clock::now();
    pins_.set(kEchoLine, false);
    echo_errors_us_.push_back((Microseconds{fall - rise} - echo_).count());
}

void Sensors::change_motion_when_due() {
    if (Clock::now() < motion_due_ || motion_ended()) return;
    motion_ = !motion_;
    pins_.set(kMotionLine, motion_);
    changes_.push_back(Clock::now());
    if (motion_ended()) return;
    motion_due_ = changes_.back() + holds_[changes_.size() - 1];
}

}  // namespace hil
