// Goal: an alert's whole life, from a reading above its limit to the end of the alert, as those see
// it who are told. Method: real leat-central, leat-bridge, Mosquitto and Redis; a real web server
// that goes away in between; a subscriber; a node played by the test. Reproduce: run it.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <csignal>
#include <map>
#include <memory>

#include "broker/paho_connection.hpp"
#include "central/service/program_world.hpp"
#include "support/free_port.hpp"
#include "support/http_receiver.hpp"
#include "wire/batch.hpp"
#include "wire/record.hpp"

using namespace program_test;
using support::HttpReceiver;

namespace {

const std::string kAttention = "leat/v1/central/one/attention/attic";
const std::string kAnnouncement = "homeassistant/binary_sensor/leat_attic/attention/config";
const std::string kAlerts = "leat/v1/alert/one/attic/";

/// Everybody who looks at the broker, and the node attic.
class Peers {
  public:
    explicit Peers(const World& world) : connection_(options(world), 1), clock_(world.clock) {}

    template <class Predicate>
    bool until(Predicate predicate, base::Duration patience = 20s) {
        return support::eventually(
            [&] {
                step();
                return predicate();
            },
            patience);
    }
    /// What is retained there now; empty: nothing.
    const std::string& held(const std::string& topic) { return held_[topic]; }
    /// The one alert of the node; empty: none.
    std::string alert() const {
        for (const auto& [topic, payload] : held_) {
            if (topic.starts_with(kAlerts) && !payload.empty()) return payload;
        }
        return {};
    }
    /// How often anything was said of an alert of the node.
    int told() const { return told_; }

    /// Sends readings, one every ten seconds, until they are acknowledged.
    void send(base::EventTime from, const std::vector<double>& values) {
        const auto batch = encode(from, values);
        const auto before = acknowledged_;
        CHECK(until(
            [&] {
                if (clock_.instant() >= send_at_ && connection_.session() != 0) {
                    send_at_ = clock_.instant() + 500ms;
                    CHECK(connection_.publish({.topic = "leat/v1/attic/data",
                                               .payload = batch,
                                               .qos = 1,
                                               .retain = false,
                                               .expiry = {}}));
                }
                return acknowledged_ != before;
            },
            20s));
    }

