// Goal: what the node's outbox does when its disk fails it (rows 5, 6, 8, 11 and 13 of the fault
// matrix): nothing that was committed is lost or there twice, and everything else is reported.

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <filesystem>

#include "delivery/uplink/uplink.hpp"
#include "lib/delivery/outbox/faulty_disk.hpp"
#include "lib/delivery/outbox/numbered_outbox.hpp"
#include "support/fake_connection.hpp"
#include "support/manual_clock.hpp"
#include "wire/batch.hpp"
#include "wire/record.hpp"

namespace {

using namespace outbox_test;

/// Damages one record that is not the newest, as a card would: only its hash reveals it.
void damage_fourth(const support::TemporaryFolder& folder) {
    sqlite3* handle = nullptr;
    REQUIRE(sqlite3_open(folder.file("outbox.db").c_str(), &handle) == SQLITE_OK);
    REQUIRE(sqlite3_exec(handle, "UPDATE records SET line = replace(line, '4', '5') WHERE seq = 4",
                         nullptr, nullptr, nullptr) == SQLITE_OK);
    sqlite3_close(handle);
}

}  // namespace

TEST_CASE("a failed sync: no false commit, the flush comes again and is there once") {
    const support::TemporaryFolder folder;
    const FaultyDisk disk;
    auto outbox = open_in(folder);
    REQUIRE(outbox->append(numbered(1)));
    for (std::uint64_t i = 2; i <= 6; ++i) {
        FaultyDisk::fail_syncs(1);
        CHECK_FALSE(outbox->append(numbered(i)));
        const auto again = outbox->append(numbered(i));
        REQUIRE_MESSAGE(again, (again ? "" : again.error().detail));
        CHECK(outbox->reopened() == i - 1);
    }
    CHECK(FaultyDisk::failed() == 5);
    check_books(*outbox, 6);
    outbox.reset();
    check_books(*open_in(folder), 6);
}

