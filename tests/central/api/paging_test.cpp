#include "central/api/common/paging.hpp"

#include <doctest/doctest.h>

#include "base/json.hpp"
#include "central/api/router.hpp"
#include "central/api/scripted_query.hpp"
#include "support/manual_clock.hpp"

namespace {

struct World {
    support::ManualClock clock{kNoon};
    ScriptedQuery query;
    views::NodePresences presences;
    api::Health health;
    base::Counters counters;
    live::EventLog events{"e1"};
    api::Router router{{.query = query,
                        .presences = presences,
                        .health = health,
                        .counters = counters,
                        .clock = clock,
                        .events = events,
                        .assets = {}},
                       {}};

    base::Json get(const std::string& target) {
        const auto response = router.answer({.method = "GET",
                                             .target = target,
                                             .host = "localhost",
                                             .local_address = "127.0.0.1",
                                             .if_none_match = {},
                                             .last_event_id = {}});
        auto json =
            base::parse_json(response.body, {.bytes_max = 1'000'000, .values_max = 100'000});
        REQUIRE(json);
        return std::move(json).value();
    }
};

}  // namespace

TEST_CASE("the node list comes in pages, of what was stored and of what has only a status") {
    World world;
    for (const char* node : {"b", "d", "f"}) {
        world.query.node_rows.push_back(node_row(node, kNoon));
        world.query.series_rows.push_back(series_row(node, "a.b", kNoon, kNoon));
    }
    for (const char* node : {"a", "c", "d", "e"}) world.presences[node] = {};
    std::string names;
    std::string target = "/api/v1/nodes?limit=2";
    for (int pages = 1;; ++pages) {
        world.query.series_asked.clear();
        const auto json = world.get(target);
        for (const auto& item : json.find("items")->array) names += item.find("node")->string;
        CHECK(json.find("items")->array.size() <= 2);
        // The series of the page's nodes alone.
        CHECK(world.query.series_asked.size() == json.find("items")->array.size());
        const auto* next = json.find("next");
        if (!next->is_string()) {
            CHECK(pages == 3);
            break;
        }
        target = "/api/v1/nodes?limit=2&after=" + next->string;
    }
    CHECK(names == "abcdef");
}

TEST_CASE("a page of nodes never has more items than its limit, and names the next one") {
    const std::string all = "abcdef";
    // Which nodes are stored; of the others, and of d, there is only a status.
    for (const std::string stored : {"", "abcdef", "bdf", "abc", "def", "a", "f"}) {
        World world;
        for (const char node : all) {
            const std::string name{node};
            const bool is_stored = stored.find(node) != std::string::npos;
            if (is_stored) world.query.node_rows.push_back(node_row(name, kNoon));
            if (!is_stored || node == 'd') world.presences[name] = {};
        }
        for (std::size_t limit = 1; limit <= all.size() + 1; ++limit) {
            for (std::size_t from = 0; from <= all.size(); ++from) {
                const auto after = from == 0 ? std::string{} : std::string{all[from - 1]};
                CAPTURE(stored);
                CAPTURE(limit);
                CAPTURE(after);
                const auto json =
                    world.get("/api/v1/nodes?limit=" + std::to_string(limit) + "&after=" + after);
                std::string names;
                for (const auto& item : json.find("items")->array) {
                    names += item.find("node")->string;
                }
                CHECK(names == all.substr(from, limit));
                const auto* next = json.find("next");
                const bool more = from + limit < all.size();
                CHECK(next->is_string() == more);
                if (more) CHECK(next->string == names.substr(limit - 1));
            }
        }
    }
}

TEST_CASE("the series list comes in pages, and without a limit 200 at a time") {
    World world;
    for (int i = 1000; i < 1401; ++i) {
        world.query.series_rows.push_back(
            series_row("attic", "s" + std::to_string(i) + ".b", kNoon, kNoon));
    }
    for (const std::string own : {"", "node=attic&"}) {
        std::size_t seen = 0;
        std::string after;
        for (const std::size_t size : {200U, 200U, 1U}) {
            const auto json = world.get("/api/v1/series?" + own + "after=" + after);
            REQUIRE(json.find("items")->array.size() == size);
            seen += size;
            if (size == 1) {
                CHECK(json.find("next")->kind == base::Json::Kind::null);
                continue;
            }
            after = json.find("next")->string;
            CHECK(after == "attic/s" + std::to_string(999 + seen) + ".b");
        }
    }
}
