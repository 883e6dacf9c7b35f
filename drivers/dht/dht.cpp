#include "drivers/dht/dht.hpp"

#include <fmt/format.h>

#include <array>
#include <cctype>
#include <utility>

#include "base/log.hpp"
#include "drivers/dht/decode.hpp"
#include "drivers/gpio/consumer.hpp"
#include "drivers/gpio/guarded.hpp"
#include "drivers/gpio/open_line.hpp"

namespace drivers::dht {

namespace {

using std::chrono::seconds;

constexpr std::size_t kPendingMax = 64;
constexpr std::size_t kOutcomesMax = 4;

constexpr std::array<std::string_view, 6> kSensors{"DHT11",  "DHT22",  "DHT21",
                                                   "AM2301", "AM2302", "RHT03"};

// No room changes that much in ten seconds; a frame that passes the checksum by chance does.
constexpr double kDegreesStepMost = 5;
constexpr double kPercentStepMost = 20;
constexpr seconds kJumpMemory{10};

// The least time between two starts (data sheets).
constexpr seconds kDht11Apart{1};
constexpr seconds kDht22Apart{2};

std::vector<Quantity> quantities_of(Model model) {
    const bool small = model == Model::dht11;
    return {{.name = "temperature",
             .kind = "temperature",
             .unit = "Cel",
             .least = small ? -20 : -40,
             .most = small ? 60 : 80,
             .resolution = 0.1},
            {.name = "humidity",
             .kind = "humidity",
             .unit = "%RH",
             .least = 0,
             .most = 100,
             .resolution = 0.1}};
}

/// Other names that are on a DHT22 and its copies.
bool is_dht22(std::string model) {
    for (auto& c : model) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return model == "am2301" || model == "am2302" || model == "dht21" || model == "rht03";
}

Model read_model(base::Settings& settings) {
    if (!settings.has("model")) {
        settings.refuse({},
                        "model is missing: write model = \"dht11\" or \"dht22\" (also for an "
                        "AM2301 or AM2302); it is never guessed");
    }
    const auto written = settings.written("model");
    if (!is_dht22(written)) {
        return *parse_model(settings.choice("model", "dht22", {"dht11", "dht22"}));
    }
    settings.refuse("model",
                    fmt::format("{} = \"{}\": write model = \"dht22\", which is the same sensor",
                                settings.full_name("model"), settings.text("model", "")));
    return Model::dht22;
}

/// The kernel's driver knows its line from the device tree.
void refuse_line(base::Settings& settings) {
    for (const char* key : {"line", "header_pin"}) {
        if (!settings.has(key)) continue;
        settings.refuse(key, fmt::format("{} is not for backend = \"iio\": the overlay in "
                                         "config.txt names the line",
                                         settings.full_name(key)));
    }
    settings.integer("header_pin", 1, 1, 40);
    if (!settings.is_whole("line")) settings.text("line", "");
}

void check_period(base::Settings& settings, Model model, seconds least) {
    const auto period =
        settings.duration("period", least, std::chrono::milliseconds{10}, std::chrono::hours{24});
    if (period >= least) return;
    settings.refuse(
        "period", fmt::format("{} = {} is too short: a {} answers once in {} at most; write "
                              "period = \"{}\", or more",
                              settings.full_name("period"), base::duration_text(period),
                              model == Model::dht11 ? "DHT11" : "DHT22", base::duration_text(least),
                              base::duration_text(least)));
}

Options read_options(base::Settings& settings) {
    Options options;
    options.model = read_model(settings);
    options.through_kernel = settings.choice("backend", "gpiod", {"gpiod", "iio"}) == "iio";
    options.name = settings.text("name", "dht");
    options.iio_root = settings.text("iio_root", options.iio_root);
    options.iio_device = settings.text("iio_device", "");
    options.devices = settings.text("devices", options.devices);
    if (options.through_kernel) {
        refuse_line(settings);
    } else {
        options.line = gpio::read_line_address(settings, "line", "header_pin");
    }
    const auto least = options.model == Model::dht11 ? kDht11Apart : kDht22Apart;
    options.cadence.apart = settings.duration("apart", least, least, seconds{3600});
    check_period(settings, options.model, least);
    options.cadence.tries =
        static_cast<int>(settings.integer("tries", options.cadence.tries, 1, 9));
    return options;
}

base::Result<std::unique_ptr<Capture>> open_capture(const Options& options) {
    if (options.through_kernel) {
        return IioCapture::open(options.iio_root, options.iio_device, options.model);
    }
    auto line = gpio::open_line({.address = options.line,
                                 .mode = PulseCapture::resting(),
                                 .consumer = gpio::consumer_of(options.name),
                                 .edges_max = PulseCapture::kEdgesMax,
                                 .devices = options.devices});
    if (!line) return line.error();
    return std::unique_ptr<Capture>(
        std::make_unique<PulseCapture>(std::move(line).value(), options.model));
}

}  // namespace

base::Result<std::unique_ptr<drivers::Driver>> Driver::open(const Options& options) {
    auto capture = open_capture(options);
    if (!capture) return capture.error();
    return gpio::guarded("no thread to read it in",
                         [&]() -> base::Result<std::unique_ptr<drivers::Driver>> {
                             return std::unique_ptr<drivers::Driver>(
                                 std::make_unique<Driver>(options, std::move(capture).value()));
                         });
}

Driver::Driver(const Options& options, std::unique_ptr<Capture> capture)
    : name_(options.name),
      quantities_(quantities_of(options.model)),
      rest_(options.cadence.apart),
      cadence_(options.cadence),
      temperature_guard_(kDegreesStepMost, kJumpMemory),
      humidity_guard_(kPercentStepMost, kJumpMemory),
      pending_(kPendingMax),
      capture_(std::move(capture)),
      worker_([this](const Ask&, const auto&) { return capture_->read(); }, kOutcomesMax) {}

void Driver::trigger(base::Instant now) {
    switch (cadence_.ask(now)) {
        case Cadence::Answer::accepted:
            break;
        case Cadence::Answer::overtakes:
            fail(*std::exchange(retried_, std::nullopt), now);
            break;
        case Cadence::Answer::too_soon:
            fail({.reason = "rate limited"}, now);
            break;
        case Cadence::Answer::down:
            fail({.reason = "down"}, now);
            break;
    }
    step(now);
}

Harvest Driver::collect(base::Instant now, std::size_t measurements_max) {
    while (const auto captured = worker_.take()) settle(*captured, now);
    report_state();
    step(now);
    return pending_.take(now, measurements_max);
}

void Driver::report_state() {
    const auto state = cadence_.state();
    if (state == reported_state_) return;
    reported_state_ = state;
    base::log(state == Cadence::State::down ? base::LogLevel::warn : base::LogLevel::info,
              "state of a sensor", {{"sensor", name_}, {"state", to_text(state)}});
}

void Driver::step(base::Instant now) {
    // If the thread has not quite finished its last job, the next tick starts this one.
    if (cadence_.due(now) && worker_.start(Ask{})) cadence_.started(now);
}

void Driver::settle(const Captured& captured, base::Instant now) {
    if (captured.climate) return accept(captured.climate.value(), now);
    fail_try(captured.climate.refusal(), captured.edges_us, now);
}

void Driver::accept(const Climate& climate, base::Instant now) {
    const bool temperature_follows = temperature_guard_.accepts(climate.temperature_celsius, now);
    const bool humidity_follows = humidity_guard_.accepts(climate.humidity_percent, now);
    if (!temperature_follows || !humidity_follows) {
        return fail_try({.reason = "jump not confirmed"}, {}, now);
    }
    cadence_.succeeded();
    retried_.reset();
    const double values[] = {climate.temperature_celsius, climate.humidity_percent};
    for (std::size_t i = 0; i < quantities_.size(); ++i) {
        pending_.add(Measurement{
            .quantity = i, .value = values[i], .taken = now, .source_time = std::nullopt});
    }
}

/// However many tries a reading takes, it fails once.
void Driver::fail_try(const Refusal& refusal, std::vector<double> edges_us, base::Instant now) {
    const auto failed = cadence_.failed();
    const bool is_retried = failed == Cadence::Failed::attempt;
    retried_ = is_retried ? std::optional{refusal} : std::nullopt;
    pending_.add(Failure{.reason = refusal.reason,
                         .taken = now,
                         .edges_us = std::move(edges_us),
                         .source_time = std::nullopt,
                         .sign = refusal.sign,
                         .quantities = {},
                         .readings = is_retried ? 0U : 1U});
    if (failed != Cadence::Failed::last_straw) return;
    pending_.add(Failure{.reason = "down", .taken = now, .edges_us = {}, .readings = 0});
}

void Driver::fail(const Refusal& refusal, base::Instant now) {
    pending_.add(Failure{.reason = refusal.reason,
                         .taken = now,
                         .edges_us = {},
                         .source_time = std::nullopt,
                         .sign = refusal.sign});
}

namespace {

constexpr const char* kDamaged =
    "a shorter cable, 4.7 kΩ from DATA to 3.3 V, a less busy board; or backend = \"iio\"";

constexpr Remedy kRemedies[] = {
    {.sign = Sign::stuck_low,
     .means = "the line is low at rest: no pull-up, or DATA and GND swapped",
     .cure = "measure DATA at rest: it must have 3.3 V; put 4.7 to 10 kΩ from DATA to 3.3 V"},
    {.sign = Sign::no_answer,
     .means = "the line rests high, but nothing answers on it",
     .cure = "is 3.3 V on VCC, and DATA on this line? after power-up wait 2 s"},
    {.sign = Sign::implausible,
     .means = "the answer makes no sense: it is the other model",
     .cure = "model = \"dht11\" for the blue one, \"dht22\" for the white one"},
    {.sign = Sign::incomplete, .means = "it answers, but edges are missing", .cure = kDamaged},
    {.sign = Sign::damaged, .means = "it answers, but the edges are damaged", .cure = kDamaged},
    {.sign = Sign::checksum, .means = "it answers, but bits are damaged", .cure = kDamaged},
    {.sign = Sign::ambiguous, .means = "it answers, but bits are damaged", .cure = kDamaged},
    {.sign = Sign::events_lost,
     .means = "the kernel's buffer overflowed: this program got no processor time for too long",
     .cure = "reduce the board's load"},
};

}  // namespace

DriverKind kind() {
    return {.name = "dht",
            .sentence = "Temperature and humidity from a DHT11 or DHT22 (AM2301, AM2302)",
            .sample = {},
            .default_period = seconds{10},
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

}  // namespace drivers::dht
