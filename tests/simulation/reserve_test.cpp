// Goal: a record that was sent is never thinned, whenever the power fails around its sending: it
// could count twice, once as it was and once in a partial. Method: the real outbox on a disk that
// forgets what was not synced; the power fails after the first write or sync of a send, then after
// the second, and so on, and at the latest when the batch is with the broker. With the power back,
// the outbox is filled until it thins.

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <map>

#include "base/log.hpp"
#include "delivery/outbox/sqlite_outbox.hpp"
#include "delivery/uplink/batch_sender.hpp"
#include "simulation/power_cut_vfs.hpp"
#include "support/manual_clock.hpp"
#include "wire/batch.hpp"
#include "wire/record.hpp"

namespace {

using delivery::SqliteOutbox;

/// A broker that takes one message, in the moment of which the power fails.
class LastMessage final : public broker::Connection {
  public:
    explicit LastMessage(simulation::PowerCutDisk& disk) : disk_(disk) {}

    void tick(base::Instant) override {}
    std::uint64_t session() const override { return 1; }
    base::Status publish(broker::Outgoing message) override {
        const auto batch = wire::decode_batch(message.payload);
        REQUIRE(batch);
        auto seq = batch.value().header.base;
        for (const auto line : batch.value().lines) lines[seq++] = line;
        disk_.cut();
        return base::Done{};
    }
    std::optional<broker::Message> take() override { return std::nullopt; }

    std::map<std::uint64_t, std::string> lines;  // What was sent, by number.

  private:
    simulation::PowerCutDisk& disk_;
};

class Card {
  public:
    explicit Card(std::uint64_t seed) : random_(seed), disk_(random_) { open(); }

    void append_minute() {
        wire::RawColumn column;
        for (std::int64_t i = 0; i < 60; ++i) {
            column.dt_ms.push_back(i * 1000);
            column.values.push_back(static_cast<double>(random_.below(10'000)) / 100);
        }
        const auto last_ms = time_ms_ + 59'000;
        const wire::Data data{.at = base::from_milliseconds(time_ms_),
                              .clock = wire::ClockState::synced,
                              .boot = {},
                              .columns = {{.series = "a.b", .points = std::move(column)}}};
        REQUIRE(outbox_->append(
            {.lines = {wire::encode_record({.body = data, .origin = {}})},
             .contents = {{.readings = 60, .first_ms = time_ms_, .last_ms = last_ms}},
             .positions = {}}));
        time_ms_ += 60'000;
    }

    /// Sends a batch while the power fails after so many operations, or when the batch is with the
    /// broker; then the power is back. Returns what was sent.
    std::map<std::uint64_t, std::string> send(std::uint64_t operations) {
        LastMessage connection(disk_);
        const support::ManualClock clock;
        base::Counters counters;
        delivery::BatchSender sender({.topic = "t", .expiry = {}}, *outbox_, connection, clock,
                                     counters);
        disk_.cut_after(operations);
        static_cast<void>(sender.send(1, 8, wire::kBatchBytesMax));
        disk_.cut();
        outbox_.reset();
        disk_.restore();
        open();
        return connection.lines;
    }

    const SqliteOutbox& outbox() const { return *outbox_; }

  private:
    void open() {
        delivery::SqliteOutboxOptions options;
        options.path = "/outbox.db";
        options.node = "n";
        options.quota = SqliteOutbox::kQuotaMin;
        options.vfs = disk_.vfs_name();
        auto opened = SqliteOutbox::open(options);
        REQUIRE(opened);
        outbox_ = std::move(opened).value();
    }

    base::Random random_;
    simulation::PowerCutDisk disk_;
    std::int64_t time_ms_ = 1'763'630'000'000;
    std::unique_ptr<SqliteOutbox> outbox_;  // Last: it is closed while its disk is there.
};

}  // namespace

TEST_CASE("whenever the power goes around a send, what was sent is never thinned afterwards") {
    base::set_log_level(base::LogLevel::error);
    std::uint64_t sent_batches = 0;
    for (std::uint64_t operations = 0; operations < 24; ++operations) {
        CAPTURE(operations);
        Card card{operations + 1};
        for (int i = 0; i < 20; ++i) card.append_minute();
        const auto sent = card.send(operations);
        sent_batches += sent.empty() ? 0U : 1U;
        for (int i = 0; i < 2000 && card.outbox().extent().thinned == 0; ++i) card.append_minute();
        REQUIRE(card.outbox().extent().thinned > 0);
        for (const auto& [seq, line] : sent) {
            const auto now = card.outbox().read(seq - 1, 1, 1);
            REQUIRE(now);
            REQUIRE_FALSE(now.value().empty());
            CHECK(now.value().front().seq == seq);
            CHECK(now.value().front().line == line);
        }
    }
    CHECK(sent_batches > 0);
    CHECK(sent_batches < 24);  // And sometimes the power failed before.
}
