#include "agent/sampling/turns.hpp"

#include <algorithm>

namespace agent {

namespace {

using base::Duration;
using base::Instant;

/// The least distance between a turn that was asked for and any other.
constexpr Duration kRestMin = std::chrono::seconds{1};

}  // namespace

bool Turns::begin_turn(Instant now, Duration rest) {
    if (period_ <= Duration::zero()) return false;
    const bool asked = asked_ && now >= *asked_;
    if (now < due_ && !asked) return false;
    // The turn after one that was asked for leaves the sensor its rest.
    const auto after = asked ? now + std::max(rest, kRestMin) : now;
    if (after >= due_) due_ += period_ * ((after - due_) / period_ + 1);
    asked_.reset();
    last_ = now;
    return true;
}

void Turns::ask(Instant now, Duration rest) {
    const auto earliest = last_ ? std::max(now, *last_ + std::max(rest, kRestMin)) : now;
    if (due_ > earliest + kRestMin) asked_ = earliest;
}

}  // namespace agent
