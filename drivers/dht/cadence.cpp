#include "drivers/dht/cadence.hpp"

#include <cmath>

#include "base/ensure.hpp"

namespace drivers::dht {

bool Cadence::may_start(base::Instant now, base::Duration apart) const {
    return !last_start_ || now >= *last_start_ + apart;
}

Cadence::Answer Cadence::ask(base::Instant now) {
    if (wanted_ && !retried_) return Answer::accepted;
    if (state_ == State::down && !may_start(now, options_.apart_down)) return Answer::down;
    // A little early means that the tick before came late: wait. So does a try that was repeated.
    // Much too early is a wrong period.
    const bool is_early = running_ || !may_start(now, options_.apart * 9 / 10);
    if (is_early && !retried_) return Answer::too_soon;
    const auto answer = wanted_ ? Answer::overtakes : Answer::accepted;
    if (wanted_) fail_reading();
    wanted_ = true;
    tries_left_ = state_ == State::down ? 1 : options_.tries;
    retried_ = false;
    return answer;
}

bool Cadence::due(base::Instant now) const {
    return wanted_ && !running_ && may_start(now, options_.apart);
}

void Cadence::started(base::Instant now) {
    ENSURE(due(now));
    last_start_ = now;
    wanted_ = false;
    running_ = true;
    --tries_left_;
}

void Cadence::succeeded() {
    running_ = false;
    failures_ = 0;
    state_ = State::ok;
}

Cadence::Failed Cadence::failed() {
    running_ = false;
    // When another reading waits already, there is no time for this one.
    if (wanted_ || tries_left_ == 0) return fail_reading();
    wanted_ = true;
    retried_ = true;
    return Failed::attempt;
}

Cadence::Failed Cadence::fail_reading() {
    ++failures_;
    const bool was_down = state_ == State::down;
    state_ = failures_ >= options_.failures_to_down ? State::down : State::stale;
    return state_ == State::down && !was_down ? Failed::last_straw : Failed::reading;
}

std::string_view to_text(Cadence::State state) {
    switch (state) {
        case Cadence::State::ok:
            return "ok";
        case Cadence::State::stale:
            return "stale";
        case Cadence::State::down:
            return "down";
    }
    return {};
}

bool JumpGuard::near(const std::optional<Seen>& seen, double value) const {
    return seen && std::abs(value - seen->value) <= step_most_;
}

bool JumpGuard::accepts(double value, base::Instant now) {
    const bool remembers = good_ && now - good_->at <= memory_;
    if (!remembers || near(good_, value) || near(waiting_, value)) {
        good_ = Seen{value, now};
        waiting_.reset();
        return true;
    }
    waiting_ = Seen{value, now};
    return false;
}

}  // namespace drivers::dht
