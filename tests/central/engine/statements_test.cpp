// Goal: what a node says of where its series are comes out with the time from which it holds.

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "central/dimensions/history.hpp"
#include "central/engine/feed.hpp"

using namespace engine_test;
using dimensions::Statement;

namespace {

std::string declared(const std::string& series, const wire::Situation& situation,
                     const std::string& unit = "Cel") {
    return wire::encode_record({.body = wire::SeriesDeclaration{.series = series,
                                                                .quantity = "temperature",
                                                                .unit = unit,
                                                                .driver = "dht11",
                                                                .least = {},
                                                                .most = {},
                                                                .resolution = {},
                                                                .period = {},
                                                                .situation = situation},
                                .origin = {}});
}

wire::Situation synced(std::int64_t ms, const std::string& location) {
    return {.at = at(ms), .boot = {}, .location = location, .tags = {"x"}};
}

wire::Situation since_boot(std::int64_t ms, const std::string& location) {
    return {.at = base::from_milliseconds(ms),
            .clock = wire::ClockState::boot,
            .boot = "b",
            .location = location,
            .tags = {}};
}

std::string clock_record(std::int64_t since, std::int64_t utc) {
    return wire::encode_record(
        {.body =
             wire::ClockSample{
                 .boot = "b", .since_boot = base::Duration{since}, .utc = at(utc), .error = 10ms},
         .origin = {}});
}

/// Commits, and gives the statements in it.
std::vector<Statement> taken(Feed& feed) {
    auto changes = feed.engine.take_changes();
    auto statements = changes.statements;
    feed.memory.commit(std::move(changes));
    return statements;
}

}  // namespace

TEST_SUITE("engine/statements") {
    TEST_CASE("a declaration says where its series is from its time on, and comes out once") {
        Feed feed;
        feed.accept(declared("a.b", synced(60'000, "/house/attic")));
        const auto statements = taken(feed);
        REQUIRE(statements.size() == 1);
        CHECK(statements[0] == Statement{.node = "attic",
                                         .series = "a.b",
                                         .is_imported = false,
                                         .from = at(60'000),
                                         .to = {},
                                         .location = "/house/attic",
                                         .tags = std::vector<std::string>{"x"}});
        CHECK(taken(feed).empty());
        const auto& row = feed.memory.all_series.at({"attic", "a.b"});
        CHECK(row.declared.unit == "Cel");
        CHECK_FALSE(row.declared.situation);
    }

    TEST_CASE("an older node says nothing of it") {
        Feed feed;
        feed.accept(declaration("a.b"));
        CHECK(taken(feed).empty());
        CHECK(feed.memory.all_series.at({"attic", "a.b"}).declared.unit == "Cel");
    }

    TEST_CASE("a node that knows no place says that, too") {
        Feed feed;
        feed.accept(declared("a.b", synced(0, "")));
        const auto statements = taken(feed);
        REQUIRE(statements.size() == 1);
        CHECK(statements[0].location == "");
    }

    TEST_CASE("a clock that is ahead speaks from its arrival on") {
        Feed feed;
        feed.accept(declared("a.b", synced(10'000'000'000, "/a")), "attic", at(3'600'000));
        CHECK(taken(feed).at(0).from == at(3'600'000));
    }

    TEST_CASE("without a clock the place waits, and everything else of the declaration counts") {
        Feed feed;
        CHECK(feed.accept(declared("a.b", since_boot(5'000, "/a"))).waiting == 1);
        CHECK(taken(feed).empty());
        CHECK(feed.memory.all_series.at({"attic", "a.b"}).declared.unit == "Cel");
        feed.accept(declared("a.b", synced(200'000, "/b"), "K"));  // A later start.
        feed.accept(clock_record(65'000, 120'000));
        CHECK(taken(feed).size() == 1);
        const auto placed = feed.engine.place(10, 1'000);
        REQUIRE(placed);
        REQUIRE(placed.value().size() == 1);
        CHECK(placed.value()[0].outcome.placed == 1);
        const auto statements = taken(feed);
        REQUIRE(statements.size() == 1);
        CHECK(statements[0].from == at(60'000));
        CHECK(statements[0].location == "/a");
        CHECK(feed.memory.unplaced.empty());
        // What was declared since is newer.
        CHECK(feed.memory.all_series.at({"attic", "a.b"}).declared.unit == "K");
    }

    TEST_CASE("of a boot that is known the place counts at once") {
        Feed feed;
        feed.accept(clock_record(65'000, 120'000));
        CHECK(feed.accept(declared("a.b", since_boot(5'000, "/a"))).waiting == 0);
        CHECK(taken(feed).at(0).from == at(60'000));
    }

    TEST_CASE("what a series limit refused is said once the limit is raised") {
        Feed feed{{.spans = {1min, 1h}, .series_per_node_max = 1}};
        feed.accept(declared("a.b", synced(0, "/a")));
        CHECK(feed.accept(declared("c.d", synced(0, "/c"))).refused ==
              engine::RefusalKind::series_limit);
        CHECK(taken(feed).size() == 1);
        engine::Engine raised{{.spans = {1min, 1h}}, feed.memory};
        REQUIRE(raised.retake(10, 1'000));
        const auto changes = raised.take_changes();
        REQUIRE(changes.statements.size() == 1);
        CHECK(changes.statements[0].series == "c.d");
        CHECK(changes.statements[0].from == at(0));
        CHECK(changes.retaken.size() == 1);
    }

    TEST_CASE("a failed step says nothing, and its repetition says it once") {
        Feed feed;
        feed.accept(declared("a.b", synced(0, "/a")));
        CHECK(feed.engine.pending() > 0);
        feed.engine.forget();
        CHECK(feed.engine.take_changes().statements.empty());
        feed.accept(declared("a.b", synced(0, "/a")));
        CHECK(taken(feed).size() == 1);
    }

    TEST_CASE("records in any order, and a node that was away a month, tell one history") {
        std::vector<std::string> lines;
        constexpr std::int64_t kDay = 86'400'000;
        for (const std::int64_t day : {0, 3, 4, 10, 29}) {
            lines.push_back(declared("a.b", synced(day * kDay, day < 4 ? "/old" : "/new")));
        }
        lines.push_back(declared("a.b", since_boot(5'000, "/between")));
        lines.push_back(clock_record(5'000, 12 * kDay));
        std::sort(lines.begin(), lines.end());
        std::optional<dimensions::History> first;
        std::size_t orders = 0;
        do {
            Feed feed;
            std::vector<Statement> all;
            const auto gather = [&] {
                for (const auto& one : taken(feed)) all.push_back(one);
            };
            for (const auto& line : lines) {
                feed.accept(line, "attic", at(30 * kDay));
                gather();
                REQUIRE(feed.engine.place(10, 1'000));
                gather();
            }
            const auto history = dimensions::history_of(all);
            if (!first) first = history;
            REQUIRE(history == *first);
            ++orders;
        } while (std::next_permutation(lines.begin(), lines.end()));
        CHECK(orders == 5'040);
        REQUIRE(first->stays.size() == 4);
        CHECK(first->stays[1].from == at(4 * kDay));
        CHECK(first->stays[2].location == "/between");
        CHECK(first->stays[2].from == at(12 * kDay));
    }
}
