// Goal: a group is asked for as it is written, and answered with what was merged or refused.

#include <doctest/doctest.h>

#include "central/api/api_world.hpp"

using namespace api_test;

namespace {

sinks::GroupWindow window_of(double value, std::uint64_t series) {
    sinks::GroupWindow window{.row = {}, .series = series};
    engine::Run run{.first_at = kNoon, .last_at = kNoon, .summary = {}};
    run.summary.add(value);
    run.summary.add(value + 1);
    run.sketch.emplace();
    run.sketch->add(value);
    run.sketch->add(value + 1);
    window.row.merge(run);
    return window;
}

const std::string kAsked = "/api/v1/windows?quantity=temperature&span=1h&from=-6h&group=";

}  // namespace

TEST_CASE("a group is answered in columns, without windows that have no row") {
    World world;
    world.query.grouped.units = {"Cel"};
    world.query.grouped.windows[kNoon - 2h] = window_of(20, 2);
    world.query.grouped.windows[kNoon] = {.row = {}, .series = 1};
    world.query.grouped.windows[kNoon].row.failed = 3;
    const auto response = world.get(kAsked + "location:/house/attic&quantiles=p0,p100");
    CHECK(response.status == 200);
    CHECK(response.body ==
          R"({"group":"location:/house/attic","quantity":"temperature","unit":"Cel",)"
          R"("from":1763618760000,"to":1763640360000,"window_ms":3600000,"kept_from":null,)"
          R"("t":[1763632800000,1763640000000],"series":[2,1],"count":[2,0],"failed":[0,3],)"
          R"("min":[20,null],"max":[21,null],"mean":[20.5,null],"p0":[20,null],"p100":[21,null]})");
    REQUIRE(world.query.groups_asked.size() == 1);
    const auto& asked = world.query.groups_asked[0];
    CHECK(asked.location == "/house/attic");
    CHECK(asked.tag.empty());
    CHECK(asked.quantity == "temperature");
    CHECK(asked.span == 1h);
    CHECK(asked.to == kNoon + 6min);
    CHECK(asked.with_sketches);
}

TEST_CASE("a group is of a location, of a tag, or of all") {
    World world;
    for (const auto* good : {"tag:TI-4711", "location:unknown", "all"}) {
        CAPTURE(good);
        CHECK(parsed(world.get(kAsked + good)).find("unit")->kind == base::Json::Kind::null);
    }
    CHECK(world.query.groups_asked.at(0).tag == "TI-4711");
    CHECK(world.query.groups_asked.at(1).location == "unknown");
    CHECK(world.query.groups_asked.at(2).location.empty());
    for (const auto* bad : {"", "location:", "location:attic", "tag:", "tag:a%20b", "/house",
                            "location:/a%27b", "tags:x"}) {
        CAPTURE(bad);
        const auto refused = world.get(kAsked + bad);
        CHECK(refused.status == 400);
        CHECK(refused.body.find(R"("parameter":"group")") != std::string::npos);
    }
    CHECK(world.query.groups_asked.size() == 3);
}

TEST_CASE("a group that cannot be answered is refused with its reason") {
    World world;
    struct Row {
        const char* query;
        const char* reason;
        int status;
    };
    const std::vector<Row> rows{
        {"group=all&span=1h", R"("parameter":"quantity")", 400},
        {"group=all&quantity=temperature", R"("parameter":"span")", 400},
        {"group=all&quantity=x&span=1h&series=a/b.c", R"("parameter":"series")", 400},
        {"group=all&quantity=x&span=1h&points=5", R"("parameter":"points")", 400},
        {"group=all&quantity=x&span=1m&from=-30d", "range-too-wide", 422},
    };
    for (const auto& row : rows) {
        CAPTURE(row.query);
        const auto refused = world.get(std::string{"/api/v1/windows?"} + row.query);
        CHECK(refused.status == row.status);
        CHECK(refused.body.find(row.reason) != std::string::npos);
    }
    world.query.grouped.units = {"Cel", "K"};
    const auto mixed = world.get(kAsked + "all");
    CHECK(mixed.status == 422);
    CHECK(mixed.body.find("they measure in Cel and in K") != std::string::npos);
    world.query.grouped = {.windows = {}, .units = {"Cel"}, .rows = 200'001};
    CHECK(world.get(kAsked + "all").body.find("200000 rows") != std::string::npos);
    world.query.failure = base::Error{base::Fault::malformed, "there are no windows of 10s"};
    CHECK(world.get(kAsked + "all").status == 400);
    world.query.failure = base::Error{base::Fault::transient, "away"};
    CHECK(world.get(kAsked + "all").status == 503);
}

TEST_CASE("a group has no windows that are no longer kept") {
    World world;
    world.query.horizons[1h] = kNoon - 2h;
    const auto json = parsed(world.get(kAsked + "all"));
    CHECK(world.query.groups_asked.at(0).from == kNoon - 2h);
    CHECK(json.find("kept_from")->number == static_cast<double>(base::to_milliseconds(kNoon - 2h)));
}
