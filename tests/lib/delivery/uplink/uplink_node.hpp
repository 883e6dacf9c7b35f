#pragma once

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <ostream>

#include "delivery/outbox/memory_outbox.hpp"
#include "delivery/uplink/uplink.hpp"
#include "support/fake_connection.hpp"
#include "support/manual_clock.hpp"
#include "wire/batch.hpp"
#include "wire/limits.hpp"

/// A node without sensors, whose test plays the bridge: a real outbox in memory, a connection that
/// the test controls, a clock that stands still.
namespace agent_test {

using namespace std::chrono_literals;
using delivery::MemoryOutbox;
using delivery::Uplink;
using wire::Ack;
using wire::Answer;

struct Sent {
    std::uint64_t base = 0;
    std::uint32_t count = 0;
    std::uint64_t lowest = 0;
    std::optional<std::uint64_t> after{};
    bool operator==(const Sent&) const = default;
};

inline std::ostream& operator<<(std::ostream& out, const Sent& sent) {
    return out << "base " << sent.base << " n " << sent.count << " lo " << sent.lowest << " after "
               << sent.after.value_or(0);
}

struct Node {
    explicit Node(delivery::UplinkOptions options = {}, std::uint64_t quota = 1 << 20,
                  bool thin = true, std::uint64_t seed = 1)
        : outbox({.node = "n",
                  .quota = quota,
                  .thin = thin,
                  .new_incarnation = [last = std::uint64_t{0}]() mutable { return ++last; }}),
          uplink(with_topic(options), outbox, connection, clock, counters, seed) {}

    static delivery::UplinkOptions with_topic(delivery::UplinkOptions options) {
        options.node = "n";
        options.data_topic = "leat/v1/n/data";
        return options;
    }

    /// Appends records of at least this many bytes each.
    void append(std::uint64_t count, std::size_t bytes = 20) {
        for (std::uint64_t i = 0; i < count; ++i) {
            const auto number = outbox.extent().head + 1;
            auto line = fmt::format(R"({{"n":{},"x":"{}"}})", number, std::string(bytes, 'x'));
            REQUIRE(outbox.append({.lines = {line},
                                   .contents = {{.readings = 1, .first_ms = 1, .last_ms = 1}},
                                   .positions = {},
                                   .settled = uplink.settled()}));
        }
    }

    void step(base::Duration after = 0ms) {
        clock.advance(after);
        uplink.tick(clock.instant());
    }

    /// What was sent since the last call.
    std::vector<Sent> sent() {
        std::vector<Sent> result;
        for (const auto& message : connection.published) {
            REQUIRE(message.payload.size() <= wire::kBatchBytesMax);
            const auto batch = wire::decode_batch(message.payload);
            REQUIRE(batch);
            const auto& header = batch.value().header;
            CHECK(header.incarnation == outbox.extent().incarnation);
            CHECK(header.before == outbox.hash_at(header.base - 1).value());
            result.push_back({header.base, header.count, header.lowest, header.after});
        }
        connection.published.clear();
        return result;
    }

    wire::Mark mark(std::uint64_t seq) const {
        const auto hash = outbox.hash_at(seq).value();
        return {.seq = seq, .hash = hash.value_or(wire::ChainHash{})};
    }

    Ack ack(Answer answer, std::uint64_t durable, std::optional<std::uint64_t> applied = {}) const {
        Ack ack;
        ack.incarnation = outbox.extent().incarnation;
        ack.answer = answer;
        ack.durable = mark(durable);
        if (applied) ack.applied = mark(*applied);
        ack.expected = durable + 1;
        ack.now = clock.event_time();
        return ack;
    }

    void hear(const Ack& ack) { uplink.on_ack(wire::encode_ack(ack), clock.instant()); }

    /// Connected, resumed at what the bridge says it has, and quiet.
    void stream_from(std::uint64_t durable) {
        connection.connect();
        step();
        sent();
        hear(ack(durable == outbox.extent().head ? Answer::dup : Answer::gap, durable));
    }

    double counted(const std::string& name, const std::vector<base::Label>& labels = {}) const {
        return counters.value(name, labels);
    }

    support::ManualClock clock;
    MemoryOutbox outbox;
    support::FakeConnection connection;
    base::Counters counters;
    Uplink uplink;
};

using Batches = std::vector<Sent>;

}  // namespace agent_test
