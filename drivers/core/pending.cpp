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
        drop(measurements_.front());
        measurements_.pop_front();
    }
    measurements_.push_back(measurement);
}

void Pending::add(Failure failure) {
    if (failures_.size() == kFailuresMax) {
        drop(failures_.front());
        failures_.pop_front();
    }
    failures_.push_back(std::move(failure));
}

void Pending::drop(const Measurement& measurement) {
    auto& overrun = overruns_[{measurement.quantity}];
    ++overrun.readings;
    overrun.last = measurement.taken;
    overrun.last_source_time = measurement.source_time;
}

void Pending::drop(const Failure& failure) {
    if (failure.readings == 0) return;
    auto& overrun = overruns_[failure.quantities];
    overrun.readings += failure.readings;
    overrun.last = failure.taken;
    overrun.last_source_time = failure.source_time;
}

Harvest Pending::take(base::Instant /*now*/, std::size_t measurements_max) {
    Harvest harvest;
    const auto count = std::min(measurements_max, measurements_.size());
    const auto end = measurements_.begin() + static_cast<std::ptrdiff_t>(count);
    harvest.measurements.assign(measurements_.begin(), end);
    measurements_.erase(measurements_.begin(), end);
    harvest.failures.assign(failures_.begin(), failures_.end());
    failures_.clear();
    add_overruns(harvest);
    return harvest;
}

void Pending::add_overruns(Harvest& harvest) {
    for (const auto& [quantities, overrun] : overruns_) {
        harvest.failures.push_back(
            {.reason = fmt::format("overrun: {} not collected", overrun.readings),
             .taken = overrun.last,
             .edges_us = {},
             .source_time = overrun.last_source_time,
             .quantities = quantities,
             .readings = overrun.readings,
             .cause = "overrun"});
    }
    overruns_.clear();
}

}  // namespace drivers
