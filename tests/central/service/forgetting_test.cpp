// Goal: a node that is forgotten is gone from Redis, the database and the broker, and counts from
// the beginning when it comes back. Method: the real programs and servers; a node played by the
// test, which sends again what it has, as an agent does. Reproduce: run it.
#include <doctest/doctest.h>

#include <csignal>
#include <filesystem>

#include "broker/paho_connection.hpp"
#include "central/service/program_world.hpp"
#include "places.hpp"
#include "redis/client.hpp"
#include "wire/batch.hpp"
#include "wire/identity.hpp"
#include "wire/record.hpp"

using namespace program_test;

namespace {

constexpr const char* kWindows =
    "/api/v1/windows?series=attic/climate.temperature&from=2025-11-20T12:00:00Z"
    "&to=2025-11-20T13:00:00Z&span=1h";

std::string batch(const std::string& node) {
    wire::Data data;
    data.at = base::from_milliseconds(1'763'640'000'000);
    data.columns.push_back(
        {.series = "climate.temperature",
         .points = wire::RawColumn{.dt_ms = {0, 20'000, 40'000}, .values = {22, 23, 24}}});
    const wire::Incarnation incarnation{0x9f86d081884c7d65};
    return wire::encode_batch({.incarnation = incarnation,
                               .base = 1,
                               .count = 1,
                               .lowest = 1,
                               .before = wire::Chain{}.start(node, incarnation),
                               .now = data.at},
                              {wire::encode_record({.body = data, .origin = {}})});
}

/// Nodes, as the broker sees them, and what it keeps of the attic.
class Nodes {
  public:
    explicit Nodes(const World& world) : connection_(options(world), 1), clock_(world.clock) {
        support::eventually([&] { return tick() != 0; });
    }
    void say(const std::string& node, const std::string& leaf, const std::string& payload,
             bool retain) {
        support::eventually([&] {
            tick();
            return static_cast<bool>(connection_.publish({.topic = "leat/v1/" + node + "/" + leaf,
                                                          .payload = payload,
                                                          .qos = 1,
                                                          .retain = retain,
                                                          .expiry = {}}));
        });
        support::eventually([&] {
            tick();
            return connection_.in_flight() == 0;
        });
    }
    /// The attic's retained messages, as a new subscriber gets them.
    static std::size_t retained(const World& world) {
        auto connect = options(world);
        connect.client_id = "looks";
        connect.subscriptions = {{.filter = "leat/v1/attic/#", .qos = 1}};
        broker::PahoConnection connection(connect, 1);
        std::size_t messages = 0;
        support::eventually(
            [&] {
                connection.tick(world.clock.instant());
                while (const auto message = connection.take()) messages += message->retained;
                return messages == 2;
            },
            2s);
        return messages;
    }

  private:
    static broker::PahoOptions options(const World& world) {
        broker::PahoOptions options;
        options.address = world.mosquitto.url();
        options.client_id = "nodes";
        return options;
    }
    std::uint64_t tick() {
        connection_.tick(clock_.instant());
        return connection_.session();
    }

    broker::PahoConnection connection_;
    const base::Clock& clock_;
};

std::string run_forget(const World& world, const std::vector<std::string>& more, int wanted) {
    std::vector<std::string> argv{places::program("leat-central"), "forget", "attic", "--config",
                                  world.folder.file("leat-central.toml")};
    argv.insert(argv.end(), more.begin(), more.end());
    const auto log = world.folder.file("forget-" + std::to_string(wanted) + ".log");
    auto program =
        support::Process::start({.argv = argv, .environment = {}, .log_file = log, .folder = {}});
    CHECK(program.wait(20s) == wanted);
    return program.log();
}

redis::Client client_of(const World& world) {
    redis::ClientOptions options;
    options.port = world.redis.port();
    return redis::Client(options);
}

}  // namespace

