#include "drivers/core/configured_driver.hpp"

#include <stdexcept>

namespace configured {

namespace {

/// The agent's own keys of a [[sensor]] table, as far as the samples use them.
const drivers::DriverKind& kind_of(base::Settings& sensor) {
    sensor.required_text("name");
    sensor.duration("period", base::Duration{0}, base::Duration{0}, std::chrono::hours{24});
    const auto* kind = drivers::find_driver_kind(sensor.required_text("driver"));
    if (kind == nullptr) throw std::runtime_error("the test names a driver that is not there");
    return *kind;
}

base::Settings parsed(const std::string& text) {
    auto settings = base::Settings::parse(text, "test.toml");
    if (!settings) throw std::runtime_error(settings.error().detail);
    return std::move(settings).value();
}

}  // namespace

base::Result<std::unique_ptr<drivers::Driver>> make(const std::string& text,
                                                    const base::Clock& clock,
                                                    const std::optional<std::string>& position,
                                                    std::uint64_t seed) {
    auto settings = parsed(text);
    auto sensors = settings.tables("sensor");
    auto& sensor = sensors.at(0);
    auto made = kind_of(sensor).make(sensor, {.clock = clock, .seed = seed, .position = position});
    if (const auto status = settings.check(); !status) return status.error();
    return made;
}

base::Status validate(const std::string& text) {
    auto settings = parsed(text);
    for (auto& sensor : settings.tables("sensor")) kind_of(sensor).read_settings(sensor);
    return settings.check();
}

std::unique_ptr<drivers::Driver> must_make(const std::string& text, const base::Clock& clock,
                                           const std::optional<std::string>& position,
                                           std::uint64_t seed) {
    auto made = make(text, clock, position, seed);
    if (!made) throw std::runtime_error(made.error().detail);
    return std::move(made).value();
}

}  // namespace configured
