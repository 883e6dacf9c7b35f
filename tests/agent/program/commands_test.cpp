// Goal: the real leat-agent obeys requests over a real broker, except those that its configuration
// does not allow.
// Method: leat-agent and Mosquitto as processes; the test is one more client.

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <fstream>
#include <sstream>

#include "agent/program/agent_program.hpp"
#include "places.hpp"

namespace {

using namespace std::chrono_literals;
using agent_test::Asker;
using agent_test::text;

/// The access rules of docs/commands.md.
std::string documented_rules() {
    std::ifstream in(places::source("docs/commands.md"));
    std::string rules;
    bool inside = false;
    for (std::string line; std::getline(in, line);) {
        if (inside && line == "```") return rules;
        if (inside) rules += line + "\n";
        inside = inside || line == "```conf golden acl";
    }
    FAIL("docs/commands.md has no access rules");
    return rules;
}

constexpr const char* kAllow =
    "[commands]\nallow = [\"ping\", \"read\", \"status\", \"flush\", "
    "\"log-level\"]\n";

}  // namespace

TEST_CASE("a running agent answers ping, read, status, flush and log-level") {
    support::Mosquitto broker;
    const agent_test::AgentPlace place;
    auto agent = place.start(place.configure(broker.url(), kAllow));
    Asker asker(broker);
    REQUIRE(asker.wait_for_ready());

    const auto ping = asker.ask("ping", {});
    CHECK(text(ping, "status") == "ok");
    CHECK(!text(*ping.find("data"), "version").empty());

    const auto read = asker.ask("read", R"("sensor":"slow")");
    CHECK(text(read, "status") == "ok");
    const auto* temperature = read.find("data")->find("readings")->find("slow.temperature");
    REQUIRE(temperature != nullptr);
    CHECK(temperature->find("value")->is_number());
    CHECK(text(asker.ask("read", R"("sensor":"slaw")"), "reason") == "unknown_sensor");

    const auto flush = asker.ask("flush", {});
    CHECK(flush.find("data")->find("head")->count() > 0);
    const auto status = asker.ask("status", {});
    CHECK(text(*status.find("data"), "state") == "ready");
    CHECK(status.find("data")->find("outbox")->find("head")->count() >=
          flush.find("data")->find("head")->count());

    CHECK(text(asker.ask("log-level", R"("level":"error")"), "status") == "ok");
    agent.kill(SIGTERM);
    CHECK(agent.wait(10s) == 0);
    CHECK(agent.log().find("agent starts") != std::string::npos);
    CHECK(agent.log().find("agent stops") == std::string::npos);  // Below the level asked for.
}

TEST_CASE("a running agent refuses what is not allowed, and is deaf when nothing is") {
    support::Mosquitto broker;
    const agent_test::AgentPlace place;
    auto agent = place.start(place.configure(broker.url(), "[commands]\nallow = [\"ping\"]\n"));
    Asker asker(broker);
    REQUIRE(asker.wait_for_ready());
    for (const auto* verb : {"read", "flush", "status"}) {
        CHECK(text(asker.ask(verb, {}), "reason") == "not_allowed");
    }
    CHECK(text(asker.ask("config", R"("config":"x")"), "reason") == "not_allowed");
    CHECK(text(asker.ask("reboot", {}), "reason") == "unknown_verb");
    CHECK(text(asker.ask("ping", {}), "status") == "ok");
    agent.kill(SIGTERM);
    REQUIRE(agent.wait(10s) == 0);

    asker.forget();
    agent = place.start(place.configure(broker.url()));
    REQUIRE(asker.wait_for_ready());
    CHECK(!asker.answer("ping", asker.send("ping", {}), 2s));
}

TEST_CASE("a request left retained on the broker is not carried out by a node that comes later") {
    support::Mosquitto broker;
    const agent_test::AgentPlace place;
    Asker asker(broker);
    asker.send("ping", {}, true);
    auto agent = place.start(place.configure(broker.url(), kAllow));
    REQUIRE(asker.wait_for_ready());
    const auto status = asker.ask("status", {});  // The retained one came before this.
    const auto* counters = status.find("data")->find("counters");
    REQUIRE(counters != nullptr);
    CHECK(counters->find("leat_agent_requests_ignored_total")->count() == 1);
    CHECK(!asker.answer("ping", "1", 0s));
}

TEST_CASE("a running agent announces itself to Home Assistant and again when that has started") {
    support::Mosquitto broker;
    const agent_test::AgentPlace place;
    auto agent = place.start(place.configure(broker.url(), "[homeassistant]\ndiscovery = true\n"));
    Asker asker(broker);
    const auto announced = [&asker] {
        const auto* last = asker.last("homeassistant/device/leat_n/config");
        return last != nullptr && last->payload.find("slow.temperature") != std::string::npos;
    };
    REQUIRE(asker.until(announced, 60s));
    asker.forget();
    asker.publish({.topic = "homeassistant/status", .payload = "online", .retain = false});
    CHECK(asker.until(announced, 60s));
}

TEST_CASE("with the documented access rules an operator may ask, and a node may not ask another") {
    const support::TemporaryFolder secrets;
    const auto rules = secrets.write("acl", documented_rules());
    const auto users = secrets.file("users");
    const auto password = secrets.write("password", "secret\n");
    for (const auto* user : {"n", "m", "operator"}) {
        auto added = support::Process::start(
            {.argv = {"mosquitto_passwd", "-b", "-c", users + "." + user, user, "secret"},
             .environment = {},
             .log_file = secrets.file("log"),
             .folder = {}});
        REQUIRE(added.wait(10s) == 0);
    }
    std::ofstream all(users);
    for (const auto* user : {"n", "m", "operator"}) {
        all << std::ifstream(users + "." + user).rdbuf();
    }
    all.close();
    support::Mosquitto broker(
        {.lines = {"acl_file " + rules, "password_file " + users}, .anonymous = false});
    const agent_test::AgentPlace place;
    const auto login =
        fmt::format("{}\"\nuser = \"n\"\npassword_file = \"{}", broker.url(), password);
    auto agent = place.start(place.configure(login, kAllow));
    Asker asker(broker, "operator", password);
    REQUIRE(asker.wait_for_ready());
    CHECK(text(asker.ask("ping", {}), "status") == "ok");
    CHECK(text(asker.ask("read", R"("sensor":"slow")"), "status") == "ok");

    auto thief = options_for(broker, "thief", {});
    thief.user = "m";
    thief.password_file = password;
    Peer peer(thief);
    REQUIRE(peer.connect());
    CHECK(peer.send({.topic = "leat/v1/n/request/ping",
                     .payload = R"({"transaction":"stolen"})",
                     .qos = 1,
                     .retain = false,
                     .expiry = {}}));
    CHECK(peer.until([&] { return peer.connection.refused() == 1; }));
    CHECK(!asker.answer("ping", "stolen", 1s));
}