TEST_CASE("a forgotten node is gone everywhere, and new when it comes back") {
    World world;
    auto bridge = world.start("leat-bridge");
    std::optional<support::Process> central{world.start_central()};
    Nodes nodes(world);
    nodes.say("attic", "status", R"({"state":"ready","version":"1"})", true);
    nodes.say("attic", "state", "{}", true);
    CHECK(support::eventually(
        [&] {
            nodes.say("attic", "data", batch("attic"), false);
            nodes.say("cellar", "data", batch("cellar"), false);
            return get(port_of(*central), kWindows).find("\"count\":[3]") != std::string::npos;
        },
        20s, 500ms));
    auto redis = client_of(world);
    const auto names = [&] { return redis.run_one({"SCARD", "leat:nodes"}).value().integer; };
    CHECK(support::eventually([&] { return names() == 2; }, 20s));

    const auto refused = run_forget(world, {"--yes"}, 78);
    CHECK_MESSAGE(refused.find("stop it, forget, and start it again") != std::string::npos,
                  refused);
    CHECK(names() == 2);
    central->kill(SIGTERM);
    CHECK(central->wait(5s) == 0);
    // Nobody answers the question: then nothing is removed.
    const auto asked = run_forget(world, {}, 0);
    CHECK_MESSAGE(asked.find("1 series of attic with 3 readings") != std::string::npos, asked);
    CHECK(asked.find("nothing is removed") != std::string::npos);
    CHECK(names() == 2);
    CHECK(Nodes::retained(world) == 2);

    const auto forgotten = run_forget(world, {"--yes"}, 0);
    CHECK_MESSAGE(forgotten.find("attic is forgotten") != std::string::npos, forgotten);
    CHECK(names() == 1);
    CHECK(redis.run_one({"KEYS", "*node:attic"}).value().items.empty());
    CHECK(Nodes::retained(world) == 0);

    central.reset();
    std::filesystem::remove(world.folder.file("leat-central.log"));  // It names the port before.
    central.emplace(world.start_central());
    const int port = port_of(*central);
    answers(port, "/api/v1/nodes", "\"node\":\"cellar\"");
    CHECK(get(port, "/api/v1/nodes").find("attic") == std::string::npos);
    CHECK(support::eventually(
        [&] {
            nodes.say("attic", "data", batch("attic"), false);
            return get(port, kWindows).find("\"count\":[3]") != std::string::npos;
        },
        20s, 500ms));
    answers(port, "/healthz", "\"status\":\"ok\"");
    CHECK(get(port, "/api/v1/nodes").find("\"lost_records\":0") != std::string::npos);
    answers(port, "/metrics", "leat_central_forgotten_records_total 0");
}

TEST_CASE("a wrong path makes no database, and only one in use asks to stop central") {
    World world;
    auto bridge = world.start("leat-bridge");
    const auto path = world.folder.file("none.db");
    world.folder.write("leat-central.toml", "[central]\nid = \"one\"\n[sink]\npath = \"" + path +
                                                "\"\n[redis]\naddress = \"" +
                                                world.redis.address() + "\"\n");
    const auto absent = run_forget(world, {"--yes"}, 78);
    CHECK_MESSAGE(absent.find("there is no database. Check [sink] path") != std::string::npos,
                  absent);
    CHECK_FALSE(std::filesystem::exists(path));
    CHECK(client_of(world).run_one({"EXISTS", "leat:sink:sqlite"}).value().integer == 0);
    world.folder.write("none.db", "no database at all");
    const auto other = run_forget(world, {"--yes"}, 78);
    CHECK_MESSAGE(other.find("is a file of another kind") != std::string::npos, other);
    CHECK(other.find("stop it") == std::string::npos);
}

TEST_CASE("names that only publish a status are few") {
    World world;
    auto central = world.start_central();
    const int port = port_of(central);
    Nodes nodes(world);
    for (int i = 0; i < 300; ++i) {
        nodes.say("x-" + std::to_string(i), "status", R"({"state":"ready","version":"1"})", true);
    }
    answers(port, "/api/v1/nodes?limit=1000", "\"node\":\"x-299\"");
    const auto list = get(port, "/api/v1/nodes?limit=1000");
    std::size_t items = 0;
    for (auto at = list.find("\"node\":"); at != std::string::npos;
         at = list.find("\"node\":", at + 1)) {
        ++items;
    }
    CHECK(items == 100);
    CHECK(central.log().find("many names publish a status and no record") != std::string::npos);
}
