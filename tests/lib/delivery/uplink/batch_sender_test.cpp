// Goal: nothing is sent that the outbox has not reserved. Method: an outbox that can refuse to
// reserve, and a connection that looks at it while it is being handed a batch.

#include "delivery/uplink/batch_sender.hpp"

#include "lib/delivery/uplink/uplink_node.hpp"

namespace {

/// A real outbox that notes what was reserved, or refuses.
struct ReservingOutbox final : delivery::Outbox {
    base::Status append(const delivery::Flush& flush) override { return memory.append(flush); }
    base::Result<std::vector<delivery::StoredRecord>> read(std::uint64_t after,
                                                           std::size_t records_max,
                                                           std::size_t bytes_max) const override {
        return memory.read(after, records_max, bytes_max);
    }
    base::Result<std::optional<wire::ChainHash>> hash_at(std::uint64_t seq) const override {
        return memory.hash_at(seq);
    }
    base::Status reserve(std::uint64_t upto) override {
        if (refuses) return base::Error{base::Fault::transient, "the disk is full"};
        reserved = upto;
        return memory.reserve(upto);
    }
    base::Status fork(std::uint64_t stored_upto) override { return memory.fork(stored_upto); }
    delivery::Extent extent() const override { return memory.extent(); }
    std::uint64_t bytes_after(std::uint64_t seq) const override { return memory.bytes_after(seq); }
    std::optional<std::string> position(const std::string& sensor) const override {
        return memory.position(sensor);
    }

    delivery::MemoryOutbox memory{{.node = "n", .quota = 1'000'000}};
    bool refuses = false;
    std::uint64_t reserved = 0;
};

/// Notes what was reserved when a batch came.
struct LookingConnection final : broker::Connection {
    explicit LookingConnection(const ReservingOutbox& outbox) : outbox_(outbox) {}
    void tick(base::Instant) override {}
    std::uint64_t session() const override { return 1; }
    base::Status publish(broker::Outgoing) override {
        reserved_then.push_back(outbox_.reserved);
        return base::Done{};
    }
    std::optional<broker::Message> take() override { return std::nullopt; }

    std::vector<std::uint64_t> reserved_then;

  private:
    const ReservingOutbox& outbox_;
};

struct Sending {
    Sending() {
        for (int i = 0; i < 100; ++i) {
            REQUIRE(outbox.append({.lines = {R"({"k":"x"})"}, .contents = {{}}, .positions = {}}));
        }
    }

    support::ManualClock clock;
    base::Counters counters;
    ReservingOutbox outbox;
    LookingConnection connection{outbox};
    delivery::BatchSender sender{{.topic = "t", .expiry = {}}, outbox, connection, clock, counters};
};

}  // namespace

TEST_CASE("records are reserved before the connection gets them, to the last one") {
    Sending node;
    REQUIRE(node.sender.send(1, 64, wire::kBatchBytesMax));
    REQUIRE(node.sender.send(65, 64, wire::kBatchBytesMax));
    CHECK(node.connection.reserved_then == std::vector<std::uint64_t>{64, 100});
}

TEST_CASE("what the outbox does not reserve is not sent, and the error is the outbox's") {
    Sending node;
    node.outbox.refuses = true;
    const auto attempt = node.sender.send(1, 64, wire::kBatchBytesMax);
    REQUIRE_FALSE(attempt);
    CHECK(attempt.error().detail == "the disk is full");
    CHECK(node.connection.reserved_then.empty());
    CHECK(node.counters.value("leat_agent_batches_sent_total") == 0);
}

TEST_CASE("a node whose outbox does not reserve sends nothing and asks again later") {
    Sending node;
    delivery::UplinkOptions options;
    options.node = "n";
    options.data_topic = "t";
    delivery::Uplink uplink(options, node.outbox, node.connection, node.clock, node.counters, 1);
    uplink.tick(node.clock.instant());
    REQUIRE(node.connection.reserved_then.size() == 1);  // The probe.
    node.outbox.refuses = true;
    wire::Ack ack;
    ack.incarnation = node.outbox.extent().incarnation;
    ack.answer = wire::Answer::gap;
    ack.durable.hash = *node.outbox.hash_at(0).value();
    ack.expected = 1;
    uplink.on_ack(wire::encode_ack(ack), node.clock.instant());
    for (int i = 0; i < 40; ++i) {
        uplink.tick(node.clock.instant());
        node.clock.advance(std::chrono::milliseconds{100});
    }
    CHECK(node.connection.reserved_then.size() == 1);
    CHECK(node.counters.value("leat_agent_outbox_errors_total") == 1);
    node.outbox.refuses = false;
    node.clock.advance(std::chrono::seconds{5});
    uplink.tick(node.clock.instant());
    CHECK(node.connection.reserved_then == std::vector<std::uint64_t>{0, 64, 100});
}
