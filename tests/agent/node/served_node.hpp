#pragma once

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <memory>
#include <string>
#include <vector>

#include "agent/commands/command_desk.hpp"
#include "agent/homeassistant/discovery.hpp"
#include "agent/node/agent.hpp"
#include "agent/sampling/scripted_driver.hpp"
#include "base/json.hpp"
#include "delivery/outbox/memory_outbox.hpp"
#include "support/fake_connection.hpp"
#include "support/manual_clock.hpp"

namespace agent_test {

struct SyncedWatch final : agent::ClockWatch {
    wire::ClockState state() const override { return wire::ClockState::synced; }
};

inline drivers::Quantity quantity(const char* name, const char* unit) {
    return {.name = name, .kind = name, .unit = unit, .least = {}, .most = {}, .resolution = {}};
}

inline agent::CommandDeskOptions desk_options() {
    agent::CommandDeskOptions options;
    options.node = "n";
    options.version = "1";
    for (const auto& word : agent::verb_words()) {
        options.commands.allow.push_back(*agent::parse_verb(word));
    }
    return options;
}

/// Node `n` with every service: a sensor `climate` that answers when it is triggered, and a sensor
/// `hall` whose answers the test gives.
struct ServedNode {
    explicit ServedNode(base::Duration period = std::chrono::seconds{60}, std::uint64_t seed = 1)
        : slow(std::make_shared<Script>()),
          mute(std::make_shared<Script>()),
          sampler({}, sensors(period), clock, watch, counters),
          desk(desk_options(), clock, connection, sampler, volume, counters),
          discovery({.discovery = true}, {.node = "n", .version = "1"}, connection, sampler,
                    counters, seed),
          agent({.node = "n", .version = "1"}, clock, outbox, connection, sampler, watch, counters,
                1) {
        sampler.set_listener(&desk);
        agent.register_service(desk);
        agent.register_service(discovery);
        connection.connect();
    }

    std::vector<agent::Sensor> sensors(base::Duration period) const {
        slow->quantities = {quantity("temperature", "Cel"), quantity("humidity", "%RH")};
        slow->answer = 21.5;
        mute->quantities = {quantity("motion", "/")};
        std::vector<agent::Sensor> result;
        result.push_back({.name = "climate",
                          .kind = "scripted",
                          .period = period,
                          .driver = std::make_unique<ScriptedDriver>(slow)});
        result.push_back({.name = "hall",
                          .kind = "scripted",
                          .period = std::chrono::seconds{0},
                          .driver = std::make_unique<ScriptedDriver>(mute)});
        return result;
    }

    void run(base::Duration time, base::Duration step = std::chrono::milliseconds{20}) {
        for (base::Duration passed{0}; passed < time; passed += step) {
            clock.advance(step);
            agent.tick(clock.instant());
        }
    }

    void say(const std::shared_ptr<Script>& script, double value) const {
        drivers::Harvest harvest;
        harvest.measurements.push_back(
            {.quantity = 0, .value = value, .taken = clock.instant(), .source_time = {}});
        script->harvests.push_back(harvest);
    }

    void ask(const std::string& verb, const std::string& payload) {
        connection.inbox.push_back(
            {.topic = "leat/v1/n/request/" + verb, .payload = payload, .retained = false});
    }

    /// The answers on the topic of a verb so far.
    std::vector<base::Json> answers(const std::string& verb) const {
        std::vector<base::Json> result;
        for (const auto& message : connection.on("leat/v1/n/response/" + verb)) {
            CHECK(!message.retain);
            CHECK(message.qos == 1);
            CHECK(message.expiry == std::chrono::seconds{60});
            auto json = base::parse_json(message.payload);
            REQUIRE(json);
            result.push_back(std::move(json).value());
        }
        return result;
    }

    support::ManualClock clock;
    SyncedWatch watch;
    base::Counters counters;
    delivery::MemoryOutbox outbox{{.node = "n", .quota = 1'000'000}};
    support::FakeConnection connection;
    std::shared_ptr<Script> slow;
    std::shared_ptr<Script> mute;
    agent::LogVolume volume{base::LogLevel::warn};
    agent::Sampler sampler;
    agent::CommandDesk desk;
    agent::Discovery discovery;
    agent::Agent agent;
};

/// The text member of a JSON object; empty when there is none.
inline std::string text(const base::Json& json, const char* name) {
    const auto* found = json.find(name);
    return found != nullptr ? found->string : "";
}

}  // namespace agent_test
