#include "agent/probe/tried_sensors.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "drivers/gpio/address.hpp"
#include "drivers/gpio/consumer.hpp"
#include "drivers/gpio/place.hpp"

namespace agent {

namespace {

/// The keys that say where a sensor is, which a person looks for on a board. No other key is shown,
/// since it may be a secret.
constexpr std::array<const char*, 11> kPlaces{"line", "header_pin", "trigger", "trigger_pin",
                                              "echo", "echo_pin",   "backend", "iio_device",
                                              "port", "file",       "address"};

TriedSensor untried(const SensorConfig& sensor) {
    TriedSensor tried{.name = sensor.name,
                      .driver = std::string{sensor.kind->name},
                      .keys = {},
                      .remedies = sensor.kind->remedies,
                      .refused = {},
                      .is_read_by_agent = false,
                      .report = {}};
    for (const auto* key : kPlaces) {
        auto value = sensor.settings.written(key);
        if (!value.empty()) tried.keys.emplace_back(key, std::move(value));
    }
    return tried;
}

/// The line that a key names; an error when the key names none.
base::Result<drivers::gpio::LineAddress> address_of(const std::string& key,
                                                    const std::string& value) {
    if (key == "line" || key == "trigger" || key == "echo") {
        return drivers::gpio::parse_line_address(value);
    }
    unsigned pin = 0;
    if (key.ends_with("_pin")) std::from_chars(value.data(), value.data() + value.size(), pin);
    return drivers::gpio::header_pin_address(pin);
}

/// Whether a leat-agent that is running has the sensor's lines for a sensor of this name, and
/// nobody else has any of them.
bool is_read_by_agent(const TriedSensor& sensor, const std::string& devices) {
    const auto survey = drivers::gpio::survey_chips(devices);
    if (!survey) return false;
    bool has_line = false;
    for (const auto& [key, value] : sensor.keys) {
        const auto address = address_of(key, value);
        if (!address) continue;
        const auto consumer = consumer_of_line(address.value(), survey.value());
        if (consumer.empty()) continue;
        if (!drivers::gpio::is_of_sensor(consumer, sensor.name)) return false;
        has_line = true;
    }
    return has_line;
}

}  // namespace

std::vector<TriedSensor> try_sensors(const Config& config, const base::Clock& clock,
                                     base::Duration patience) {
    std::vector<TriedSensor> tried;
    std::vector<Sensor> opened;
    const auto no_position = [](const std::string&) { return std::nullopt; };
    for (const auto& sensor : config.sensors) {
        auto& entry = tried.emplace_back(untried(sensor));
        auto made = make_sensor(config, sensor, clock, no_position);
        if (made) {
            opened.push_back(std::move(made).value());
        } else {
            entry.refused = made.error().detail;
            const auto devices = sensor.settings.written("devices");
            entry.is_read_by_agent = made.error().fault == base::Fault::transient &&
                                     is_read_by_agent(entry, devices.empty() ? "/dev" : devices);
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
