// Goal: whenever the power fails, no committed record is lost, no number is given twice, and the
// database opens. Method: the real SQLite outbox, kept small so that it deletes, thins and evicts
// all the time, on a disk that keeps what was synced, and any subset of the sectors written since,
// one of them torn. The power fails after the first write or sync, then after the second, and so
// on, openings included, until a round of work ends before the cut; then the next round begins on
// the same disk. The chain of hashes that append() had returned with must survive. Reproduce:
// SEED=<printed number> build/tests/power_cut_test; for more cuts: CUTS=<how many>.

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <cstdlib>
#include <iostream>
#include <map>

#include "base/log.hpp"
#include "delivery/outbox/sqlite_outbox.hpp"
#include "simulation/power_cut_vfs.hpp"
#include "wire/chain.hpp"
#include "wire/record.hpp"

namespace {

using delivery::Flush;
using delivery::SqliteOutbox;

constexpr int kAppendsARound = 24;
constexpr std::uint64_t kOperationsMax = 100'000;  // A round that takes more is a bug.

std::uint64_t from_environment(const char* name, std::uint64_t fallback) {
    const char* text = std::getenv(name);
    return text == nullptr ? fallback : std::strtoull(text, nullptr, 10);
}

/// What the last append() that returned had promised.
struct Committed {
    wire::Incarnation incarnation;
    std::uint64_t head = 0;
    wire::ChainHash hash;
    std::string position;
};

class Card {
  public:
    explicit Card(std::uint64_t seed) : random_(seed), disk_(random_) {}

    /// One round of work in which the power fails after this many operations; false if it did not.
    bool work(std::uint64_t operations) {
        disk_.cut_after(operations);
        auto outbox = open();
        for (int i = 0; outbox && i < kAppendsARound; ++i) {
            if (!append(*outbox)) break;
        }
        const bool was_cut = disk_.is_cut();
        outbox.reset();
        disk_.restore();
        verify();
        return was_cut;
    }

    std::uint64_t thinned() const { return thinned_; }
    std::uint64_t evicted() const { return evicted_; }
    std::uint64_t survived_in_doubt() const { return survived_in_doubt_; }
    std::uint64_t sectors_lost() const { return disk_.sectors_lost(); }
    std::uint64_t head() const { return committed_.head; }

  private:
    std::unique_ptr<SqliteOutbox> open() {
        delivery::SqliteOutboxOptions options;
        options.path = "/outbox.db";
        options.node = "node";
        options.quota = SqliteOutbox::kQuotaMin;
        options.vfs = disk_.vfs_name();
        options.new_incarnation = [this] { return random_.next(); };
        auto opened = SqliteOutbox::open(options);
        if (opened) return std::move(opened).value();
        // Without a cut it opens, whatever happened before.
        CHECK_MESSAGE(disk_.is_cut(), opened.error().detail);
        return nullptr;
    }

    bool append(SqliteOutbox& outbox) {
        // Some records are sent, and some of those are applied.
        const auto extent = outbox.extent();
        if (random_.chance(1, 200) && !outbox.reserve(extent.head)) return false;
        auto flush = some_flush();
        if (random_.chance(1, 20)) flush.settled = extent.lowest + random_.below(20);
        if (!outbox.append(flush)) return false;
        const auto after = outbox.extent();
        thinned_ += after.thinned - extent.thinned;
        evicted_ += after.evicted - extent.evicted;
        remember(outbox, flush.positions.at("file"));
        return true;
    }

    void remember(const SqliteOutbox& outbox, const std::string& position) {
        const auto extent = outbox.extent();
        const auto hash = outbox.hash_at(extent.head);
        if (!hash) return;  // The power has failed: the last promise of append() counts.
        committed_ = {.incarnation = extent.incarnation,
                      .head = extent.head,
                      .hash = hash.value().value_or(wire::ChainHash{}),
                      .position = position};
    }

