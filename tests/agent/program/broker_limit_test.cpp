// Goal: a broker that carries only small messages stalls no node, and what it never carries is
// told. Method: the real agent and a real Mosquitto with `message_size_limit` (it answers 0x95) or
// `max_packet_size` (it says so at the connect, and closes the connection when it is not heeded);
// the test is the bridge, and keeps of a record only its hash.

#include "agent/program/agent_program.hpp"
#include "delivery/outbox/sqlite_outbox.hpp"
#include "wire/ack.hpp"
#include "wire/batch.hpp"

namespace {

using namespace std::chrono_literals;
using agent_test::AgentPlace;

/// Acknowledges every batch of node `n`, and asks for what is missing.
class SmallBridge {
  public:
    explicit SmallBridge(const support::Mosquitto& broker)
        : peer_(options_for(broker, "bridge", {{"leat/v1/n/data", 1}, {"leat/v1/n/status", 1}})) {
        REQUIRE(peer_.connect());
    }

    template <class Predicate>
    bool until(Predicate predicate, base::Duration timeout) {
        return peer_.until(
            [&] {
                while (const auto message = peer_.connection.take()) accept(*message);
                return predicate();
            },
            timeout);
    }

    std::uint64_t stored = 0;
    std::size_t largest = 0;  // Bytes of a batch.
    std::string status;

  private:
    void accept(const broker::Message& message) {
        if (message.topic == "leat/v1/n/status") {
            status = message.payload;
            return;
        }
        largest = std::max(largest, message.payload.size());
        const auto batch = wire::decode_batch(message.payload);
        REQUIRE(batch);
        const auto& header = batch.value().header;
        wire::Ack ack;
        ack.incarnation = header.incarnation;
        ack.answer = wire::Answer::gap;
        if (header.base == stored + 1) {
            hash_ = header.before;
            std::uint64_t seq = stored;
            for (const auto line : batch.value().lines) hash_ = chain_.next(hash_, ++seq, line);
            stored = seq;
            ack.answer = wire::Answer::ok;
        }
        ack.durable = {.seq = stored, .hash = hash_};
        if (stored == 0) ack.durable.hash = chain_.start("n", header.incarnation);
        ack.expected = stored + 1;
        CHECK(peer_.send({.topic = "leat/v1/n/ack", .payload = wire::encode_ack(ack)}));
    }

    Peer peer_;
    wire::Chain chain_;
    wire::ChainHash hash_;
};

/// Puts records of so many bytes into the outbox before the agent starts. Only the bridge reads
/// them.
void fill(const AgentPlace& place, const std::vector<std::size_t>& sizes) {
    delivery::SqliteOutboxOptions options;
    options.path = place.folder.file("outbox.db");
    options.node = "n";
    const auto outbox = delivery::SqliteOutbox::open(options);
    REQUIRE(outbox);
    delivery::Flush flush;
    for (const auto size : sizes) {
        flush.lines.push_back(fmt::format(R"({{"x":"{}"}})", std::string(size, 'x')));
        flush.contents.push_back({.readings = 1, .first_ms = 1, .last_ms = 1});
    }
    REQUIRE(outbox.value()->append(flush));
}

/// The settings of Mosquitto that limit what a message may have.
const std::vector<std::string> kLimits{"message_size_limit 10000", "max_packet_size 10000"};

}  // namespace

TEST_CASE("a broker that carries only small messages gets small batches, and everything arrives") {
    for (const auto& limit : kLimits) {
        CAPTURE(limit);
        const support::Mosquitto broker({.lines = {limit}, .anonymous = true});
        const AgentPlace place;
        fill(place, std::vector<std::size_t>(300, 1000));
        SmallBridge bridge(broker);
        auto agent = place.start(place.configure(broker.url()));
        CHECK(bridge.until([&] { return bridge.stored > 300; }, 30s));
        CHECK(bridge.largest <= 10'000);
        CHECK(bridge.largest > 4'000);
        agent.kill(SIGTERM);
        CHECK(agent.wait(10s) == 0);
        const bool is_told = limit.starts_with("max_packet_size");
        const bool learns = agent.log().find("sending smaller ones") != std::string::npos;
        CHECK(learns != is_told);
    }
}

TEST_CASE("a record that the broker never carries is the reason in the status and in the log") {
    for (const auto& limit : kLimits) {
        CAPTURE(limit);
        const support::Mosquitto broker({.lines = {limit}, .anonymous = true});
        const AgentPlace place;
        fill(place, {1000, 1000, 12'000, 1000});
        SmallBridge bridge(broker);
        auto agent = place.start(place.configure(broker.url()));
        CHECK(bridge.until(
            [&] {
                return bridge.status.find(
                           "record 3 cannot be sent: the broker does not accept a "
                           "message of its size (121") != std::string::npos;
            },
            30s));
        CHECK(bridge.stored == 2);
        agent.kill(SIGTERM);
        CHECK(agent.wait(10s) == 0);
        CHECK(agent.log().find("raise the broker's limits") != std::string::npos);
    }
}
