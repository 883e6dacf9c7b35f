#include "drivers/core/pending.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/ensure.hpp"

namespace drivers {

namespace {

constexpr std::size_t kFailuresMax = 64;

}  // namespace

Pending::Pending(std::size_t measurements_max) : measurements_max_(measurements_max) {
    ENSURE(measurements_max > 0);
}

void Pending::add(Measurement measurement) {
    if (measurements_.size() == measurements_max_) {
        measurements_.pop_front();
        ++overrun_;
    }
    measurements_.push_back(measurement);
}

void Pending::add(Failure failure) {
    if (failures_.size() == kFailuresMax) {
        failures_.pop_front();
        ++overrun_;
    }
    failures_.push_back(std::move(failure));
}

Harvest Pending::take(base::Instant now, std::size_t measurements_max) {
    Harvest harvest;
    const auto count = std::min(measurements_max, measurements_.size());
    const auto end = measurements_.begin() + static_cast<std::ptrdiff_t>(count);
    harvest.measurements.assign(measurements_.begin(), end);
    measurements_.erase(measurements_.begin(), end);
    harvest.failures.assign(failures_.begin(), failures_.end());
    failures_.clear();
    if (overrun_ > 0) {
        harvest.failures.push_back({.reason = fmt::format("overrun: {} not collected", overrun_),
                                    .taken = now,
                                    .edges_us = {}});
        overrun_ = 0;
    }
    return harvest;
}

}  // namespace drivers
