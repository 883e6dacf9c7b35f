#include "dev/story/twisted_driver.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace story {

namespace {

double shifted(double value, const Twist& twist, base::Duration ago, double resolution) {
    const auto share = static_cast<double>((twist.began - ago).count()) /
                       static_cast<double>((twist.began - twist.ended).count());
    const double sum = value + twist.by + (twist.to - twist.by) * share;
    return std::round(sum / resolution) * resolution;
}

}  // namespace

TwistedDriver::TwistedDriver(std::unique_ptr<drivers::Driver> driver, const std::string& sensor,
                             const std::vector<Twist>& twists, const base::Clock& clock,
                             base::EventTime end)
    : driver_(std::move(driver)), sensor_(sensor), clock_(clock), end_(end) {
    for (const auto& twist : twists) {
        if (twist.series.starts_with(sensor + ".")) twists_.push_back(twist);
    }
}

const Twist* TwistedDriver::twist_of(std::size_t quantity) const {
    const auto ago = end_ - clock_.event_time();
    const auto series = sensor_ + "." + quantities().at(quantity).name;
    const auto holds = [&](const Twist& twist) {
        // What lasts to the end of the story goes on.
        const bool is_over = twist.ended > base::Duration{0} && ago <= twist.ended;
        return twist.series == series && ago <= twist.began && !is_over;
    };
    const auto found = std::find_if(twists_.begin(), twists_.end(), holds);
    return found == twists_.end() ? nullptr : &*found;
}

drivers::Harvest TwistedDriver::collect(base::Instant now, std::size_t measurements_max) {
    auto harvest = driver_->collect(now, measurements_max);
    for (auto& one : std::exchange(harvest.measurements, {})) {
        const auto* twist = twist_of(one.quantity);
        if (twist != nullptr && twist->kind == Twist::Kind::fails) {
            harvest.failures.push_back(
                {.reason = twist->reason, .taken = one.taken, .quantities = {one.quantity}});
            continue;
        }
        if (twist != nullptr && twist->kind == Twist::Kind::stays) one.value = twist->to;
        if (twist != nullptr && twist->kind == Twist::Kind::shifts) {
            const auto resolution = quantities().at(one.quantity).resolution.value_or(0.001);
            one.value = shifted(one.value, *twist, end_ - clock_.event_time(), resolution);
        }
        harvest.measurements.push_back(one);
    }
    return harvest;
}

}  // namespace story
