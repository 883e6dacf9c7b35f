#include "central/service/config.hpp"

#include <doctest/doctest.h>

#include "central/service/service.hpp"

using central::Config;

namespace {

base::Result<Config> read(std::string_view text) {
    auto settings = base::Settings::parse(text, "central.toml");
    if (!settings) return settings.error();
    return central::read_config(std::move(settings).value(), "House.local");
}

}  // namespace

TEST_CASE("the sample is a valid configuration and shows the defaults") {
    const auto sample = read(central::kSampleConfig);
    const auto empty = read("");
    REQUIRE(sample);
    REQUIRE(empty);
    const auto& a = sample.value();
    const auto& b = empty.value();
    CHECK(a.id == b.id);
    CHECK(a.broker.address == b.broker.address);
    CHECK(a.redis.port == b.redis.port);
    CHECK(a.pipeline.partitions == b.pipeline.partitions);
    CHECK(a.sink.path == b.sink.path);
    CHECK(a.sink.quarantine_max == b.sink.quarantine_max);
    CHECK(a.server.listen == b.server.listen);
    CHECK(a.server.allow_remote == b.server.allow_remote);
    CHECK(a.server.connections_max == b.server.connections_max);
    CHECK(a.router.subscribers_max == b.router.subscribers_max);
    CHECK(a.router.hosts == b.router.hosts);
    CHECK(a.engine.series_per_node_max == b.engine.series_per_node_max);
    CHECK(a.engine.future_max == b.engine.future_max);
    CHECK(a.engine.spans == b.engine.spans);
    CHECK(a.engine.sketches_from == b.engine.sketches_from);
    CHECK(a.engine.watermark_bound == b.engine.watermark_bound);
    CHECK(a.presence.nodes_max == b.presence.nodes_max);
    CHECK(a.presence.topic_root == b.presence.topic_root);
    CHECK(a.log_level == b.log_level);
}

TEST_CASE("without alerts nothing of them stays at the broker") {
    const auto config = read(
        "[alerts]\nenabled = false\n[alerts.homeassistant]\nenabled = true\n"
        "[[alerts.command]]\nrun = [\"notify\"]\n");
    REQUIRE(config);
    CHECK_FALSE(config.value().exits.is_mqtt_enabled);
    CHECK_FALSE(config.value().exits.home_assistant.is_enabled);
    CHECK(config.value().exits.commands.empty());
}

TEST_CASE("the host's name becomes the id, and the will says under that name that we are lost") {
    const auto config = read("[topics]\nroot = \"home/leat\"");
    REQUIRE(config);
    CHECK(config.value().id == "house-local");
    CHECK(config.value().broker.client_id == "leat-central-house-local");
    REQUIRE(config.value().broker.will);
    CHECK(config.value().broker.will->topic == "home/leat/central/house-local/status");
    CHECK(config.value().broker.will->retain);
    CHECK(config.value().broker.will->payload == R"({"state":"lost"})");
    REQUIRE(config.value().broker.subscriptions.size() == 4);
    CHECK(config.value().broker.subscriptions[0].filter == "home/leat/+/status");
    CHECK(config.value().broker.subscriptions[1].filter == "home/leat/bridge/+/status");
    CHECK(config.value().broker.subscriptions[2].filter == "home/leat/alert/house-local/+/+");
    CHECK(config.value().broker.subscriptions[3].filter ==
          "home/leat/central/house-local/attention/+");
}

TEST_CASE("the lateness is one number for the engine and for the answers") {
    const auto config = read("[limits]\nlateness = \"30s\"");
    REQUIRE(config);
    CHECK(config.value().engine.watermark_bound == std::chrono::seconds{30});
    CHECK(config.value().router.watermark_bound == std::chrono::seconds{30});
}

TEST_CASE("lengths of windows are put in order, and the sink keeps those that the engine counts") {
    const auto config =
        read("[windows]\nlengths = [\"1h\", \"10s\", \"1m\"]\nquantiles_from = \"1m\"");
    REQUIRE(config);
    using namespace std::chrono_literals;
    CHECK(config.value().engine.spans == std::vector<base::Duration>{10s, 1min, 1h});
    CHECK(config.value().sink.spans == config.value().engine.spans);
    CHECK(config.value().engine.sketches_from == 1min);
}

