// Goal: the program as an operator uses it. Method: real leat-central, leat-bridge, Mosquitto and
// Redis on free ports; a node played by the test. Reproduce: run it.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <charconv>
#include <csignal>
#include <filesystem>

#include "base/json.hpp"
#include "broker/paho_connection.hpp"
#include "central/http/loopback_client.hpp"
#include "sqlite/database.hpp"
#include "support/eventually.hpp"
#include "support/process.hpp"
#include "support/servers.hpp"
#include "support/temporary_folder.hpp"
#include "wire/batch.hpp"
#include "wire/record.hpp"
#include "wire/status.hpp"

using namespace std::chrono_literals;

namespace {

constexpr const char* kWindows =
    "/api/v1/windows?series=attic/climate.temperature&from=2025-11-20T12:00:00Z"
    "&to=2025-11-20T13:00:00Z";

struct World {
    support::Mosquitto mosquitto;
    support::RedisServer redis;
    support::TemporaryFolder folder;
    base::SystemClock clock;

    support::Process start(const std::string& program, const std::string& more = {}) const {
        const auto file =
            folder.write(program + ".toml",
                         fmt::format("[broker]\naddress = \"{}\"\n[redis]\naddress = \"{}\"\n{}",
                                     mosquitto.url(), redis.address(), more));
        return support::Process::start({.argv = {PROGRAMS "/" + program, "run", "--config", file},
                                        .environment = {},
                                        .log_file = folder.file(program + ".log"),
                                        .folder = {}});
    }
    support::Process start_central(const std::string& database = "leat.db") const {
        return start("leat-central", fmt::format("[central]\nid = \"one\"\n[sink]\npath = \"{}\"\n"
                                                 "[api]\nlisten = \"127.0.0.1:0\"\n",
                                                 folder.file(database)));
    }
};

/// The port that the log names.
int port_of(const support::Process& central) {
    const std::string words = "event=listening address=127.0.0.1:";
    int port = 0;
    support::eventually([&] {
        const auto log = central.log();
        const auto at = log.find(words);
        if (at == std::string::npos) return false;
        const auto* digits = log.data() + at + words.size();
        std::from_chars(digits, log.data() + log.size(), port);
        return true;
    });
    return port;
}

std::string get(int port, const std::string& target) {
    LoopbackClient client(port);
    client.send("GET " + target + " HTTP/1.0\r\nHost: localhost\r\n\r\n");
    support::eventually([&] {
        client.receive();
        return client.ended();
    });
    return client.text();
}

bool answers(int port, const std::string& target, const std::string& wanted) {
    std::string last;
    const bool found = support::eventually(
        [&] {
            last = get(port, target);
            return last.find(wanted) != std::string::npos;
        },
        15s, 50ms);
    CAPTURE(last);
    CHECK(found);
    return found;
}

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

TEST_CASE("central does not begin on an address that everybody can reach") {
    World world;
    const auto file = world.folder.write(
        "open.toml", fmt::format("[sink]\npath = \"{}\"\n[api]\nlisten = \"0.0.0.0:0\"\n",
                                 world.folder.file("leat.db")));
    auto central =
        support::Process::start({.argv = {PROGRAMS "/leat-central", "run", "--config", file},
                                 .environment = {},
                                 .log_file = world.folder.file("open.log"),
                                 .folder = {}});
    CHECK(central.wait(10s) == 78);
    CHECK(central.log().find("allow_remote = true") != std::string::npos);
}
