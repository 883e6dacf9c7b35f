#include "agent/sampling/schedule.hpp"

#include <algorithm>

#include "wire/identity.hpp"

namespace agent {

namespace {

using base::Duration;

constexpr Duration kPhaseMax = std::chrono::seconds{1};

/// Depends on the name alone, so that a restart keeps it.
Duration phase_of(std::string_view sensor, Duration period) {
    const auto range = std::min(period, kPhaseMax).count();
    if (range <= 0) return Duration::zero();
    return Duration{
        static_cast<Duration::rep>(wire::fnv1a64(sensor) % static_cast<std::uint64_t>(range))};
}

}  // namespace

void Schedule::add(const std::string& sensor, Duration period, base::Instant now) {
    sensors_.push_back(sensor);
    turns_.emplace_back(period, now + phase_of(sensor, period));
}

std::optional<std::size_t> Schedule::find(std::string_view sensor) const {
    const auto found = std::find(sensors_.begin(), sensors_.end(), sensor);
    if (found == sensors_.end()) return std::nullopt;
    return static_cast<std::size_t>(found - sensors_.begin());
}

}  // namespace agent
