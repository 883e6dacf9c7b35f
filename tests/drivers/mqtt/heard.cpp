#include "drivers/mqtt/heard.hpp"

#include <fmt/format.h>

#include <stdexcept>

namespace heard {

namespace {

base::Result<drivers::mqtt::Options> read(const std::string& keys) {
    auto settings = base::Settings::parse("[[sensor]]\n" + keys, "test.toml");
    if (!settings) return settings.error();
    auto root = std::move(settings).value();
    auto sensor = root.tables("sensor").at(0);
    auto options = drivers::mqtt::read_options(sensor);
    if (const auto checked = root.check(); !checked) return checked.error();
    return options;
}

}  // namespace

drivers::mqtt::Options options(const std::string& keys) {
    auto options = read(keys);
    if (!options) throw std::runtime_error(options.error().detail);
    return std::move(options).value();
}

std::string wrong(const std::string& keys) {
    const auto options = read(keys);
    return options ? std::string{} : options.error().detail;
}

std::string Ear::accept(const std::vector<Said>& messages) {
    const base::Instant now{base::Duration{1000}};
    for (const auto& said : messages) {
        listener_.accept(
            {.topic = said.topic, .payload = said.payload, .retained = said.retained, .taken = now},
            pending_);
    }
    std::string text;
    source_times_.clear();
    const auto harvest = pending_.take(now, 4096);
    for (const auto& measurement : harvest.measurements) {
        const auto& quantity = listener_.quantities().at(measurement.quantity);
        text += fmt::format("{} {} {}\n", quantity.name, measurement.value, quantity.unit);
        source_times_.push_back(
            measurement.source_time ? base::to_milliseconds(*measurement.source_time) : 0);
    }
    for (const auto& failure : harvest.failures) text += "! " + failure.reason + "\n";
    failures_ = harvest.failures;
    return text;
}

}  // namespace heard
