// Goal: the program as an operator uses it. Method: real leat-central, leat-bridge, Mosquitto and
// Redis on free ports; a node played by the test. Reproduce: run it.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <csignal>
#include <filesystem>

#include "base/json.hpp"
#include "broker/paho_connection.hpp"
#include "central/service/program_world.hpp"
#include "places.hpp"
#include "sqlite/database.hpp"
#include "wire/batch.hpp"
#include "wire/record.hpp"
#include "wire/status.hpp"

using namespace program_test;

namespace {

constexpr const char* kWindows =
    "/api/v1/windows?series=attic/climate.temperature&from=2025-11-20T12:00:00Z"
    "&to=2025-11-20T13:00:00Z";

/// A batch of a declaration and four readings, one every twenty seconds from noon.
std::string batch() {
    const wire::Incarnation incarnation{0x9f86d081884c7d65};
    wire::SeriesDeclaration declaration;
    declaration.series = "climate.temperature";
    declaration.quantity = "temperature";
    declaration.unit = "Cel";
    declaration.driver = "dht11";
    declaration.period = 20s;
    wire::Data data;
    data.at = base::from_milliseconds(1'763'640'000'000);
    data.columns.push_back({.series = "climate.temperature",
                            .points = wire::RawColumn{.dt_ms = {0, 20'000, 40'000, 75'000},
                                                      .values = {22, 23, 24, 25}}});
    const auto first = wire::encode_record({.body = declaration, .origin = {}});
    const auto second = wire::encode_record({.body = data, .origin = {}});
    return wire::encode_batch({.incarnation = incarnation,
                               .base = 1,
                               .count = 2,
                               .lowest = 1,
                               .before = wire::Chain{}.start("attic", incarnation),
                               .now = data.at},
                              {first, second});
}

/// A batch of one reading for each of eighty series, in two records.
std::string batch_of_eighty_series() {
    const wire::Incarnation incarnation{0x9f86d081884c7d65};
    const auto record = [](int first) {
        wire::Data data;
        data.at = base::from_milliseconds(1'763'640'000'000);
        for (int i = first; i < first + 40; ++i) {
            data.columns.push_back({.series = fmt::format("wide.c{:02}", i),
                                    .points = wire::RawColumn{.dt_ms = {0}, .values = {1}}});
        }
        return wire::encode_record({.body = data, .origin = {}});
    };
    const auto first = record(0);
    const auto second = record(40);
    return wire::encode_batch({.incarnation = incarnation,
                               .base = 1,
                               .count = 2,
                               .lowest = 1,
                               .before = wire::Chain{}.start("attic", incarnation),
                               .now = base::from_milliseconds(1'763'640'000'000)},
                              {first, second});
}

/// The node attic, as the broker sees it.
class Node {
  public:
    Node(const World& world) : connection_(options(world), 1), clock_(world.clock) {
        support::eventually([&] {
            connection_.tick(clock_.instant());
            return connection_.session() != 0;
        });
    }
    void say(const std::string& leaf, const std::string& payload, bool retain) {
        const auto published = connection_.publish({.topic = "leat/v1/attic/" + leaf,
                                                    .payload = payload,
                                                    .qos = 1,
                                                    .retain = retain,
                                                    .expiry = {}});
        CHECK(published);
    }
    /// The next message of central's status topic that holds the word.
    bool receives(const std::string& word) {
        return support::eventually([&] {
            connection_.tick(clock_.instant());
            for (auto message = connection_.take(); message; message = connection_.take()) {
                if (message->payload.find(word) != std::string::npos) return true;
            }
            return false;
        });
    }

  private:
    static broker::PahoOptions options(const World& world) {
        broker::PahoOptions options;
        options.address = world.mosquitto.url();
        options.client_id = "attic";
        options.subscriptions = {{.filter = "leat/v1/central/one/status", .qos = 1}};
        return options;
    }

    broker::PahoConnection connection_;
    const base::Clock& clock_;
};

}  // namespace

TEST_CASE("central answers before anything else runs, and counts as soon as it can") {
    World world;
    world.redis.stop();
    world.mosquitto.stop();
    auto central = world.start_central();
    const int port = port_of(central);
    REQUIRE(port > 0);
    answers(port, "/healthz", "\"redis\":{\"status\":\"retrying\"");
    answers(port, "/api/v1/nodes", "\"items\":[]");
    answers(port, "/", "<!doctype html>");

    world.redis.restart();
    world.mosquitto.restart();
    auto bridge = world.start("leat-bridge");
    Node node(world);
    wire::NodeStatus status;
    status.state = wire::NodeState::ready;
    status.version = "0.1.0";
    node.say("status", wire::encode_status(status), true);
    answers(port, "/api/v1/nodes", "\"state\":\"ready\"");

    LoopbackClient page(port);
    page.send("GET /api/v1/events HTTP/1.1\r\nHost: localhost\r\n\r\n");
    CHECK(support::eventually(
        [&] {
            // The bridge may not have subscribed yet, so the node sends until it gets an answer.
            node.say("data", batch(), false);
            page.receive();
            return page.text().find("event: window") != std::string::npos;
        },
        20s, 500ms));
    CHECK(page.text().find("\"last_stored\":{\"inc\":\"9f86d081884c7d65\",\"seq\":2") !=
          std::string::npos);
    answers(port, kWindows, "\"count\":[3,1],\"expected\":[3,3]");
    answers(port, kWindows, "\"state\":[\"c\",\"p\"]");
    answers(port, "/metrics", "leat_central_http_responses_total{status=\"200\"}");
    CHECK(node.receives("\"ready\""));

    central.kill(SIGTERM);
    CHECK(central.wait(5s) == 0);
    CHECK(node.receives("\"disconnected\""));
    page.receive();
    CHECK(page.ended());
}

TEST_CASE("central stops with the reason when Redis holds another number of partitions") {
    World world;
    auto bridge = world.start("leat-bridge", "[store]\npartitions = 4\n");
    auto central = world.start_central();
    CHECK(central.wait(20s) == 78);
    CHECK(central.log().find("partitions = 4") != std::string::npos);
}

TEST_CASE("a central with a database of its own does not share the Redis of another one") {
    World world;
    auto bridge = world.start("leat-bridge");
    auto central = world.start_central();
    REQUIRE(support::eventually(
        [&] { return central.log().find("redis is ready") != std::string::npos; }, 20s, 50ms));
    central.kill(SIGTERM);
    CHECK(central.wait(5s) == 0);

    auto other = world.start_central("other.db");
    CHECK(other.wait(20s) == 78);
    CHECK(other.log().find("DEL leat:sink:sqlite") != std::string::npos);

    central = world.start_central();
    CHECK(support::eventually(
        [&] { return central.log().rfind("redis is ready") != std::string::npos; }, 20s, 50ms));
}

TEST_CASE("central waits for a database that another program has locked, and then begins") {
    World world;
    {
        auto first = world.start_central();
        REQUIRE(port_of(first) > 0);
        first.kill(SIGTERM);
        REQUIRE(first.wait(5s) == 0);
    }
    std::filesystem::remove(world.folder.file("leat-central.log"));
    auto opened = sqlite::Database::open({.path = world.folder.file("leat.db")});
    REQUIRE(opened);
    auto other = std::move(opened).value();
    REQUIRE(other.execute("BEGIN IMMEDIATE"));
    auto central = world.start_central();
    CHECK(support::eventually(
        [&] { return central.log().find("cannot be opened yet") != std::string::npos; }, 20s,
        50ms));
    CHECK(central.running());
    REQUIRE(other.execute("COMMIT"));
    CHECK(port_of(central) > 0);
}

TEST_CASE("central ends with 78 where its database is none") {
    World world;
    world.folder.write("leat.db", "a text");
    auto central = world.start_central();
    CHECK(central.wait(20s) == 78);
    CHECK(central.log().find("is a file of another kind") != std::string::npos);
}

TEST_CASE("a node with more series than it may is told in the log and in the node list") {
    World world;
    auto bridge = world.start("leat-bridge");
    auto central = world.start_central();
    const int port = port_of(central);
    Node node(world);
    std::string nodes;
    CHECK(support::eventually(
        [&] {
            node.say("data", batch_of_eighty_series(), false);
            nodes = get(port, "/api/v1/nodes");
            return nodes.find("\"quarantined\":") != std::string::npos;
        },
        20s, 500ms));
    CAPTURE(nodes);
    CHECK(nodes.find(R"("quarantined":[{"reason":"series_limit","records":1,)"
                     R"("detail":"wide.c64: the node has too many series; wide.c65: )") !=
          std::string::npos);
    const auto log = central.log();
    const std::string told = "a node has more series than it may";
    CHECK(log.find(told) != std::string::npos);
    CHECK(log.find(told) == log.rfind(told));
    CHECK(log.find("series_per_node=64") != std::string::npos);
}

TEST_CASE("central does not begin on an address that everybody can reach") {
    World world;
    const auto file = world.folder.write(
        "open.toml", fmt::format("[sink]\npath = \"{}\"\n[api]\nlisten = \"0.0.0.0:0\"\n",
                                 world.folder.file("leat.db")));
    auto central =
        support::Process::start({.argv = {places::program("leat-central"), "run", "--config", file},
                                 .environment = {},
                                 .log_file = world.folder.file("open.log"),
                                 .folder = {}});
    CHECK(central.wait(10s) == 78);
    CHECK(central.log().find("allow_remote = true") != std::string::npos);
}
