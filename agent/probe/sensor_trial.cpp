#include "agent/probe/sensor_trial.hpp"

#include <algorithm>

namespace agent {

namespace {

using base::Duration;
using base::Instant;

constexpr Duration kPause = std::chrono::milliseconds{10};
constexpr Duration kPeriodMax = std::chrono::seconds{2};  // Nobody wants to wait an hour.
constexpr std::size_t kCollectMax = 256;

struct Trial {
    Sensor sensor;
    SensorReport report;
    std::vector<bool> seen;
    Instant due;

    bool complete() const {
        return !seen.empty() && std::all_of(seen.begin(), seen.end(), [](bool yes) { return yes; });
    }
};

void trigger(Trial& trial, Instant now) {
    const auto period = std::min(trial.sensor.period, kPeriodMax);
    if (period <= Duration::zero() || now < trial.due) return;
    trial.due = now + period;
    trial.sensor.driver->trigger(now);
}

void collect(Trial& trial, Instant now) {
    auto& driver = *trial.sensor.driver;
    const auto harvest = driver.collect(now, std::max(kCollectMax, driver.quantities().size()));
    trial.seen.resize(driver.quantities().size());
    for (const auto& measurement : harvest.measurements) {
        if (measurement.quantity >= trial.seen.size() || trial.seen[measurement.quantity]) continue;
        const auto& quantity = driver.quantities()[measurement.quantity];
        trial.seen[measurement.quantity] = true;
        trial.report.values.push_back({.series = trial.sensor.name + "." + quantity.name,
                                       .unit = quantity.unit,
                                       .value = measurement.value});
    }
    if (!harvest.failures.empty()) {
        trial.report.fault = harvest.failures.back().reason;
        trial.report.sign = harvest.failures.back().sign;
    }
    trial.report.failures += harvest.failures.size();
}

SensorReport report_of(Trial& trial) {
    const auto& quantities = trial.sensor.driver->quantities();
    for (std::size_t i = 0; i < quantities.size(); ++i) {
        if (i >= trial.seen.size() || !trial.seen[i]) {
            trial.report.silent.push_back(quantities[i].name);
        }
    }
    for (const auto& [name, options] : trial.sensor.filters) {
        if (std::none_of(quantities.begin(), quantities.end(),
                         [&name = name](const auto& quantity) { return quantity.name == name; })) {
            trial.report.unmatched.push_back(name);
        }
    }
    return std::move(trial.report);
}

}  // namespace

std::vector<SensorReport> test_sensors(std::vector<Sensor> sensors, const base::Clock& clock,
                                       base::Duration patience) {
    std::vector<Trial> trials;
    const auto start = clock.instant();
    for (auto& sensor : sensors) {
        auto name = sensor.name;
        trials.push_back({.sensor = std::move(sensor),
                          .report = {.sensor = std::move(name), .values = {}, .fault = {}},
                          .seen = {},
                          .due = start});
    }
    for (auto now = start; now < start + patience; now = clock.instant()) {
        for (auto& trial : trials) {
            if (trial.complete()) continue;
            trigger(trial, now);
            collect(trial, now);
        }
        const bool done = std::all_of(trials.begin(), trials.end(),
                                      [](const Trial& trial) { return trial.complete(); });
        if (done) break;
        base::pause_for(kPause);
    }
    std::vector<SensorReport> reports;
    for (auto& trial : trials) reports.push_back(report_of(trial));
    return reports;
}

}  // namespace agent