    Flush some_flush() {
        Flush flush;
        const auto lines = 1 + random_.below(3);
        for (std::uint64_t i = 0; i < lines; ++i) {
            wire::RawColumn column;
            const auto readings = 1 + random_.below(60);
            for (std::uint64_t j = 0; j < readings; ++j) {
                column.dt_ms.push_back(static_cast<std::int64_t>(j * 1'000));
                column.values.push_back(static_cast<double>(random_.below(10'000)) / 100);
            }
            const auto last_ms = time_ms_ + static_cast<std::int64_t>(readings - 1) * 1'000;
            flush.contents.push_back(
                {.readings = readings, .first_ms = time_ms_, .last_ms = last_ms});
            flush.lines.push_back(
                wire::encode_record({.body = wire::Data{.at = base::from_milliseconds(time_ms_),
                                                        .clock = wire::ClockState::synced,
                                                        .boot = {},
                                                        .columns = {{.series = "room.temperature",
                                                                     .points = std::move(column)}}},
                                     .origin = {}}));
            time_ms_ = last_ms + 1'000;
        }
        flush.positions["file"] = std::to_string(++position_);
        return flush;
    }

    /// With the power back, everything that append() had promised is there, and beyond that a whole
    /// flush or nothing.
    void verify() {
        const auto outbox = open();
        REQUIRE(outbox);
        const auto extent = outbox->extent();
        CHECK(extent.damaged == 0);
        if (committed_.head > 0) {
            CHECK(extent.incarnation == committed_.incarnation);
            CHECK(extent.head >= committed_.head);
            if (extent.head == committed_.head) {
                CHECK(outbox->hash_at(extent.head).value() == committed_.hash);
                CHECK(outbox->position("file") == committed_.position);
            } else {
                ++survived_in_doubt_;
                const auto known = outbox->hash_at(committed_.head);
                // It may be gone if the flush in doubt needed its room.
                if (known && known.value()) CHECK(*known.value() == committed_.hash);
            }
        }
        verify_chain(*outbox, extent);
        remember(*outbox, outbox->position("file").value_or(""));
    }

    /// Every stored record follows from the one before it; only the hole is missing.
    void verify_chain(const SqliteOutbox& outbox, const delivery::Extent& extent) {
        wire::Chain chain;
        auto seq = extent.lowest - 1;
        auto hash = outbox.hash_at(seq).value().value();
        while (seq < extent.head) {
            if (extent.hole && seq == extent.hole->after) {
                seq = extent.hole->upto;
                hash = outbox.hash_at(seq).value().value();
            }
            const auto records = outbox.read(seq, 1'000, 1'000'000);
            REQUIRE(records);
            REQUIRE(!records.value().empty());
            for (const auto& record : records.value()) {
                REQUIRE(record.seq == seq + 1);
                hash = chain.next(hash, record.seq, record.line);
                REQUIRE(record.hash == hash);
                seq = record.seq;
            }
        }
        CHECK(seq == extent.head);
    }

    base::Random random_;
    simulation::PowerCutDisk disk_;
    Committed committed_;
    std::int64_t time_ms_ = 1'763'630'000'000;
    std::uint64_t position_ = 0;
    std::uint64_t thinned_ = 0;
    std::uint64_t evicted_ = 0;
    std::uint64_t survived_in_doubt_ = 0;
};

}  // namespace

TEST_CASE("whenever the power goes, no committed record is lost and no number is given twice") {
    base::set_log_level(base::LogLevel::error);
    const auto seed = from_environment("SEED", 1);
    const auto cuts_wanted = from_environment("CUTS", 10'000);
    CAPTURE(seed);
    Card card{seed};
    std::uint64_t cuts = 0;
    std::uint64_t rounds = 0;
    while (cuts < cuts_wanted) {
        for (std::uint64_t operations = 0; card.work(operations); ++operations) {
            REQUIRE(operations < kOperationsMax);
            ++cuts;
        }
        ++rounds;
    }
    std::cout << fmt::format(
        "seed {}: {} power cuts in {} rounds, head {}; {} records thinned, {} evicted; {} flushes "
        "in doubt were there, {} sectors lost\n",
        seed, cuts, rounds, card.head(), card.thinned(), card.evicted(), card.survived_in_doubt(),
        card.sectors_lost());
    CHECK(card.thinned() > 0);
    CHECK(card.survived_in_doubt() > 0);
    CHECK(card.sectors_lost() > 0);
}

TEST_CASE("a doubtful flush that was stored is not stored again, even if it was sent meanwhile") {
    base::set_log_level(base::LogLevel::error);
    std::uint64_t survived = 0;
    for (std::uint64_t seed = 1; seed <= 200; ++seed) {
        CAPTURE(seed);
        base::Random random{seed};
        simulation::PowerCutDisk disk{random};
        delivery::SqliteOutboxOptions options;
        options.path = "/outbox.db";
        options.node = "node";
        options.vfs = disk.vfs_name();
        auto outbox = std::move(SqliteOutbox::open(options)).value();
        const Flush flush{.lines = {R"({"k":"x"})"}, .contents = {{}}, .positions = {}};
        disk.cut_after(seed % 6);
        if (outbox->append(flush)) continue;
        CHECK(!outbox->reserve(1));  // Lets go of the file: the disk is away.
        disk.restore();
        const auto there = outbox->read(0, 10, 1000);
        REQUIRE(there);
        if (there.value().empty()) continue;
        ++survived;
        REQUIRE(outbox->reserve(1));
        REQUIRE(outbox->append(flush));
        CHECK(outbox->extent().head == 1);
    }
    CHECK(survived > 0);
}

TEST_CASE("the same test fails on a disk that lies about its syncs") {
    base::set_log_level(base::LogLevel::error);
    base::Random random{7};
    simulation::PowerCutDisk disk{random};
    delivery::SqliteOutboxOptions options;
    options.path = "/outbox.db";
    options.node = "node";
    options.vfs = disk.vfs_name();
    auto opened = SqliteOutbox::open(options);
    REQUIRE(opened);
    auto outbox = std::move(opened).value();
    Flush flush;
    flush.lines = {R"({"k":"clock","boot":"0f6c1d7e","bt":93000,"utc":1763630093000,"error":12})"};
    flush.contents = {{}};
    REQUIRE(outbox->append(flush));
    disk.lie_about_syncs(true);
    for (int i = 0; i < 50; ++i) REQUIRE(outbox->append(flush));
    const auto head = outbox->extent().head;
    outbox.reset();
    disk.cut();
    disk.restore();
    disk.lie_about_syncs(false);
    const auto again = SqliteOutbox::open(options);
    const bool kept_all = again && again.value()->extent().head == head;
    CHECK(!kept_all);
}
