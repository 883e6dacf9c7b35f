// Goal: a running node carries out and answers requests. Method: the agent with a scripted sensor,
// a connection that the test controls, a clock that stands still.

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "agent/node/served_node.hpp"

namespace {

using namespace std::chrono_literals;
using Node = agent_test::ServedNode;
using agent_test::text;

const base::Json& data(const base::Json& json) {
    const auto* found = json.find("data");
    REQUIRE(found != nullptr);
    return *found;
}

constexpr const char* kOne = R"({"transaction":"1"})";

}  // namespace

TEST_CASE("ping, status and flush are answered at once, from what the node is") {
    Node node;
    node.run(1s);
    node.ask("ping", kOne);
    node.ask("status", kOne);
    node.ask("flush", kOne);
    node.run(20ms);
    const auto ping = node.answers("ping");
    REQUIRE(ping.size() == 1);
    CHECK(text(ping[0], "transaction") == "1");
    CHECK(text(ping[0], "status") == "ok");
    CHECK(text(data(ping[0]), "version") == "1");
    CHECK(data(ping[0]).find("uptime_ms")->number >= 1000);
    const auto status = node.answers("status");
    REQUIRE(status.size() == 1);
    CHECK(text(data(status[0]), "state") == "ready");
    const auto flush = node.answers("flush");
    REQUIRE(flush.size() == 1);
    CHECK(node.outbox.extent().head > 0);  // Before its time, which is every two seconds.
    CHECK(data(flush[0]).find("head")->count() == node.outbox.extent().head);
}

TEST_CASE("a read triggers a sensor now and answers with what came, which is recorded as usual") {
    Node node;
    node.run(10s);
    const auto before = node.slow->triggers.size();
    const auto taken = node.counters.sum("leat_agent_readings_total");
    node.ask("read", R"({"transaction":"r","sensor":"climate"})");
    node.run(40ms);
    CHECK(node.slow->triggers.size() == before + 1);
    const auto answers = node.answers("read");
    REQUIRE(answers.size() == 1);
    const auto* readings = data(answers[0]).find("readings");
    REQUIRE(readings != nullptr);
    const auto* reading = readings->find("climate.temperature");
    REQUIRE(reading != nullptr);
    CHECK(reading->find("value")->number == 21.5);
    CHECK(reading->find("unit")->string == "Cel");
    CHECK(node.counters.sum("leat_agent_readings_total") == taken + 1);
    // And again, too soon: it waits for its rest and is answered all the same.
    node.ask("read", R"({"transaction":"s","sensor":"climate"})");
    node.run(500ms);
    CHECK(node.answers("read").size() == 1);
    node.run(600ms);
    CHECK(node.answers("read").size() == 2);
    CHECK(node.slow->triggers.size() == before + 2);
}

TEST_CASE("a read of all names the silent sensors; a read of one that is silent times out") {
    Node node;
    node.run(10s);
    node.ask("read", R"({"transaction":"a","within":"2s"})");
    node.ask("read", R"({"transaction":"b","sensor":"hall","within":"1s"})");
    node.run(900ms);
    CHECK(node.answers("read").empty());
    node.run(200ms);
    REQUIRE(node.answers("read").size() == 1);
    CHECK(text(node.answers("read")[0], "reason") == "timeout");
    node.run(1s);
    const auto answers = node.answers("read");
    REQUIRE(answers.size() == 2);
    CHECK(text(answers[1], "status") == "ok");
    REQUIRE(data(answers[1]).find("silent")->array.size() == 1);
    CHECK(data(answers[1]).find("silent")->array[0].string == "hall");
}

TEST_CASE("a read answers with the sensor's fault, and knows which sensor was meant") {
    Node node;
    node.run(10s);
    node.ask("read", R"({"transaction":"f","sensor":"hall"})");
    node.run(20ms);
    node.mute->harvests.emplace_back();
    node.mute->harvests.back().failures.push_back(
        {.reason = "line stuck low", .taken = node.clock.instant()});
    node.run(40ms);
    REQUIRE(node.answers("read").size() == 1);
    CHECK(text(node.answers("read")[0], "reason") == "failed");
    CHECK(text(node.answers("read")[0], "detail") == "hall: line stuck low");
    node.ask("read", R"({"transaction":"g","sensor":"climat"})");
    node.run(20ms);
    REQUIRE(node.answers("read").size() == 2);
    CHECK(text(node.answers("read")[1], "reason") == "unknown_sensor");
    CHECK(text(node.answers("read")[1], "detail").find("\"climate\"") != std::string::npos);
}

TEST_CASE("a reading from before the question does not answer it") {
    Node node;
    node.run(10s);
    node.say(node.mute, 1);  // Still on its way when the question comes.
    node.clock.advance(1s);
    node.ask("read", R"({"transaction":"o","sensor":"hall","within":"1s"})");
    node.run(500ms);
    CHECK(node.counters.value("leat_agent_readings_total", {{"sensor", "hall"}}) == 1);
    CHECK(node.answers("read").empty());
    node.say(node.mute, 0);
    node.run(100ms);
    CHECK(text(node.answers("read").at(0), "status") == "ok");
}

TEST_CASE("reads under way are bounded, and stopping answers them") {
    Node node;
    node.run(10s);
    for (int i = 0; i < 6; ++i) {
        node.ask("read", fmt::format(R"({{"transaction":"{}","sensor":"hall"}})", i));
    }
    node.run(20ms);
    REQUIRE(node.answers("read").size() == 2);
    CHECK(text(node.answers("read")[0], "reason") == "busy");
    node.agent.say_goodbye(node.clock.instant());
    REQUIRE(node.answers("read").size() == 6);
    CHECK(text(node.answers("read")[5], "detail") == "the agent stops");
}

TEST_CASE("the log level is set, and goes back when its time is over") {
    Node node;
    node.ask("log-level", R"({"transaction":"1","level":"error","for":"30s"})");
    node.run(1s);
    CHECK(text(node.answers("log-level").at(0), "status") == "ok");
    CHECK(node.volume.level() == base::LogLevel::error);
    node.run(30s);
    CHECK(node.volume.level() == base::LogLevel::warn);
    node.ask("log-level", R"({"transaction":"2","level":"error"})");
    node.run(2h, 10s);
    CHECK(node.volume.level() == base::LogLevel::error);
    node.volume.configure(base::LogLevel::warn);
    CHECK(node.volume.level() == base::LogLevel::warn);
}

TEST_CASE("answers wait for the connection, but only so many") {
    Node node;
    node.run(1s);
    node.connection.refuses = true;
    for (int i = 0; i < 40; ++i) {
        node.ask("ping", fmt::format(R"({{"transaction":"{}"}})", i));
        node.run(1s, 100ms);
    }
    CHECK(node.answers("ping").empty());
    node.connection.refuses = false;
    node.run(20ms);
    CHECK(node.answers("ping").size() == 32);
    CHECK(text(node.answers("ping").back(), "transaction") == "39");
    CHECK(node.counters.sum("leat_agent_answers_dropped_total") == 8);
}

TEST_CASE("retained requests and those of other nodes move nothing, and are counted") {
    Node node;
    node.ask("ping", kOne);
    node.connection.inbox.back().retained = true;
    node.ask("ping", kOne);
    node.connection.inbox.back().topic = "leat/v1/m/request/ping";
    node.run(1s);
    CHECK(node.answers("ping").empty());
    CHECK(node.counters.value("leat_agent_requests_ignored_total", {{"reason", "retained"}}) == 1);
    CHECK(node.counters.sum("leat_agent_messages_ignored_total") == 1);
}
