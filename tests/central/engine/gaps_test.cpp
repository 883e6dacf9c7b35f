// Goal: a gap is taken as its node declared it, or refused with the reason.

#include <doctest/doctest.h>

#include "central/engine/feed.hpp"

using namespace engine_test;

namespace {

std::string gap(std::uint64_t from, std::uint64_t to, std::uint64_t readings,
                const std::optional<wire::Origin>& origin) {
    return wire::encode_record({.body = wire::Gap{.from = from,
                                                  .to = to,
                                                  .readings = readings,
                                                  .first = at(0),
                                                  .last = at(5'000),
                                                  .reason = wire::GapReason::evicted},
                                .origin = origin});
}

}  // namespace

TEST_CASE("a node's gap record becomes a gap with its times and readings") {
    Feed feed;
    feed.seq = 9;
    feed.accept(wire::encode_record({.body = wire::Gap{.from = 3,
                                                       .to = 9,
                                                       .readings = 70,
                                                       .first = at(0),
                                                       .last = at(5'000),
                                                       .reason = wire::GapReason::thinned},
                                     .origin = {}}));
    feed.commit();
    REQUIRE(feed.memory.gaps.size() == 1);
    CHECK(feed.memory.gaps[0].reason == "thinned");
    CHECK(feed.memory.gaps[0].readings == 70);
    CHECK(feed.memory.nodes.at("attic").lost_records == 0);
}

TEST_CASE("nothing is missing after a gap was declared") {
    Feed feed;
    feed.seq = 9;
    const auto declare = [&](std::int64_t first, std::int64_t last) {
        feed.accept(wire::encode_record({.body = wire::Gap{.from = 3,
                                                           .to = 9,
                                                           .readings = 1,
                                                           .first = at(first),
                                                           .last = at(last),
                                                           .reason = wire::GapReason::corrupt},
                                         .origin = {}}));
        feed.commit();
        return feed.memory.gaps.back().last_at;
    };
    const std::int64_t years = 10 * 365 * std::int64_t{86'400'000};
    CHECK(declare(0, years) == at(3'600'000) + 5min);  // When it arrived, and a little more.
    CHECK(declare(0, 3'000'000) == at(3'000'000));
    CHECK_FALSE(declare(years, years + 1));  // Of a wrong clock: nothing says when it was.
}

TEST_CASE("a gap record that cannot be true goes into quarantine with the reason") {
    struct Case {
        const char* name;
        std::uint64_t to;
        std::uint64_t readings;
        const char* reason;
    };
    for (const auto& c :
         {Case{"just before its own record", 9, 7 * 600, ""},
          Case{"its own record", 10, 1, "reaches its own record"},
          Case{"the far future", wire::kSequenceMax, 1, "reaches its own record"},
          Case{"partials among its records", 9, 7 * 600 + 1, ""},
          Case{"partials of all that can be", 9, 7 * 600 * 1'000'000'000ULL - 1, ""},
          Case{"one reading too many", 9, 7 * 600 * 1'000'000'000ULL, "more readings"},
          Case{"readings without end", 9, wire::kSequenceMax, "more readings"}}) {
        CAPTURE(c.name);
        Feed feed;
        feed.seq = 9;
        const std::string reason{c.reason};
        const auto outcome = feed.accept(gap(3, c.to, c.readings, {}));
        CHECK(outcome.refused.has_value() == !reason.empty());
        const auto changes = feed.engine.take_changes();
        CHECK(changes.gaps.size() == (reason.empty() ? 1 : 0));
        REQUIRE(changes.quarantined.size() == (reason.empty() ? 0 : 1));
        if (reason.empty()) continue;
        CHECK(changes.quarantined[0].reason.find("out_of_range") != std::string::npos);
        CHECK(changes.quarantined[0].reason.find(reason) != std::string::npos);
    }
}

TEST_CASE("a gap record from before a fork counts under its old numbers") {
    Feed feed;
    const wire::Origin origin{.incarnation = {7}, .seq = 10, .hash = {}};
    CHECK_FALSE(feed.accept(gap(3, 9, 1, origin)).refused);  // The first record after the fork.
    const auto changes = feed.engine.take_changes();
    REQUIRE(changes.gaps.size() == 1);
    CHECK(changes.gaps[0].incarnation == origin.incarnation);
    feed.seq = 100;
    CHECK(feed.accept(gap(3, 10, 1, origin)).refused);
}

TEST_CASE("a gap record in the place of a damaged one declares that one and none after it") {
    const wire::Origin origin{.incarnation = {7}, .seq = 10, .hash = {}};
    for (const std::uint64_t to : {10U, 11U}) {
        Feed feed;
        const wire::Gap damaged{.from = 10,
                                .to = to,
                                .readings = 600,
                                .first = at(0),
                                .last = at(5'000),
                                .reason = wire::GapReason::corrupt};
        const auto line = wire::encode_record({.body = damaged, .origin = origin});
        CHECK(feed.accept(line).refused.has_value() == (to == 11));
        CHECK(feed.engine.take_changes().gaps.size() == (to == 10 ? 1 : 0));
        CHECK(feed.accept(wire::encode_record({.body = damaged, .origin = {}})).refused);
    }
}
