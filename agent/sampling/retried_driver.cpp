#include "agent/sampling/retried_driver.hpp"

namespace agent {

namespace {

const std::vector<drivers::Quantity> kNoQuantities;

}  // namespace

RetriedDriver::RetriedDriver(Open open, std::string why, base::Instant now)
    : open_(std::move(open)), why_(std::move(why)), tried_(now) {
    fail(0, now);
}

const std::vector<drivers::Quantity>& RetriedDriver::quantities() const {
    return driver_ != nullptr ? driver_->quantities() : kNoQuantities;
}

void RetriedDriver::trigger(base::Instant now) {
    if (driver_ != nullptr) return driver_->trigger(now);
    fail(1, now);
}

drivers::Harvest RetriedDriver::collect(base::Instant now, std::size_t measurements_max) {
    if (driver_ != nullptr) return driver_->collect(now, measurements_max);
    // Once it is open it is collected from the next call on, when its quantities are known.
    if (now - tried_ >= kRetryEvery) try_again(now);
    return pending_.take(now, measurements_max);
}

void RetriedDriver::try_again(base::Instant now) {
    tried_ = now;
    auto opened = open_();
    if (opened) {
        driver_ = std::move(opened).value();
        return;
    }
    why_ = opened.error().detail;
    fail(0, now);
}

/// An attempt is no reading: the sensor's period says how many were due.
void RetriedDriver::fail(std::uint64_t readings, base::Instant now) {
    pending_.add(drivers::Failure{.reason = "cannot be opened: " + why_,
                                  .taken = now,
                                  .edges_us = {},
                                  .source_time = std::nullopt,
                                  .sign = drivers::Sign::other,
                                  .quantities = {},
                                  .readings = readings});
}

}  // namespace agent
