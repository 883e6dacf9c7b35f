// Goal: the real leat-agent does what it is asked over a real broker, and what its configuration
// does not allow it does not.
// Method: leat-agent and Mosquitto as processes; the test is one more client.

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "agent_program.hpp"

namespace {

using namespace std::chrono_literals;
using agent_test::Asker;
using agent_test::text;

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
    REQUIRE(asker.until(announced));
    asker.forget();
    asker.publish({.topic = "homeassistant/status", .payload = "online", .retain = false});
    CHECK(asker.until(announced, 30s));
}
