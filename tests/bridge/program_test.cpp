// Goal: the program does over real sockets what its parts do in tests. Method: leat-bridge, a real
// broker and a real Redis; the test plays the nodes.
#include <doctest/doctest.h>
#include <signal.h>

#include "base/random.hpp"
#include "bridge/test_node.hpp"
#include "broker/paho_connection.hpp"
#include "places.hpp"
#include "redis/client.hpp"
#include "support/eventually.hpp"
#include "support/process.hpp"
#include "support/servers.hpp"
#include "wire/ack.hpp"

using bridge_test::TestNode;
using support::eventually;

namespace {

struct World {
    explicit World(std::vector<std::string> redis_arguments = {})
        : redis({.arguments = std::move(redis_arguments)}) {}

    std::string config(const std::string& more = "") {
        return folder.write("bridge.toml", "[bridge]\nid = \"gateway\"\n[broker]\naddress = \"" +
                                               mosquitto.url() + "\"\n[redis]\naddress = \"" +
                                               redis.address() + "\"\n" + more);
    }
    support::Process start(const std::string& verb, const std::string& config_file,
                           const std::string& log = "bridge.log") {
        return support::Process::start(
            {.argv = {places::program("leat-bridge"), verb, "--config", config_file},
             .environment = {},
             .log_file = folder.file(log),
             .folder = {}});
    }

    support::TemporaryFolder folder;
    support::Mosquitto mosquitto;
    support::RedisServer redis;
    base::SystemClock clock;
};

/// A client that listens in the place of nodes and people.
class Listener {
  public:
    Listener(World& world, const std::string& name)
        : clock_(world.clock), connection_(options(world, name), 1) {
        REQUIRE(eventually([&] {
            poll();
            return connection_.session() != 0;
        }));
    }

    void send(const std::string& topic, const std::string& payload) {
        REQUIRE(connection_.publish(
            {.topic = topic, .payload = payload, .qos = 1, .retain = false, .expiry = {}}));
    }

    /// The next message whose topic ends so; empty if none comes in time.
    std::string next(const std::string& leaf, base::Duration patience = std::chrono::seconds{10}) {
        std::string payload;
        eventually(
            [&] {
                connection_.tick(clock_.instant());
                const auto message = connection_.take();
                if (message && message->topic.ends_with(leaf)) payload = message->payload;
                return !payload.empty();
            },
            patience);
        return payload;
    }

    /// Sends until an answer comes: the bridge may not be there yet, or Redis may be away.
    wire::Ack ask(const TestNode& node, std::uint64_t base, std::uint32_t count) {
        std::string payload;
        for (int i = 0; i < 40 && payload.empty(); ++i) {
            send("leat/v1/" + node.name() + "/data", node.payload(base, count));
            payload = next(node.name() + "/ack", std::chrono::milliseconds{500});
        }
        const auto ack = wire::decode_ack(payload);
        REQUIRE(ack);
        return ack.value();
    }

  private:
    static broker::PahoOptions options(const World& world, const std::string& name) {
        broker::PahoOptions options;
        options.address = world.mosquitto.url();
        options.client_id = name;
        options.subscriptions = {{.filter = "leat/v1/+/ack", .qos = 1},
                                 {.filter = "leat/v1/bridge/+/status", .qos = 1}};
        return options;
    }
    void poll() { connection_.tick(clock_.instant()); }

    const base::Clock& clock_;
    broker::PahoConnection connection_;
};

}  // namespace

TEST_CASE("a batch that a node publishes is in Redis when its acknowledgement comes") {
    World world;
    auto bridge = world.start("run", world.config());
    Listener listener(world, "listener");
    const auto node = TestNode("attic", 0xa).grow(6);
    CHECK(listener.ask(node, 1, 3).durable == node.mark(3));
    world.redis.kill_hard();
    world.redis.restart();
    CHECK(listener.ask(node, 4, 3).durable == node.mark(6));
    redis::ClientOptions connect;
    connect.port = world.redis.port();
    redis::Client client(connect);
    const auto partition = std::to_string(wire::partition_of("attic", 16));
    const auto length = client.run_one({"XLEN", "leat:{" + partition + "}:records"});
    REQUIRE(length);
    CHECK(length.value().integer == 6);
}

