// Goal: one contract, kept by the outbox in memory and by the one on disk.
// Method: every case runs over both; the SQLite file lives in a folder of its own.

#include "lib/delivery/outbox/outbox_fixture.hpp"

using namespace outbox_test;

namespace {

std::string line_of(std::uint64_t number, std::size_t bytes = 0) {
    auto line = fmt::format(R"({{"k":"clock","boot":"{}")", number);
    if (bytes > line.size() + 40)
        line += fmt::format(R"(,"x":"{}")", std::string(bytes - line.size(), 'x'));
    return line + R"(,"bt":1,"utc":2,"error":3})";
}

/// One line, which stands for ten readings of the second `number`.
Flush one(std::uint64_t number, std::size_t bytes = 0, std::uint64_t settled = 0) {
    const auto ms = static_cast<std::int64_t>(number * 1000);
    return {.lines = {line_of(number, bytes)},
            .contents = {{.readings = 10, .first_ms = ms, .last_ms = ms + 999}},
            .positions = {},
            .settled = settled};
}

std::uint64_t stands_for(const delivery::StoredRecord& record) {
    return record.line.starts_with(R"({"k":"clock")") ? 10U : 0U;
}

struct Books {
    std::uint64_t readings = 0;  // In gap records.
    std::uint64_t gaps = 0;
};

Books declared(const Outbox& outbox) {
    Books books;
    for (const auto& record : all(outbox)) {
        if (!record.line.starts_with(R"({"k":"gap")")) continue;
        const auto decoded = wire::decode_record(record.line);
        REQUIRE(decoded);
        const auto& gap = std::get<wire::Gap>(decoded.value().body);
        CHECK(gap.to >= gap.from);
        CHECK(gap.to < record.seq);
        books.readings += gap.readings;
        ++books.gaps;
    }
    return books;
}

}  // namespace

TEST_CASE_TEMPLATE("what append accepted is read back in order", Kind, BOTH) {
    Fixture<Kind> fixture;
    auto outbox = fixture.open();
    CHECK(outbox->extent().head == 0);
    CHECK(outbox->extent().lowest == 1);
    for (std::uint64_t i = 1; i <= 10; ++i) REQUIRE(outbox->append(one(i)));
    const auto records = all(*outbox);
    REQUIRE(records.size() == 10);
    for (std::uint64_t i = 1; i <= 10; ++i) {
        CHECK(records[i - 1].seq == i);
        CHECK(records[i - 1].line == line_of(i));
    }
    check_chain(*outbox);
}

TEST_CASE_TEMPLATE("read stops at its limits but gives at least one record", Kind, BOTH) {
    Fixture<Kind> fixture;
    auto outbox = fixture.open();
    for (std::uint64_t i = 1; i <= 10; ++i) REQUIRE(outbox->append(one(i, 100)));
    CHECK(outbox->read(3, 4, 1'000'000).value().size() == 4);
    CHECK(outbox->read(3, 4, 1'000'000).value().front().seq == 4);
    CHECK(outbox->read(0, 100, 1).value().size() == 1);
    CHECK(outbox->read(0, 100, 3 * line_of(1, 100).size()).value().size() == 3);
    CHECK(outbox->read(10, 100, 1000).value().empty());
}

TEST_CASE_TEMPLATE("a hash is known for what is stored, for the one before it, and no further",
                   Kind, BOTH) {
    Fixture<Kind> fixture;
    auto outbox = fixture.open();
    const auto start = wire::Chain{}.start("n", outbox->extent().incarnation);
    CHECK(outbox->hash_at(0).value() == start);
    REQUIRE(outbox->append(one(1)));
    CHECK(outbox->hash_at(0).value() == start);
    CHECK(outbox->hash_at(1).value() == wire::Chain{}.next(start, 1, line_of(1)));
    CHECK_FALSE(outbox->hash_at(2).value());
}

