#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "central/engine/feed.hpp"

using namespace engine_test;
using engine::RefusalKind;

namespace {

struct RefusalCase {
    const char* name;
    std::string line;
    RefusalKind kind;
};

wire::Summary wrong_summary() {
    auto summary = wire::Summary::of(1);
    summary.first = 2;
    return summary;
}

/// A thousand readings between 1 and 2, and what their sum is said to be.
wire::Summary with_sum(double sum) {
    return {.count = 1'000, .sum = sum, .sumsq = 3'000, .min = 1, .max = 2, .first = 1, .last = 2};
}

const std::vector<RefusalCase> kRefused{
    {"no JSON", "{\"k\":", RefusalKind::malformed},
    {"an unknown kind", R"({"k":"poem"})", RefusalKind::malformed},
    {"an empty line", "", RefusalKind::malformed},
    {"a clock record from the future",
     R"({"k":"clock","boot":"b","bt":5,"utc":4763630093000,"error":12})",
     RefusalKind::out_of_range},
    {"a value that overflows its square", readings("a.b", {{0, 1e200}}), RefusalKind::out_of_range},
    {"a partial whose first is not between min and max",
     data({partial("a.b", 1min, {{0, wrong_summary()}})}), RefusalKind::out_of_range},
    {"a partial whose sum is too large for its readings",
     data({partial("a.b", 1min, {{0, with_sum(2'000.01)}})}), RefusalKind::out_of_range},
    {"a partial whose sum is too small for its readings",
     data({partial("a.b", 1min, {{0, with_sum(999.99)}})}), RefusalKind::out_of_range},
    {"a partial that fits nowhere", data({partial("a.b", 7s, {{0, wire::Summary::of(1)}})}),
     RefusalKind::unmergeable},
};

}  // namespace

TEST_CASE("what cannot be counted goes into quarantine, whole, with a reason") {
    for (const auto& c : kRefused) {
        CAPTURE(std::string{c.name});
        Feed feed;
        const auto outcome = feed.accept(c.line);
        feed.commit();
        CHECK(outcome.refused == c.kind);
        CHECK(outcome.readings == 0);
        CHECK(feed.memory.windows.empty());
        REQUIRE(feed.memory.quarantined.size() == 1);
        const auto& kept = feed.memory.quarantined[0];
        CHECK(kept.line == c.line);
        CHECK(kept.seq == 1);
        CHECK(kept.node == "attic");
        CHECK(kept.reason.starts_with(std::string{engine::to_text(c.kind)} + ": "));
        CHECK(feed.memory.nodes.at("attic").applied.seq == 1);
    }
}

TEST_CASE("a sum at the edge of what is possible is rounding, and counts") {
    for (const double sum : {1'000.0, 1'999.999, 2'000.000001, 999.999999}) {
        CAPTURE(sum);
        Feed feed;
        CHECK_FALSE(feed.accept(data({partial("a.b", 1min, {{0, with_sum(sum)}})})).refused);
    }
}

TEST_CASE("columns that cannot be counted do not keep the others from it") {
    Feed feed;
    const auto outcome = feed.accept(data({raw("a.b", {{0, 1}}), raw("a.c", {{0, 1e200}}),
                                           partial("a.d", 7s, {{0, wire::Summary::of(1)}})}));
    feed.commit();
    CHECK(outcome.readings == 1);
    CHECK(outcome.refused == RefusalKind::out_of_range);
    REQUIRE(feed.memory.quarantined.size() == 1);
    CHECK(feed.memory.quarantined[0].reason.find("a.c: ") != std::string::npos);
    CHECK(feed.memory.quarantined[0].reason.find("a.d: ") != std::string::npos);
    CHECK(feed.memory.quarantined[0].reason.find("a.b: ") == std::string::npos);
    CHECK(feed.memory.windows.size() == 2);
}

TEST_CASE("a node's series beyond the limit are quarantined, those within it counted for ever") {
    engine::EngineOptions options;
    options.series_per_node_max = 2;
    Feed feed{options};
    CHECK_FALSE(feed.accept(readings("a.b", {{0, 1}})).refused);
    CHECK_FALSE(feed.accept(declaration("a.c")).refused);
    CHECK(feed.accept(readings("a.d", {{0, 1}})).refused == RefusalKind::series_limit);
    CHECK(feed.accept(declaration("a.e")).refused == RefusalKind::series_limit);
    CHECK_FALSE(feed.accept(readings("a.d", {{0, 1}}), "cellar").refused);
    feed.commit();
    feed.engine.forget();
    CHECK(feed.accept(readings("a.d", {{0, 1}})).refused == RefusalKind::series_limit);
    CHECK_FALSE(feed.accept(readings("a.c", {{0, 1}})).refused);
}

TEST_CASE("rows beyond the limit are read again from the memory and nothing changes") {
    engine::EngineOptions small{.spans = {1min, 1h}};
    small.rows_max = 3;
    small.nodes_max = 1;
    Feed tight{small};
    Feed roomy;
    for (int round = 0; round < 3; ++round) {
        for (std::int64_t minute = 0; minute < 10; ++minute) {
            for (auto* feed : {&tight, &roomy}) {
                feed->accept(readings("a.b", {{minute * 60'000 + round, 1.0 * round}}));
                feed->accept(readings("a.b", {{minute * 60'000 + round, 2.0 * round}}), "cellar");
                feed->commit();
            }
        }
    }
    CHECK(tight.memory.windows == roomy.memory.windows);
    CHECK(tight.memory.reads > roomy.memory.reads);
}

TEST_CASE("nodes beyond the limit are dropped at the commit and read again") {
    engine::EngineOptions small;
    small.nodes_max = 1;
    Feed feed{small};
    feed.accept(readings("a.b", {{0, 1}}));
    feed.commit();
    CHECK(feed.engine.watermark("attic"));
    feed.accept(readings("a.b", {{0, 1}}), "cellar");
    feed.commit();
    CHECK_FALSE(feed.engine.watermark("attic"));
    feed.accept(readings("a.b", {{70'000, 1}}));
    CHECK(feed.engine.watermark("attic") == at(60'000));
    feed.commit();
    CHECK(feed.memory.all_series.at({"attic", "a.b"}).readings == 2);
}

TEST_CASE("changed rows are never dropped, however many there are") {
    engine::EngineOptions small{.spans = {1min, 1h}};
    small.rows_max = 2;
    Feed feed{small};
    Points points;
    for (std::int64_t minute = 0; minute < 50; ++minute) points.emplace_back(minute * 60'000, 1);
    feed.accept(readings("a.b", points));
    CHECK(feed.engine.pending() == 51);
    feed.commit();
    CHECK(feed.memory.windows.size() == 51);
    CHECK(feed.engine.pending() == 0);
}

TEST_CASE("an error of the memory is passed on") {
    Feed feed;
    feed.memory.failure = base::Error{base::Fault::transient, "away"};
    const auto line = readings("a.b", {{0, 1}});
    const auto outcome = feed.engine.apply({.node = "attic",
                                            .incarnation = {1},
                                            .mark = {.seq = 1, .hash = {}},
                                            .received = at(0),
                                            .line = line},
                                           wire::decode_record(line));
    CHECK_FALSE(outcome);
}

TEST_CASE("window lengths that do not divide one another are refused") {
    engine::EngineOptions options;
    options.spans = {1min, 90s};
    CHECK_FALSE(engine::check(options));
    options.spans = {1h, 1min};
    CHECK_FALSE(engine::check(options));
    options.spans = {};
    CHECK_FALSE(engine::check(options));
    options.spans = {10s, 1min, 24h};
    CHECK(engine::check(options));
}