TEST_CASE("a bridge publishes that it is ready and that it stops; its will, that it died") {
    World world;
    const auto config = world.config();
    Listener listener(world, "listener");
    auto bridge = world.start("run", config);
    CHECK(listener.next("gateway/status").find("\"state\":\"ready\"") != std::string::npos);
    bridge.kill(SIGTERM);
    CHECK(bridge.wait(std::chrono::seconds{5}) == 0);
    CHECK(listener.next("gateway/status").find("\"state\":\"disconnected\"") != std::string::npos);

    bridge = world.start("run", config);
    CHECK(listener.next("gateway/status").find("\"state\":\"ready\"") != std::string::npos);
    bridge.kill(SIGKILL);
    CHECK(listener.next("gateway/status") == R"({"state":"lost"})");
}

TEST_CASE("a bridge that starts before its broker and its Redis waits for them") {
    World world;
    world.redis.stop();
    world.mosquitto.stop();
    auto bridge = world.start("run", world.config());
    REQUIRE(eventually([&] {
        return bridge.log().find("redis cannot be used") != std::string::npos &&
               bridge.log().find("broker cannot be used") != std::string::npos;
    }));
    CHECK(bridge.log().find(world.redis.address()) != std::string::npos);
    const auto complains_again = [&] {
        const std::string words = "redis cannot be used";
        const auto log = bridge.log();
        return log.find(words) != log.rfind(words);
    };
    CHECK_FALSE(eventually(complains_again, std::chrono::seconds{2}));
    world.mosquitto.restart();
    world.redis.restart();
    Listener listener(world, "listener");
    const auto node = TestNode("attic", 0xa).grow(1);
    CHECK(listener.ask(node, 1, 1).durable == node.mark(1));
}

TEST_CASE("a Redis that keeps nothing on disk ends the program with the remedy") {
    World world({"--appendonly", "no"});
    auto bridge = world.start("run", world.config());
    CHECK(bridge.wait(std::chrono::seconds{10}) == 78);
    CHECK(bridge.log().find("CONFIG SET appendonly yes") != std::string::npos);

    auto test = world.start("test", world.config(), "test.log");
    CHECK(test.wait(std::chrono::seconds{10}) == 1);
    CHECK(test.log().find("good  broker") != std::string::npos);
    CHECK(test.log().find("bad   redis") != std::string::npos);
    CHECK(test.log().find("CONFIG SET appendonly yes") != std::string::npos);
}

TEST_CASE("what is doubtful about Redis is in the log, once") {
    World world({"--maxmemory-policy", "allkeys-lru"});
    auto bridge = world.start("run", world.config("[store]\ndurability = \"memory\"\n"));
    REQUIRE(eventually(
        [&] { return bridge.log().find("a power cut at the server loses") != std::string::npos; }));
    const auto log = bridge.log();
    CHECK(log.find("allkeys-lru") != std::string::npos);
    CHECK(log.find("allkeys-lru") == log.rfind("allkeys-lru"));
}

TEST_CASE("test says that all is well, or which of the two is not") {
    World world;
    const auto config = world.config();
    auto test = world.start("test", config, "good.log");
    CHECK(test.wait(std::chrono::seconds{10}) == 0);
    CHECK(test.log().find("good  broker") != std::string::npos);
    CHECK(test.log().find("good  redis") != std::string::npos);
    world.mosquitto.stop();
    test = world.start("test", config, "bad.log");
    CHECK(test.wait(std::chrono::seconds{20}) == 1);
    CHECK(test.log().find("bad   broker at " + world.mosquitto.url()) != std::string::npos);
}

TEST_CASE("validate reports every mistake with its place, and sample-config is valid") {
    World world;
    auto bad = world.start("validate", world.config("[store]\ndurabilty = \"disk\"\ncap = 1\n"),
                           "bad.log");
    CHECK(bad.wait(std::chrono::seconds{5}) == 78);
    CHECK(bad.log().find("bridge.toml:8") != std::string::npos);
    CHECK(bad.log().find("bridge.toml:9") != std::string::npos);
    CHECK(bad.log().find("durability") != std::string::npos);

    auto sample =
        support::Process::start({.argv = {places::program("leat-bridge"), "sample-config"},
                                 .environment = {},
                                 .log_file = world.folder.file("sample.toml"),
                                 .folder = {}});
    CHECK(sample.wait(std::chrono::seconds{5}) == 0);
    auto good = world.start("validate", world.folder.file("sample.toml"), "good.log");
    CHECK(good.wait(std::chrono::seconds{5}) == 0);
}
