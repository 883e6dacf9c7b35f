#include "agent/sampling/filter.hpp"

#include <cmath>

namespace agent {

Filter::Verdict Filter::judge(double value, base::Duration taken) {
    if (options_.least && value < *options_.least) return Verdict::out_of_range;
    if (options_.most && value > *options_.most) return Verdict::out_of_range;
    if (is_step(value)) return Verdict::step;
    good_ = value;
    if (is_suppressed(value, taken)) return Verdict::suppressed;
    recorded_ = {.value = value, .taken = taken};
    return Verdict::passed;
}

bool Filter::is_step(double value) {
    const auto near = [&](const std::optional<double>& other) {
        return other && std::abs(value - *other) <= *options_.step;
    };
    const bool confirmed = !options_.step || !good_ || near(good_) || near(unconfirmed_);
    unconfirmed_ = confirmed ? std::nullopt : std::optional{value};
    return !confirmed;
}

bool Filter::is_suppressed(double value, base::Duration taken) const {
    if (options_.deadband <= 0 || !recorded_) return false;
    if (std::chrono::abs(taken - recorded_->taken) >= options_.heartbeat) return false;
    return std::abs(value - recorded_->value) <= options_.deadband;
}

}  // namespace agent