TEST_CASE_TEMPLATE("settled records go only when their room is needed, and nothing unsettled goes",
                   Kind, BOTH) {
    Fixture<Kind> fixture;
    auto outbox = fixture.open();
    for (std::uint64_t i = 1; i <= 20; ++i) REQUIRE(outbox->append(one(i, 8000, i - 1)));
    CHECK(outbox->extent().lowest == 1);  // 160 KB of 1 MiB: they may stay.
    for (std::uint64_t i = 21; i <= 400; ++i) REQUIRE(outbox->append(one(i, 8000, i - 1)));
    const auto extent = outbox->extent();
    CHECK(extent.lowest > 1);
    CHECK(extent.head == 400);
    CHECK(extent.evicted == 0);
    CHECK(extent.bytes <= extent.quota);
    CHECK(declared(*outbox).gaps == 0);
    CHECK_FALSE(outbox->hash_at(extent.lowest - 2).value());
    check_chain(*outbox);
}

TEST_CASE_TEMPLATE("the newest record stays though it is settled", Kind, BOTH) {
    Fixture<Kind> fixture;
    auto outbox = fixture.open();
    for (std::uint64_t i = 1; i <= 55; ++i) REQUIRE(outbox->append(one(i, 16'000)));
    REQUIRE(outbox->extent().evicted == 0);
    for (int i = 0; i < 3; ++i) {  // Far beyond the retained share, and everything is settled.
        REQUIRE(outbox->append({.lines = {}, .contents = {}, .positions = {}, .settled = 55}));
    }
    CHECK(outbox->extent().lowest > 1);
    REQUIRE(!all(*outbox).empty());
    CHECK(all(*outbox).back().seq == 55);
}

TEST_CASE_TEMPLATE("beyond the quota the oldest go, and a gap record declares every reading", Kind,
                   BOTH) {
    Fixture<Kind> fixture;
    auto outbox = fixture.open();
    constexpr std::uint64_t kAppends = 1000;
    for (std::uint64_t i = 1; i <= kAppends; ++i) REQUIRE(outbox->append(one(i, 3000)));
    const auto extent = outbox->extent();
    CHECK(extent.evicted > 0);
    CHECK(extent.lowest > 1);
    CHECK(extent.bytes <= extent.quota);
    std::uint64_t stored = 0;
    for (const auto& record : all(*outbox)) stored += stands_for(record);
    const auto books = declared(*outbox);
    CHECK(books.gaps > 0);
    CHECK(stored + books.readings == kAppends * 10);
    check_chain(*outbox);
}

TEST_CASE_TEMPLATE("an eviction does not touch what is settled nor lose sight of what is not", Kind,
                   BOTH) {
    Fixture<Kind> fixture;
    auto outbox = fixture.open();
    // The first hundred are settled: they go first and need no gap record.
    for (std::uint64_t i = 1; i <= 100; ++i) REQUIRE(outbox->append(one(i, 3000)));
    for (std::uint64_t i = 101; i <= 800; ++i) REQUIRE(outbox->append(one(i, 3000, 100)));
    const auto books = declared(*outbox);
    std::uint64_t stored = 0;
    for (const auto& record : all(*outbox)) stored += stands_for(record);
    CHECK(books.readings + stored == 700 * 10);
}

TEST_CASE_TEMPLATE("positions are those of the last flush that gave one", Kind, BOTH) {
    Fixture<Kind> fixture;
    auto outbox = fixture.open();
    CHECK_FALSE(outbox->position("csv"));
    auto flush = one(1);
    flush.positions = {{"csv", "row 7"}, {"log", "byte 9"}};
    REQUIRE(outbox->append(flush));
    REQUIRE(outbox->append(one(2)));
    flush.positions = {{"csv", "row 8"}};
    REQUIRE(outbox->append(flush));
    CHECK(outbox->position("csv") == "row 8");
    CHECK(outbox->position("log") == "byte 9");
    flush.positions = {{"csv", ""}, {"none", ""}};
    REQUIRE(outbox->append(flush));
    CHECK_FALSE(outbox->position("csv"));
    CHECK_FALSE(outbox->position("none"));
    CHECK(outbox->position("log") == "byte 9");
}

TEST_CASE_TEMPLATE("bytes_after counts the lines that are not settled yet", Kind, BOTH) {
    Fixture<Kind> fixture;
    auto outbox = fixture.open();
    CHECK(outbox->bytes_after(0) == 0);
    for (std::uint64_t i = 1; i <= 5; ++i) REQUIRE(outbox->append(one(i, 200)));
    const auto size = line_of(1, 200).size();
    CHECK(outbox->bytes_after(0) == 5 * size);
    CHECK(outbox->bytes_after(3) == 2 * size);
    CHECK(outbox->bytes_after(5) == 0);
    for (std::uint64_t i = 6; i <= 500; ++i) REQUIRE(outbox->append(one(i, 8000, i - 1)));
    std::uint64_t stored = 0;
    for (const auto& record : all(*outbox)) stored += record.line.size();
    CHECK(outbox->bytes_after(0) == stored);
}

TEST_CASE_TEMPLATE("a fork numbers from 1 what is not stored elsewhere, and says where it was",
                   Kind, BOTH) {
    Fixture<Kind> fixture;
    auto outbox = fixture.open();
    for (std::uint64_t i = 1; i <= 5; ++i) REQUIRE(outbox->append(one(i)));
    const auto old = outbox->extent().incarnation;
    const auto old_hash = outbox->hash_at(4).value();
    REQUIRE(outbox->fork(3));
    const auto extent = outbox->extent();
    CHECK(extent.incarnation != old);
    CHECK(extent.lowest == 1);
    CHECK(extent.head == 2);
    const auto records = all(*outbox);
    REQUIRE(records.size() == 2);
    CHECK(records[0].line ==
          wire::with_origin(line_of(4), {.incarnation = old, .seq = 4, .hash = *old_hash}));
    CHECK(outbox->hash_at(0).value() == wire::Chain{}.start("n", extent.incarnation));
    CHECK(outbox->bytes_after(0) == records[0].line.size() + records[1].line.size());
    check_chain(*outbox);
    REQUIRE(outbox->append(one(6)));
    CHECK(outbox->extent().head == 3);
    check_chain(*outbox);
}

TEST_CASE_TEMPLATE("a fork may find everything stored or nothing", Kind, BOTH) {
    Fixture<Kind> fixture;
    auto outbox = fixture.open();
    for (std::uint64_t i = 1; i <= 400; ++i) REQUIRE(outbox->append(one(i, 8000, i - 1)));
    const auto lowest = outbox->extent().lowest;
    REQUIRE(lowest > 1);
    REQUIRE(outbox->fork(0));
    CHECK(outbox->extent().head == 401 - lowest);
    check_chain(*outbox);
    REQUIRE(outbox->fork(outbox->extent().head));
    CHECK(outbox->extent().head == 0);
    CHECK(outbox->extent().lowest == 1);
    REQUIRE(outbox->append(one(1)));
    CHECK(outbox->extent().head == 1);
    check_chain(*outbox);
}

TEST_CASE_TEMPLATE("a fork of a full outbox works, and the quota holds again afterwards", Kind,
                   BOTH) {
    Fixture<Kind> fixture;
    auto outbox = fixture.open();
    for (std::uint64_t i = 1; i <= 7000; ++i) REQUIRE(outbox->append(one(i, 150)));
    REQUIRE(outbox->fork(0));
    check_chain(*outbox);
    for (std::uint64_t i = 1; i <= 20; ++i) REQUIRE(outbox->append(one(i, 150)));
    CHECK(outbox->extent().bytes <= kQuota);
    check_chain(*outbox);
}
