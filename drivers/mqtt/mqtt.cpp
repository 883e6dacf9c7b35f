#include "drivers/mqtt/mqtt.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <array>

#include "broker/connection.hpp"
#include "broker/paho_connection.hpp"

namespace drivers::mqtt {

namespace {

using std::chrono::seconds;

constexpr std::array<std::string_view, 6> kSensors{"zigbee2mqtt", "z2m",   "Tasmota",
                                                   "ESPHome",     "Homie", "Shelly"};
constexpr std::size_t kPendingMax = 8192;
constexpr std::size_t kMessagesMax = 1024;  // In one collect().
constexpr std::size_t kIncomingMax = 4096;
constexpr std::size_t kIncomingBytesMax = 1024 * 1024;

/// A broker that restarts is not a failure of the sensor.
constexpr base::Duration kLossPatience = seconds{2};
constexpr base::Duration kDroppedEvery = seconds{61};

/// Two connections must not have the same name, not even those of `run` and `test` on one node.
std::string client_id(const std::string& sensor, std::uint64_t seed) {
    return fmt::format("leat-{}-{:08x}-{}", sensor, seed & 0xffffffffU, ::getpid());
}

broker::PahoOptions read_connection(base::Settings& settings) {
    auto table = settings.table("broker");
    return broker::read_broker_settings(table);
}

base::Result<std::unique_ptr<drivers::Driver>> make(base::Settings& settings,
                                                    const Surroundings& surroundings) {
    const auto options = read_options(settings);
    auto connection = read_connection(settings);
    connection.client_id = client_id(settings.text("name", "mqtt"), surroundings.seed);
    connection.incoming_max = kIncomingMax;
    connection.incoming_bytes_max = kIncomingBytesMax;
    for (const auto& filter : subscriptions_of(options)) {
        connection.subscriptions.push_back({.filter = filter.text(), .qos = 1});
    }
    return std::unique_ptr<drivers::Driver>(std::make_unique<Driver>(
        options, std::make_unique<broker::PahoConnection>(connection, surroundings.seed),
        surroundings.clock.instant(), surroundings.position.value_or("")));
}

}  // namespace

Driver::Driver(const Options& options, std::unique_ptr<broker::Connection> connection,
               base::Instant now, std::string_view names)
    : listener_(options, names),
      connection_(std::move(connection)),
      pending_(kPendingMax),
      connected_(now) {
    trouble_.note(connection_->trouble(), now);  // Not tried yet: nothing to report.
}

Driver::~Driver() = default;

Harvest Driver::collect(base::Instant now, std::size_t measurements_max) {
    connection_->tick(now);
    watch_connection(now);
    for (std::size_t i = 0; i < kMessagesMax && pending_.size() < measurements_max; ++i) {
        const auto message = connection_->take();
        if (!message) break;
        listener_.accept({.topic = message->topic,
                          .payload = message->payload,
                          .retained = message->retained,
                          .taken = message->arrived},
                         pending_);
    }
    auto harvest = pending_.take(now, measurements_max);
    harvest.position = listener_.take_names();
    return harvest;
}

void Driver::watch_connection(base::Instant now) {
    report_dropped(now);
    if (connection_->session() != 0) {
        connected_ = now;
        trouble_.clear();
        return;
    }
    if (now - connected_ < kLossPatience) return;
    if (trouble_.is_due(connection_->trouble(), now)) fail("broker: " + trouble_.said(), now);
}

/// Reports the total, and rarely enough that none is held back: the last report covers all.
void Driver::report_dropped(base::Instant now) {
    const auto dropped = connection_->dropped();
    const bool is_soon = dropped_reported_ && now - *dropped_reported_ < kDroppedEvery;
    if (dropped == dropped_ || is_soon) return;
    dropped_ = dropped;
    dropped_reported_ = now;
    fail(fmt::format("messages lost since the start: {}", dropped), now);
}

void Driver::fail(std::string reason, base::Instant now) {
    auto cause = reason.substr(0, reason.find(':'));
    pending_.add(Failure{
        .reason = std::move(reason), .taken = now, .readings = 0, .cause = std::move(cause)});
}

DriverKind kind() {
    return {.name = "mqtt",
            .sentence = "Devices that speak MQTT: zigbee2mqtt, Tasmota, ESPHome, Homie, any JSON",
            .sample = {},
            .default_period = seconds{0},
            .make = make,
            .read_settings =
                [](base::Settings& settings) {
                    read_options(settings);
                    read_connection(settings);
                },
            .remedies = {},
            .sensors = kSensors};
}

}  // namespace drivers::mqtt