  private:
    static broker::PahoOptions options(const World& world) {
        broker::PahoOptions options;
        options.address = world.mosquitto.url();
        options.client_id = "peers";
        options.subscriptions = {{.filter = "leat/v1/alert/#", .qos = 1},
                                 {.filter = "leat/v1/central/one/attention/#", .qos = 1},
                                 {.filter = "homeassistant/#", .qos = 1},
                                 {.filter = "leat/v1/attic/ack", .qos = 1}};
        return options;
    }
    void step() {
        connection_.tick(clock_.instant());
        for (auto message = connection_.take(); message; message = connection_.take()) {
            if (message->topic == "leat/v1/attic/ack") {
                const auto wanted = fmt::format("\"d\":{},", next_ - 1);
                if (message->payload.find(wanted) != std::string::npos) acknowledged_ = next_;
                continue;
            }
            if (message->topic.starts_with(kAlerts)) ++told_;
            held_[message->topic] = message->payload;
        }
    }
    std::string encode(base::EventTime from, const std::vector<double>& values) {
        wire::SeriesDeclaration declaration;
        declaration.series = "climate.temperature";
        declaration.quantity = "temperature";
        declaration.unit = "Cel";
        declaration.driver = "dht11";
        declaration.period = 10s;
        wire::Data data;
        data.at = from;
        wire::RawColumn column;
        for (std::size_t i = 0; i < values.size(); ++i) {
            column.dt_ms.push_back(static_cast<std::int64_t>(i) * 10'000);
        }
        column.values = values;
        data.columns.push_back({.series = "climate.temperature", .points = std::move(column)});
        const std::vector<std::string> lines{
            wire::encode_record({.body = declaration, .origin = {}}),
            wire::encode_record({.body = data, .origin = {}})};
        const auto batch = wire::encode_batch({.incarnation = incarnation_,
                                               .base = next_,
                                               .count = 2,
                                               .lowest = 1,
                                               .before = hash_,
                                               .now = clock_.event_time()},
                                              {lines[0], lines[1]});
        for (const auto& line : lines) hash_ = wire::Chain{}.next(hash_, next_++, line);
        return batch;
    }

    broker::PahoConnection connection_;
    const base::Clock& clock_;
    const wire::Incarnation incarnation_{0x9f86d081884c7d65};
    wire::ChainHash hash_ = wire::Chain{}.start("attic", incarnation_);
    std::uint64_t next_ = 1;
    std::uint64_t acknowledged_ = 0;
    base::Instant send_at_{};
    std::map<std::string, std::string> held_;
    int told_ = 0;
};

support::Process start_central(const World& world, int page, const std::string& url) {
    return world.start(
        "leat-central",
        fmt::format("[central]\nid = \"one\"\n[sink]\npath = \"{}\"\n"
                    "[api]\nlisten = \"127.0.0.1:{}\"\n"
                    "[[limit]]\nmatch = \"attic/climate.temperature\"\nhigh = 30\n"
                    "[alerts]\nwait_max = \"0s\"\nwithout = [\"line\", \"node_silent\"]\n"
                    "[alerts.homeassistant]\nenabled = true\n"
                    "[[alerts.webhook]]\nname = \"phone\"\nurl = \"{}\"\n"
                    "token_file = \"{}\"\n",
                    world.folder.file("leat.db"), page, url,
                    world.folder.write("token", "tk-4711\n")));
}

HttpReceiver::Answer ok() {
    return [](const HttpReceiver::Request&) { return HttpReceiver::status("200 OK"); };
}

bool says(const std::string& text, const std::string& word) {
    return text.find(word) != std::string::npos;
}

}  // namespace

TEST_CASE("an alert's whole life over a real broker and a real web server") {
    World world;
    auto receiver = std::make_unique<HttpReceiver>(ok());
    const int port = receiver->port();
    const int page = support::free_port();
    const auto url = receiver->url("/hook");
    auto bridge = world.start("leat-bridge");
    auto central = start_central(world, page, url);
    Peers peers(world);
    const auto begin = std::chrono::floor<std::chrono::minutes>(world.clock.event_time()) - 4min;

    // It opens: at the broker, at the web server, in Home Assistant.
    peers.send(begin, std::vector<double>(12, 22));
    peers.send(begin + 2min, std::vector<double>(12, 41));
    const bool is_open = peers.until([&] { return !peers.alert().empty(); });
    INFO(central.log());
    INFO(get(page, "/api/v1/anomalies"));
    INFO(get(page, "/api/v1/nodes"));
    REQUIRE(is_open);
    CHECK(says(peers.alert(), R"("code":"limit","state":"open")"));
    CHECK(says(peers.alert(), R"("series":"attic/climate.temperature")"));
    REQUIRE(peers.until([&] { return says(peers.held(kAttention), R"("state":"ON")"); }));
    CHECK(says(peers.held(kAttention), "41"));
    const auto is_announced = [&] {
        return says(peers.held(kAnnouncement), R"("identifiers":["leat_attic"])");
    };
    CHECK(peers.until(is_announced));  // Another message.
    REQUIRE(peers.until([&] { return !receiver->requests().empty(); }));
    CHECK(receiver->requests()[0].body == peers.alert());
    CHECK(receiver->requests()[0].has("\r\nAuthorization: Bearer tk-4711\r\n"));

    // A restart repeats nothing of what was answered.
    const auto* delivered = R"(leat_central_alerts_delivered_total{output="webhook/phone"} 1)";
    REQUIRE(peers.until([&] { return says(get(page, "/metrics"), delivered); }));
    central.kill(SIGTERM);
    CHECK(central.wait(5s) == 0);
    const int told = peers.told();
    central = start_central(world, page, url);
    REQUIRE(support::eventually([&] { return support::port_answers(page); }));
    peers.until([] { return false; }, 2500ms);
    CHECK(peers.told() == told);
    CHECK(receiver->requests().size() == 1);
    CHECK_FALSE(peers.alert().empty());

    // It closes while the web server is away: that one hears of it later, once.
    receiver.reset();
    peers.send(begin + 4min, std::vector<double>(30, 22));
    REQUIRE(peers.until([&] { return peers.alert().empty(); }));
    REQUIRE(peers.until([&] { return says(peers.held(kAttention), R"("state":"OFF")"); }));
    REQUIRE(peers.until([&] { return says(central.log(), "alerts do not get out"); }));
    CHECK(says(get(page, "/healthz"), R"("detail":"webhook/phone: )"));
    receiver = std::make_unique<HttpReceiver>(ok(), port);
    REQUIRE(peers.until([&] { return !receiver->requests().empty(); }));
    CHECK(says(receiver->requests()[0].body, R"("state":"closed")"));
    peers.until([] { return false; }, 500ms);
    CHECK(receiver->requests().size() == 1);
    // What is secret of it was never said.
    CHECK_FALSE(says(central.log(), "/hook"));
    CHECK_FALSE(says(central.log(), "4711"));
}
