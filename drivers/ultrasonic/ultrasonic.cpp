#include "drivers/ultrasonic/ultrasonic.hpp"

#include <array>
#include <cmath>
#include <map>

#include "drivers/gpio/consumer.hpp"
#include "drivers/gpio/guarded.hpp"
#include "drivers/gpio/open_line.hpp"

namespace drivers::ultrasonic {

namespace {

constexpr std::array<std::string_view, 4> kSensors{"HC-SR04", "HC-SR04P", "JSN-SR04T", "SR04"};
constexpr std::size_t kPendingMax = 128;
constexpr std::size_t kOutcomesMax = 4;
constexpr std::size_t kEdgesMax = 32;
constexpr std::size_t kDistance = 0;
constexpr std::size_t kInRange = 1;
constexpr double kColdest = -40;
constexpr double kHottest = 80;

Options read_options(base::Settings& settings) {
    Options options;
    options.name = settings.text("name", "ultrasonic");
    options.trigger = gpio::read_line_address(settings, "trigger", "trigger_pin");
    options.echo = gpio::read_line_address(settings, "echo", "echo_pin");
    options.devices = settings.text("devices", options.devices);
    options.pings = static_cast<int>(settings.integer("pings", options.pings, 1, 15));
    options.limits.distance_max_m =
        settings.number("distance_max", options.limits.distance_max_m, 0.1, 6);
    options.temperature_celsius =
        settings.number("temperature", options.temperature_celsius, kColdest, kHottest);
    options.temperature_series = settings.text("temperature_series", "");
    return options;
}

/// In µs after the first one, as in a fault record.
std::vector<double> times_of(const std::vector<gpio::Edge>& edges) {
    std::vector<double> times;
    for (const auto& edge : edges) {
        times.push_back(static_cast<double>(edge.time_ns - edges.front().time_ns) / 1000);
    }
    return times;
}

base::Result<std::unique_ptr<gpio::Line>> open_one(const Options& options,
                                                   const gpio::LineAddress& address,
                                                   const gpio::LineMode& mode, const char* what) {
    return gpio::open_line({.address = address,
                            .mode = mode,
                            .consumer = gpio::consumer_of(options.name, what),
                            .edges_max = kEdgesMax,
                            .devices = options.devices});
}

}  // namespace

base::Result<std::unique_ptr<drivers::Driver>> Driver::open(const Options& options,
                                                            const Surroundings& surroundings) {
    auto trigger = open_one(options, options.trigger, Sonar::trigger_mode(), "trigger");
    if (!trigger) return trigger.error();
    auto echo = open_one(options, options.echo, Sonar::echo_mode(), "echo");
    if (!echo) return echo.error();
    return gpio::guarded("no thread to read it in",
                         [&]() -> base::Result<std::unique_ptr<drivers::Driver>> {
                             return std::unique_ptr<drivers::Driver>(std::make_unique<Driver>(
                                 options,
                                 std::make_unique<Sonar>(std::move(trigger).value(),
                                                         std::move(echo).value(), options.limits),
                                 surroundings.clock, ping_schedule(), surroundings.latest));
                         });
}

Driver::Driver(const Options& options, std::unique_ptr<Sonar> sonar, const base::Clock& clock,
               PingSchedule& schedule, Latest latest)
    : options_(options),
      quantities_{{.name = "distance",
                   .kind = "distance",
                   .unit = "m",
                   .least = 0.02,
                   .most = options.limits.distance_max_m,
                   .resolution = 0.003,
                   // Nothing in range is a reading of in_range, and none of the distance.
                   .rhythm = Rhythm::events},
                  {.name = "in_range",
                   .kind = "in_range",
                   .unit = "/",
                   .least = 0,
                   .most = 1,
                   .resolution = 1}},
      sonar_(std::move(sonar)),
      clock_(clock),
      schedule_(schedule),
      latest_(std::move(latest)),
      pending_(kPendingMax),
      worker_([this](const Burst& burst,
                     const Bursts::Stopping& stopping) { return work(burst, stopping); },
              kOutcomesMax) {}

void Driver::trigger(base::Instant now) {
    if (worker_.start({.temperature_celsius = air_temperature()})) return;
    pending_.add(Failure{.reason = "busy", .taken = now, .edges_us = {}});
}

Harvest Driver::collect(base::Instant now, std::size_t measurements_max) {
    while (const auto outcome = worker_.take()) settle(*outcome, now);
    return pending_.take(now, measurements_max);
}

double Driver::air_temperature() const {
    if (options_.temperature_series.empty() || !latest_) return options_.temperature_celsius;
    const auto measured = latest_(options_.temperature_series);
    const bool usable = measured && *measured >= kColdest && *measured <= kHottest;
    return usable ? *measured : options_.temperature_celsius;
}

Driver::Outcome Driver::work(const Burst& burst, const Bursts::Stopping& stopping) {
    std::vector<Attempt<Echo>> pings;
    std::map<Refusal, std::vector<double>> edges_us;
    for (int i = 0; i < options_.pings && !stopping(); ++i) {
        auto turn = schedule_.wait(clock_);
        turn.begin();
        pings.push_back(sonar_->ping(burst.temperature_celsius));
        if (!pings.back()) edges_us[pings.back().refusal()] = times_of(sonar_->edges());
    }
    auto echo = combine_echoes(pings);
    auto edges = echo ? std::vector<double>{} : std::move(edges_us[echo.refusal()]);
    return {.echo = std::move(echo), .edges_us = std::move(edges)};
}

void Driver::settle(const Outcome& outcome, base::Instant now) {
    const auto& echo = outcome.echo;
    if (!echo) {
        pending_.add(Failure{.reason = echo.refusal().reason,
                             .taken = now,
                             .edges_us = outcome.edges_us,
                             .source_time = std::nullopt,
                             .sign = echo.refusal().sign});
        return;
    }
    const auto add = [&](std::size_t quantity, double value) {
        pending_.add(Measurement{
            .quantity = quantity, .value = value, .taken = now, .source_time = std::nullopt});
    };
    const auto& distance = echo.value().distance_m;
    // The data sheet promises 3 mm; more digits would only cost space.
    if (distance) add(kDistance, std::round(*distance * 1e3) / 1e3);
    add(kInRange, distance ? 1 : 0);
}

namespace {

constexpr Remedy kRemedies[] = {
    {.sign = Sign::no_answer,
     .means = "ECHO never rises: TRIG and ECHO swapped, no power, or a loose wire",
     .cure = "is 5 V on VCC (3.3 V for an HC-SR04P)? swap TRIG and ECHO and try again"},
    {.sign = Sign::stuck_high,
     .means = "ECHO is high before the pulse: TRIG and ECHO swapped, or ECHO on 3.3 V",
     .cure = "check both wires; then switch its power off for a second"},
    {.sign = Sign::endless,
     .means = "ECHO rises and never falls: the module hangs, or its ground is loose",
     .cure = "check GND; switch its power off for a second"},
    {.sign = Sign::too_close,
     .means = "something is nearer than 2 cm, or a wire picks up the pulse",
     .cure = "clear its view; keep the wires of TRIG and ECHO apart"},
    {.sign = Sign::damaged,
     .means = "the pulses of ECHO do not come one by one",
     .cure = "use shorter wires; is the divider of ECHO there (1 and 2 kΩ)?"},
    {.sign = Sign::inconsistent,
     .means = "its pings do not agree",
     .cure = "put something still and hard straight in front of it; its 5 V must be steady"},
    {.sign = Sign::no_value,
     .quantity = "distance",
     .means = "it works, but nothing is within its range",
     .cure = "hold a hand 30 cm in front of it",
     .is_wrong = false},
};

}  // namespace

DriverKind kind() {
    return {.name = "ultrasonic",
            .sentence = "Distance from an HC-SR04 ultrasonic sensor",
            .sample = {},
            .default_period = std::chrono::seconds{1},
            .make =
                [](base::Settings& settings, const Surroundings& surroundings) {
                    return Driver::open(read_options(settings), surroundings);
                },
            .read_settings = [](base::Settings& settings) { read_options(settings); },
            .remedies = kRemedies,
            .sensors = kSensors,
            .claims =
                [](const base::Settings& settings) {
                    return gpio::line_claims(settings,
                                             {{"trigger", "trigger_pin"}, {"echo", "echo_pin"}});
                }};
}

}  // namespace drivers::ultrasonic