TEST_CASE("limits hold for a series, for that of every node, or for a quantity") {
    const auto config = read(
        "[detect]\nenabled = false\ndrift = false\n[[limit]]\nquantity = \"temperature\"\nhigh = "
        "30\n"
        "[[limit]]\nmatch = \"*/climate.humidity\"\nlow = 20\nstep = 5\nmargin = 1");
    REQUIRE(config);
    const auto& engine = config.value().engine;
    CHECK_FALSE(engine.detection);
    CHECK_FALSE(config.value().pipeline.drift);
    CHECK_FALSE(engine.limits.of("attic", "yard.noise", "sound"));
    CHECK(engine.limits.of("attic", "yard.warm", "temperature")->high == 30);
    const auto humidity = engine.limits.of("attic", "climate.humidity", "temperature");
    REQUIRE(humidity);
    CHECK(humidity->high == 30);
    CHECK(humidity->low == 20);
    CHECK(humidity->step == 5);
    CHECK(humidity->margin == 1);
}

TEST_CASE("every mistake is reported with its line, unknown keys with the nearest one") {
    struct Case {
        const char* text;
        const char* says;
    };
    for (const auto& one : std::initializer_list<Case>{
             {"[api]\nlisen = \"127.0.0.1:1\"", "central.toml:2: "},
             {"[api]\nlisen = \"127.0.0.1:1\"", "listen"},
             {"[api]\nlisten = \"0.0.0.0:8080\"", "allow_remote"},
             {"[windows]\nlengths = [\"1m\"]", "lacks \"1h\""},
             {"[windows]\nlengths = [\"1h\", \"1d\"]", "lacks \"1m\""},
             {"[windows]\nlengths = [\"1m\", \"7m\", \"1h\"]", "divide"},
             {"[windows]\nlengths = [\"1m\", \"1h\", \"1h\"]", "divide"},
             {"[windows]\nlengths = [\"1m\", \"1 hour\"]", "no length"},
             {"[windows]\nlengths = [\"10ms\", \"1m\"]", "no length"},
             {"[api]\nlisten = \"127.0.0.1:70000\"", "not an address"},
             {"[api]\nlisten = \"nowhere\"", "not an address"},
             {"[central]\nid = \"Big House\"", "dashes only"},
             {"[store]\npartitions = 0", "out of range"},
             {"[sink]\npath = \"\"", "sink.path is empty: it names a file"},
             {"[topics]\nroot = \"a/#\"", "is not a topic"},
             {"[log]\nlevel = \"loud\"", "is not one of"},
             {"[[limit]]\nhigh = 3", "needs match"},
             {"[[limit]]\nmatch = \"attic\"\nhigh = 3", "fits no series"},
             {"[[limit]]\nseries = \"attic/a.b\"\nhigh = 3", "write match = "},
             {"[[limit]]\nquantity = \"x\"", "needs low, high or step"},
             {"[[limit]]\nquantity = \"x\"\nlow = 4\nhigh = 3", "not below"},
             {"[[limit]]\nquantity = \"x\"\nlow = 1\nhigh = 3\nmargin = 1", "leaves nothing"},
             {"[[limit]]\nquantity = \"x\"\nhihg = 3", "high"},
             {"[limits]\nfuture = 5", "needs a unit, in quotes"}}) {
        CAPTURE(one.text);
        const auto config = read(one.text);
        REQUIRE_FALSE(config);
        CAPTURE(config.error().detail);
        CHECK(config.error().fault == base::Fault::misconfigured);
        CHECK(config.error().detail.find(one.says) != std::string::npos);
    }
}

TEST_CASE("a number of partitions other than that in Redis needs an operator") {
    CHECK(central::check_partitions(16, 16));
    const auto differs = central::check_partitions(16, 8);
    REQUIRE_FALSE(differs);
    CHECK(differs.error().fault == base::Fault::misconfigured);
    CHECK(differs.error().detail.find("partitions = 8") != std::string::npos);
}

TEST_CASE("a server is the database when one is named, and its password stands elsewhere") {
    const auto config = read(
        "[sink]\ndatabase = \"postgresql://leat@db.example/leat\"\n"
        "password_file = \"/etc/leat/postgresql.password\"\n");
    REQUIRE_MESSAGE(config, config.error().detail);
    const auto& address = config.value().sink.path;
    CHECK(address.is_server());
    CHECK(address.text() == "postgresql://leat@db.example/leat");
    CHECK(address.password_file() == "/etc/leat/postgresql.password");
    CHECK_FALSE(read("[sink]\n").value().sink.path.is_server());
    for (const auto& [text, words] : std::vector<std::pair<std::string, std::string>>{
             {"database = \"postgresql://leat:secret@db/leat\"", "has a password"},
             {"database = \"postgresql://leat@db/leat?colour=blue\"", "colour"},
             {"database = \"postgresql:///leat\"\npath = \"leat.db\"", "two databases"},
             {"password_file = \"x\"", "belongs to a sink.database"}}) {
        CAPTURE(text);
        const auto refused = read("[sink]\n" + text + "\n");
        REQUIRE_FALSE(refused);
        CHECK(refused.error().detail.find(words) != std::string::npos);
        CHECK(refused.error().detail.find("secret") == std::string::npos);
    }
}
