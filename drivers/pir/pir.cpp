#include "drivers/pir/pir.hpp"

#include <fmt/format.h>

#include <array>

#include "drivers/gpio/consumer.hpp"
#include "drivers/gpio/open_line.hpp"

namespace drivers::pir {

namespace {

using std::chrono::duration_cast;
using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::array<std::string_view, 4> kSensors{"HC-SR501", "HC-SR505", "PIR", "AM312"};
constexpr std::size_t kPendingMax = 256;
constexpr std::size_t kEdgesMax = 256;
constexpr std::size_t kMotion = 0;
constexpr std::size_t kOccupied = 1;
constexpr std::size_t kStay = 2;

gpio::LineMode::Bias read_bias(base::Settings& settings) {
    const auto word = settings.choice("bias", "pull_down", {"pull_down", "pull_up", "none"});
    if (word == "pull_up") return gpio::LineMode::Bias::pull_up;
    return word == "none" ? gpio::LineMode::Bias::none : gpio::LineMode::Bias::pull_down;
}

Options read_options(base::Settings& settings) {
    Options options;
    auto& occupancy = options.occupancy;
    options.name = settings.text("name", "pir");
    options.line = gpio::read_line_address(settings, "line", "header_pin");
    options.devices = settings.text("devices", options.devices);
    options.mode.edges = gpio::LineMode::Edges::both;
    options.mode.bias = read_bias(settings);
    options.mode.debounce =
        settings.duration("debounce", milliseconds{20}, milliseconds{0}, seconds{10});
    options.inverted = settings.boolean("inverted", options.inverted);
    occupancy.warm_up = settings.duration("warm_up", occupancy.warm_up, seconds{0}, hours{1});
    occupancy.hold = settings.duration("hold", occupancy.hold, seconds{0}, hours{24});
    occupancy.stuck_after =
        settings.duration("stuck_after", occupancy.stuck_after, seconds{0}, hours{168});
    return options;
}

Quantity stay() {
    return {.name = "stay",
            .kind = "duration",
            .unit = "s",
            .least = 0,
            .most = std::nullopt,
            .resolution = 0.001,
            .rhythm = Rhythm::also_between};
}

Quantity truth(std::string name) {
    return {.name = name,
            .kind = name,
            .unit = "/",
            .least = 0,
            .most = 1,
            .resolution = 1,
            .urgent = true,
            .rhythm = Rhythm::also_between};
}

}  // namespace

base::Result<std::unique_ptr<drivers::Driver>> Driver::open(const Options& options) {
    auto line = gpio::open_line({.address = options.line,
                                 .mode = options.mode,
                                 .consumer = gpio::consumer_of(options.name),
                                 .edges_max = kEdgesMax,
                                 .devices = options.devices});
    if (!line) return line.error();
    return std::unique_ptr<drivers::Driver>(
        std::make_unique<Driver>(options, std::move(line).value()));
}

Driver::Driver(const Options& options, std::unique_ptr<gpio::Line> line)
    : quantities_{truth("motion"), truth("occupied"), stay()},
      line_(std::move(line)),
      inverted_(options.inverted),
      occupancy_(options.occupancy),
      pending_(kPendingMax) {}

void Driver::trigger(base::Instant now) {
    read_edges(now);
    // The first reading, too: a line that is already high makes no edge.
    const auto level = line_->level();
    if (!level) return fail({.reason = level.error().detail}, 1, now);
    add(occupancy_.level(level.value() != inverted_, now));
}

Harvest Driver::collect(base::Instant now, std::size_t measurements_max) {
    read_edges(now);
    add(occupancy_.pass(now));
    return pending_.take(now, measurements_max);
}

void Driver::read_edges(base::Instant now) {
    const auto arrived = line_->wait(std::chrono::microseconds{0});
    if (!arrived) {
        // The reading that is due fails by itself, in trigger().
        if (!failure_reported_) fail({.reason = arrived.error().detail}, 0, now);
        failure_reported_ = true;
        return;
    }
    failure_reported_ = false;
    const auto& edges = arrived.value();
    if (edges.lost > 0) {
        pending_.add(Failure{.reason = fmt::format("events lost: {}", edges.lost),
                             .taken = now,
                             .edges_us = {},
                             .sign = Sign::events_lost,
                             .quantities = {kMotion},
                             .readings = edges.lost,
                             .cause = "events lost"});
    }
    for (const auto& edge : edges.edges) {
        // The edges' clock is not ours, but an age is the same on both.
        const std::chrono::nanoseconds age{edges.read_ns - edge.time_ns};
        add(occupancy_.edge(edge.rising != inverted_, now - duration_cast<base::Duration>(age)));
    }
}

void Driver::add(const Occupancy::Events& events) {
    for (const auto& event : events) {
        switch (event.kind) {
            case OccupancyEvent::Kind::motion:
                measure(kMotion, event);
                break;
            case OccupancyEvent::Kind::occupied:
                measure(kOccupied, event);
                break;
            case OccupancyEvent::Kind::lasted:
                measure(kStay, event);
                break;
            case OccupancyEvent::Kind::stuck_high:
                // It is read all the same.
                pending_.add(Failure{.reason = "stuck high",
                                     .taken = event.at,
                                     .edges_us = {},
                                     .sign = Sign::stuck_high,
                                     .readings = 0});
                break;
            case OccupancyEvent::Kind::missed:
                pending_.add(Failure{.reason = "missed edge",
                                     .taken = event.at,
                                     .edges_us = {},
                                     .quantities = {kMotion}});
                break;
            case OccupancyEvent::Kind::warming_up:
                pending_.add(
                    Failure{.reason = fmt::format("warming up: {} edges ignored", event.value),
                            .taken = event.at,
                            .edges_us = {},
                            .sign = Sign::warming_up,
                            .cause = "warming up"});
                break;
        }
    }
}

void Driver::measure(std::size_t quantity, const OccupancyEvent& event) {
    pending_.add(Measurement{.quantity = quantity,
                             .value = event.value,
                             .taken = event.at,
                             .source_time = std::nullopt});
}

void Driver::fail(const Refusal& refusal, std::uint64_t readings, base::Instant now) {
    pending_.add(Failure{.reason = refusal.reason,
                         .taken = now,
                         .edges_us = {},
                         .source_time = std::nullopt,
                         .sign = refusal.sign,
                         .quantities = {},
                         .readings = readings});
}

namespace {

constexpr Remedy kRemedies[] = {
    {.sign = Sign::zero,
     .quantity = "motion",
     .means = "it sees no motion; an unplugged one looks the same",
     .cure = "walk past it and probe again",
     .is_wrong = false},
    {.sign = Sign::warming_up,
     .means = "for the first minute after power-up it reports motion where there is none",
     .cure = "probe again later, or set warm_up = \"0s\" if it has had power for longer",
     .is_wrong = false},
    {.sign = Sign::stuck_high,
     .means = "the line has been high for very long: OUT and VCC swapped?",
     .cure = "check the three wires; turn its hold time down"},
};

}  // namespace

DriverKind kind() {
    return {.name = "pir",
            .sentence = "Motion and occupancy from an HC-SR501, or any contact",
            .sample = {},
            .default_period = seconds{60},
            .make = [](base::Settings& settings,
                       const Surroundings&) { return Driver::open(read_options(settings)); },
            .read_settings = [](base::Settings& settings) { read_options(settings); },
            .remedies = kRemedies,
            .sensors = kSensors,
            .claims =
                [](const base::Settings& settings) {
                    return gpio::line_claims(settings, {{"line", "header_pin"}});
                }};
}

}  // namespace drivers::pir
