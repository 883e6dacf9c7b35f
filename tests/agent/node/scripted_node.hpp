#pragma once

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <memory>
#include <vector>

#include "agent/node/agent.hpp"
#include "agent/sampling/scripted_driver.hpp"
#include "delivery/outbox/memory_outbox.hpp"
#include "support/fake_connection.hpp"
#include "support/manual_clock.hpp"
#include "wire/batch.hpp"

namespace agent_test {

using namespace std::chrono_literals;

/// A disk that can be made to refuse.
struct FailingOutbox final : delivery::Outbox {
    base::Status append(const delivery::Flush& flush) override {
        last_settled = flush.settled;
        if (fails) {
            ++failures;
            return base::Error{base::Fault::transient, "no disk"};
        }
        return memory.append(flush);
    }
    base::Result<std::vector<delivery::StoredRecord>> read(std::uint64_t after,
                                                           std::size_t records_max,
                                                           std::size_t bytes_max) const override {
        return memory.read(after, records_max, bytes_max);
    }
    base::Result<std::optional<wire::ChainHash>> hash_at(std::uint64_t seq) const override {
        return memory.hash_at(seq);
    }
    base::Status reserve(std::uint64_t upto) override { return memory.reserve(upto); }
    base::Status fork(std::uint64_t stored_upto) override { return memory.fork(stored_upto); }
    delivery::Extent extent() const override { return memory.extent(); }
    std::uint64_t bytes_after(std::uint64_t seq) const override { return memory.bytes_after(seq); }
    std::optional<std::string> position(const std::string& sensor) const override {
        return memory.position(sensor);
    }

    delivery::MemoryOutbox memory{{.node = "n", .quota = 100'000}};
    bool fails = false;
    int failures = 0;
    std::uint64_t last_settled = 0;
};

/// A node with a scripted sensor `a`, a connection that the test controls, and an outbox that can
/// be made to fail.
struct ScriptedNode {
    struct SyncedWatch final : agent::ClockWatch {
        wire::ClockState state() const override { return wire::ClockState::synced; }
    };

    explicit ScriptedNode(base::Duration period = 100ms, bool waits = false, bool urgent = false)
        : script(std::make_shared<Script>()),
          sampler({}, sensors(script, period, waits, urgent), clock, watch, counters),
          agent(options(), clock, outbox, connection, sampler, watch, counters, 1) {}

    static std::vector<agent::Sensor> sensors(const std::shared_ptr<Script>& script,
                                              base::Duration period, bool waits, bool urgent) {
        script->waits = waits;
        script->quantities.front().urgent = urgent;
        std::vector<agent::Sensor> result;
        result.push_back({.name = "a",
                          .kind = "scripted",
                          .period = period,
                          .driver = std::make_unique<ScriptedDriver>(script)});
        return result;
    }
    static agent::AgentOptions options() {
        agent::AgentOptions options;
        options.node = "n";
        options.version = "1";
        return options;
    }

    void run(base::Duration time, base::Duration step = 20ms) {
        for (base::Duration passed{0}; passed < time; passed += step) {
            clock.advance(step);
            agent.tick(clock.instant());
        }
    }

    /// The sensor gains quantities, as a driver does that meets new devices.
    void add_quantities(std::size_t count) const {
        for (std::size_t i = 0; i < count; ++i) {
            auto quantity = script->quantities.front();
            quantity.name += fmt::format("-{}", script->quantities.size());
            script->quantities.push_back(quantity);
        }
    }

    /// A reading of every quantity.
    void say_all() const {
        drivers::Harvest harvest;
        for (std::size_t i = 0; i < script->quantities.size(); ++i) {
            harvest.measurements.push_back(
                {.quantity = i, .value = 0.5, .taken = clock.instant(), .source_time = {}});
        }
        script->harvests.push_back(harvest);
    }

    /// Every reading committed so far, in order, from the record lines.
    std::vector<double> committed() const {
        std::vector<double> values;
        const auto records = outbox.read(0, 1'000'000, 1'000'000'000);
        for (const auto& stored : records.value()) {
            const auto record = wire::decode_record(stored.line);
            REQUIRE(record);
            const auto* data = std::get_if<wire::Data>(&record.value().body);
            if (data == nullptr) continue;
            const auto& raw = std::get<wire::RawColumn>(data->columns.at(0).points);
            values.insert(values.end(), raw.values.begin(), raw.values.end());
        }
        return values;
    }

    wire::Mark mark(std::uint64_t seq) const {
        return {.seq = seq, .hash = *outbox.hash_at(seq).value()};
    }

    /// Everything is durable, and this much is applied.
    void acknowledge(std::uint64_t applied) {
        wire::Ack ack;
        ack.incarnation = outbox.extent().incarnation;
        ack.durable = mark(outbox.extent().head);
        ack.applied = mark(applied);
        ack.expected = ack.durable.seq + 1;
        connection.inbox.push_back(
            {.topic = "leat/v1/n/ack", .payload = wire::encode_ack(ack), .retained = false});
    }

    support::ManualClock clock;
    SyncedWatch watch;
    base::Counters counters;
    FailingOutbox outbox;
    support::FakeConnection connection;
    std::shared_ptr<Script> script;
    agent::Sampler sampler;
    agent::Agent agent;
};

}  // namespace agent_test
