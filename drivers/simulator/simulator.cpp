#include "drivers/simulator/simulator.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace drivers::simulator {

namespace {

using namespace std::chrono_literals;

constexpr std::size_t kPendingMax = 256;
const std::vector<std::string> kParts{"dht11", "ds18b20", "hcsr04", "pir", "reed"};

void check_parts(base::Settings& settings, const std::vector<std::string>& parts) {
    if (parts.empty()) settings.refuse("sensors", "sensors: name at least one part");
    for (std::size_t i = 0; i < parts.size(); ++i) {
        const auto& part = parts[i];
        const auto before = parts.begin() + static_cast<std::ptrdiff_t>(i);
        if (std::find(parts.begin(), before, part) != before) {
            settings.refuse("sensors", fmt::format("sensors: \"{}\" is listed twice", part));
        }
        if (std::find(kParts.begin(), kParts.end(), part) != kParts.end()) continue;
        auto reason =
            fmt::format("sensors: \"{}\" is not one of: {}", part, fmt::join(kParts, ", "));
        if (const auto near = base::nearest_word(part, kParts)) {
            reason += fmt::format("; did you mean \"{}\"?", *near);
        }
        settings.refuse("sensors", reason);
    }
    const auto has = [&parts](const char* part) {
        return std::find(parts.begin(), parts.end(), part) != parts.end();
    };
    if (has("dht11") && has("ds18b20")) {
        settings.refuse(
            "sensors",
            "sensors: \"dht11\" and \"ds18b20\" both measure the temperature: give each "
            "a [[sensor]] of its own");
    }
}

Options read_options(base::Settings& settings, std::uint64_t seed) {
    Options options;
    options.sensors = settings.texts("sensors", options.sensors);
    check_parts(settings, options.sensors);
    auto& room = options.room;
    const auto given = settings.integer("seed", 0, 0, std::int64_t{1} << 53U);
    room.seed = settings.has("seed") ? static_cast<std::uint64_t>(given) : seed;
    room.mean_temperature = settings.number("mean_temperature", room.mean_temperature, -40, 60);
    room.amplitude = settings.number("amplitude", room.amplitude, 0, 20);
    room.mean_humidity = settings.number("mean_humidity", room.mean_humidity, 1, 99);
    options.pir.hold = settings.duration("hold", options.pir.hold, 300ms, 300s);
    options.pir.warm_up = settings.duration("warm_up", options.pir.warm_up, 0ms, 10min);
    options.door_stands_open = settings.choice("door", "moves", {"moves", "open"}) == "open";
    options.fault = settings.text("fault", "");
    return options;
}

}  // namespace

Driver::Driver(const Options& options, const base::Clock& clock)
    : clock_(clock),
      room_(options.room),
      door_stands_open_(options.door_stands_open),
      fault_(options.fault),
      dht11_(room_),
      ds18b20_(room_),
      hcsr04_(room_),
      hcsr501_(room_, options.pir),
      powered_up_(clock.instant()),
      pending_(kPendingMax) {
    for (const auto& part : options.sensors) add_part(part);
}

void Driver::add_part(const std::string& part) {
    const auto add = [this](Quantity quantity) {
        quantities_.push_back(std::move(quantity));
        return quantities_.size() - 1;
    };
    if (part == "dht11") {
        temperature_ = add({"temperature", "temperature", "Cel", Dht11::kTemperatureLeast,
                            Dht11::kTemperatureMost, Dht11::kResolution});
        humidity_ = add({"humidity", "humidity", "%RH", Dht11::kHumidityLeast, Dht11::kHumidityMost,
                         Dht11::kResolution});
    } else if (part == "ds18b20") {
        temperature_ = add({"temperature", "temperature", "Cel", Ds18b20::kLeast, Ds18b20::kMost,
                            Ds18b20::kResolution});
    } else if (part == "reed") {
        open_ = add({"open", "contact", "/", 0, 1, 1});
    } else if (part == "hcsr04") {
        distance_ = add({"distance", "distance", "m", Hcsr04::kLeast_m, Hcsr04::kMost_m,
                         Hcsr04::kResolution_m});
    } else if (part == "pir") {
        motion_ = add({"motion", "motion", "/", 0, 1, 1});
    }
}

void Driver::trigger(base::Instant now) {
    if (!fault_.empty()) return fail(fault_, {}, now);
    const auto time = clock_.event_time();
    if (humidity_) read_dht11(time, now);
    if (temperature_ && !humidity_) read_ds18b20(time, now);
    if (open_) read_reed(time, now);
    if (distance_) read_hcsr04(time, now);
    if (motion_) read_hcsr501(time, now);
}

void Driver::read_dht11(base::EventTime time, base::Instant now) {
    const auto values = dht11_.read(time);
    if (!values) return fail("dht11: " + values.error().detail, {*temperature_, *humidity_}, now);
    yield(*temperature_, values.value().temperature, now);
    yield(*humidity_, values.value().humidity, now);
}

void Driver::read_ds18b20(base::EventTime time, base::Instant now) {
    yield(*temperature_, ds18b20_.read(time), now);
}

void Driver::read_reed(base::EventTime time, base::Instant now) {
    yield(*open_, door_stands_open_ || room_.door_is_open(time) ? 1 : 0, now);
}

void Driver::read_hcsr04(base::EventTime time, base::Instant now) {
    const auto distance = hcsr04_.read(time);
    if (!distance) return fail("hcsr04: " + distance.error().detail, {*distance_}, now);
    yield(*distance_, distance.value(), now);
}

void Driver::read_hcsr501(base::EventTime time, base::Instant now) {
    if (hcsr501_.has_settled(now - powered_up_)) {
        return yield(*motion_, hcsr501_.output(time) ? 1 : 0, now);
    }
    fail("pir: warming up", {*motion_}, now);
}

void Driver::yield(std::size_t quantity, double value, base::Instant now) {
    pending_.add(Measurement{
        .quantity = quantity, .value = value, .taken = now, .source_time = std::nullopt});
}

void Driver::fail(const std::string& reason, std::vector<std::size_t> quantities,
                  base::Instant now) {
    pending_.add(Failure{
        .reason = reason, .taken = now, .edges_us = {}, .quantities = std::move(quantities)});
}

Harvest Driver::collect(base::Instant now, std::size_t measurements_max) {
    return pending_.take(now, measurements_max);
}

DriverKind kind() {
    return {
        .name = "simulator",
        .sentence = "An imaginary room, as it is measured by cheap sensors with all their flaws",
        .sample = {},
        .default_period = 2s,
        .make = [](base::Settings& settings, const Surroundings& surroundings)
            -> base::Result<std::unique_ptr<drivers::Driver>> {
            return std::unique_ptr<drivers::Driver>(std::make_unique<Driver>(
                read_options(settings, surroundings.seed), surroundings.clock));
        },
        .read_settings = [](base::Settings& settings) { read_options(settings, 0); }};
}

}  // namespace drivers::simulator
