#include "agent/probe/tried_sensors.hpp"

#include <algorithm>
#include <array>

namespace agent {

namespace {

/// Keys that say where a sensor is: what a person looks for on a board. No other key of a table is
/// shown, for it may be a secret.
constexpr std::array<const char*, 11> kPlaces{"line", "header_pin", "trigger", "trigger_pin",
                                              "echo", "echo_pin",   "backend", "iio_device",
                                              "port", "file",       "address"};

TriedSensor introduce(const SensorConfig& sensor) {
    TriedSensor tried{.name = sensor.name,
                      .driver = std::string{sensor.kind->name},
                      .keys = {},
                      .remedies = sensor.kind->remedies,
                      .refused = {},
                      .report = {}};
    for (const auto* key : kPlaces) {
        auto value = sensor.settings.written(key);
        if (!value.empty()) tried.keys.emplace_back(key, std::move(value));
    }
    return tried;
}

}  // namespace

std::vector<TriedSensor> try_sensors(const Config& config, const base::Clock& clock,
                                     base::Duration patience) {
    std::vector<TriedSensor> tried;
    std::vector<Sensor> opened;
    const auto no_position = [](const std::string&) { return std::nullopt; };
    for (const auto& sensor : config.sensors) {
        auto& entry = tried.emplace_back(introduce(sensor));
        auto made = make_sensor(config, sensor, clock, no_position);
        if (made) {
            opened.push_back(std::move(made).value());
        } else {
            entry.refused = made.error().detail;
        }
    }
    for (auto& report : test_sensors(std::move(opened), clock, patience)) {
        const auto found = std::find_if(tried.begin(), tried.end(), [&](const TriedSensor& sensor) {
            return sensor.name == report.sensor;
        });
        if (found != tried.end()) found->report = std::move(report);
    }
    return tried;
}

}  // namespace agent
