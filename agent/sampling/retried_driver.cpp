#include "agent/sampling/retried_driver.hpp"

namespace agent {

namespace {

const std::vector<drivers::Quantity> kNoQuantities;

}  // namespace

RetriedDriver::RetriedDriver(Open open, std::string why, base::Instant now)
    : open_(std::move(open)), why_(std::move(why)), tried_(now) {}

const std::vector<drivers::Quantity>& RetriedDriver::quantities() const {
    return driver_ != nullptr ? driver_->quantities() : kNoQuantities;
}

void RetriedDriver::trigger(base::Instant now) {
    if (driver_ != nullptr) driver_->trigger(now);
}

drivers::Harvest RetriedDriver::collect(base::Instant now, std::size_t measurements_max) {
    if (driver_ != nullptr) return driver_->collect(now, measurements_max);
    if (now - tried_ >= kRetryEvery) {
        tried_ = now;
        auto opened = open_();
        why_.reset();
        if (opened) {
            // Collected from the next call on, when its quantities are known.
            driver_ = std::move(opened).value();
        } else {
            why_ = opened.error().detail;
        }
    }
    drivers::Harvest harvest;
    if (!why_) return harvest;
    harvest.failures.push_back({.reason = "cannot be opened: " + *why_, .taken = now});
    why_.reset();
    return harvest;
}

}  // namespace agent