TEST_CASE(
    "a flush in doubt that is found in the file and sent before it comes again is there once") {
    const support::TemporaryFolder folder;
    const FaultyDisk disk;
    auto outbox = open_in(folder);
    REQUIRE(outbox->append(numbered(1)));
    FaultyDisk::fail_syncs(2);  // The second one keeps the log with the flush from being dropped.
    REQUIRE_FALSE(outbox->append(numbered(2)));
    const auto found = outbox->read(0, 100, 100'000);  // The uplink is quicker than the next flush.
    REQUIRE(found);
    REQUIRE(found.value().size() == 2);
    REQUIRE(outbox->reserve(2));
    REQUIRE(outbox->append(numbered(2)));
    REQUIRE(outbox->append(numbered(3)));
    check_books(*outbox, 3);
}

TEST_CASE("after an unused file was deleted, a new incarnation begins at 1") {
    const support::TemporaryFolder folder;
    wire::Incarnation before;
    {
        auto outbox = open_in(folder);
        before = outbox->extent().incarnation;
        for (std::uint64_t i = 1; i <= 3; ++i) REQUIRE(outbox->append(numbered(i)));
    }
    std::filesystem::remove(folder.file("outbox.db"));
    auto outbox = open_in(folder);
    CHECK_FALSE(outbox->extent().incarnation == before);
    CHECK(outbox->extent().head == 0);
    REQUIRE(outbox->append(numbered(1)));
    check_books(*outbox, 1);
}

TEST_CASE(
    "an old copy of the file: the chain distinguishes new records from old ones of the same "
    "number") {
    const support::TemporaryFolder folder;
    const auto path = folder.file("outbox.db");
    const auto copy = folder.file("yesterday");
    for (std::uint64_t i = 1; i <= 3; ++i) REQUIRE(open_in(folder)->append(numbered(i)));
    std::filesystem::copy_file(path, copy);
    std::optional<wire::ChainHash> acknowledged;
    {
        auto outbox = open_in(folder);
        for (std::uint64_t i = 4; i <= 6; ++i) REQUIRE(outbox->append(numbered(i)));
        acknowledged = outbox->hash_at(5).value();
    }
    std::filesystem::rename(copy, path);
    auto outbox = open_in(folder);
    CHECK(outbox->extent().head == 3);
    for (std::uint64_t i = 7; i <= 9; ++i) REQUIRE(outbox->append(numbered(i)));
    CHECK_FALSE(outbox->hash_at(5).value() == acknowledged);
    const auto old = outbox->extent().incarnation;
    REQUIRE(outbox->fork(3));
    const auto anew = outbox->read(0, 100, 100'000);
    REQUIRE(anew);
    REQUIRE(anew.value().size() == 3);  // None of the new ones is lost.
    for (std::uint64_t i = 0; i < 3; ++i) {
        const auto& line = anew.value()[i].line;
        CHECK(line.find(fmt::format("\"n\":{}", 7 + i)) != std::string::npos);
        CHECK(line.find(to_text(old)) != std::string::npos);
    }
}

TEST_CASE("a damaged record is never given as a good one, and a fork declares it as a gap") {
    const support::TemporaryFolder folder;
    {
        auto outbox = open_in(folder);
        for (std::uint64_t i = 1; i <= 6; ++i) REQUIRE(outbox->append(numbered(i)));
    }
    damage_fourth(folder);
    auto outbox = open_in(folder);
    CHECK(outbox->damaged() == 0);
    check_books(*outbox, 3);  // Stops before it.
    const auto damaged = outbox->read(3, 100, 100'000);
    REQUIRE(damaged);
    REQUIRE(damaged.value().size() == 1);
    CHECK(damaged.value()[0].damaged);
    CHECK(outbox->read(4, 100, 100'000).value().size() == 2);  // What is behind it is good.
    const auto old = outbox->extent().incarnation;
    REQUIRE(outbox->fork(2));
    const auto anew = outbox->read(0, 100, 100'000);
    REQUIRE(anew);
    REQUIRE(anew.value().size() == 4);
    for (const auto& record : anew.value()) CHECK_FALSE(record.damaged);
    const auto gap = wire::decode_record(anew.value()[1].line);
    REQUIRE(gap);
    CHECK(gap.value().origin->incarnation == old);
    CHECK(gap.value().origin->seq == 4);
    const auto& body = std::get<wire::Gap>(gap.value().body);
    CHECK(body.reason == wire::GapReason::corrupt);
    CHECK(body.from == 4);
    CHECK(body.to == 4);
    CHECK(body.readings == 1);
    CHECK(anew.value()[2].line.find("\"n\":5") != std::string::npos);
}

TEST_CASE("records before a damaged one are sent, then those after it get new numbers") {
    const support::TemporaryFolder folder;
    {
        auto outbox = open_in(folder);
        for (std::uint64_t i = 1; i <= 6; ++i) REQUIRE(outbox->append(numbered(i)));
    }
    damage_fourth(folder);
    auto outbox = open_in(folder);
    const support::ManualClock clock;
    support::FakeConnection connection;
    base::Counters counters;
    delivery::UplinkOptions options;
    options.data_topic = "data";
    delivery::Uplink uplink(options, *outbox, connection, clock, counters, 1);
    const auto step = [&](std::optional<std::uint64_t> durable) {
        if (durable) {
            const wire::Ack ack{
                .incarnation = outbox->extent().incarnation,
                .answer = wire::Answer::ok,
                .durable = {.seq = *durable, .hash = *outbox->hash_at(*durable).value()},
                .applied = {},
                .expected = *durable + 1,
                .retry_after = {},
                .reason = {},
                .now = clock.event_time()};
            uplink.on_ack(wire::encode_ack(ack), clock.instant());
        }
        connection.published.clear();
        uplink.tick(clock.instant());
        REQUIRE(connection.published.size() <= 1);
        if (connection.published.empty()) return std::pair{std::uint64_t{0}, 0U};
        const auto batch = wire::decode_batch(connection.published[0].payload);
        REQUIRE(batch);
        return std::pair{batch.value().header.base, batch.value().header.count};
    };
    const auto old = outbox->extent().incarnation;
    connection.connect();
    CHECK(step({}) == std::pair{std::uint64_t{7}, 0U});  // Asks where the other side is.
    CHECK(step(0) == std::pair{std::uint64_t{1}, 3U});
    CHECK(step({}) == std::pair{std::uint64_t{0}, 0U});  // Waits until that is answered.
    CHECK(outbox->extent().incarnation == old);
    step(3);
    CHECK_FALSE(outbox->extent().incarnation == old);
    CHECK(outbox->extent().head == 3);
    CHECK_FALSE(uplink.alarm().empty());
    step({});
    CHECK(step(0) == std::pair{std::uint64_t{1}, 3U});
    CHECK(counters.value("leat_agent_forks_total", {}) == 1);
}

TEST_CASE("while a removed file cannot be put back, no commit succeeds") {
    auto folder = std::make_unique<support::TemporaryFolder>();
    auto outbox = open_in(*folder);
    REQUIRE(outbox->append(numbered(1)));
    const auto path = folder->path();
    folder.reset();
    CHECK_FALSE(outbox->append(numbered(2)));
    std::filesystem::create_directory(path);
    REQUIRE(outbox->append(numbered(2)));
    check_books(*outbox, 2);
    outbox.reset();
    CHECK(std::filesystem::exists(path / "outbox.db"));
    std::filesystem::remove_all(path);
}
