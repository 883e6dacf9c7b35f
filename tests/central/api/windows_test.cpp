#include "central/api/windows.hpp"

#include <doctest/doctest.h>

#include "central/api/api_world.hpp"

using namespace api_test;

TEST_CASE("windows come as columns with an entry for every minute, stored or not") {
    World world;
    world.query.window_rows = {{kNoon, window_row({22, 23, 24})},
                               {kNoon + 1min, window_row({22, 23, 25})},
                               {kNoon + 3min, window_row({24, 24.5})},
                               {kNoon + 4min, window_row({25})}};
    engine::GapRow gap;
    gap.node = "attic";
    gap.from = 5;
    gap.to = 64;
    gap.reason = "evicted";
    gap.first_at = kNoon + 2min;
    gap.last_at = kNoon + 2min + 50s;
    gap.readings = 3;
    world.query.gap_rows = {gap};
    const auto response =
        world.get("/api/v1/windows?series=attic/climate.temperature&from=-6h&to=now&span=1m");
    CHECK(response.status == 200);
    CHECK(response.body ==
          R"({"series":"attic/climate.temperature","quantity":"temperature","unit":"Cel",)"
          R"("from":1763618760000,)"
          R"("to":1763640360000,"window_ms":60000,"kept_from":null,)"
          R"("t":[1763640000000,1763640060000,1763640120000,1763640180000,1763640240000],)"
          R"("count":[3,3,0,2,1],"expected":[3,3,3,3,3],"failed":[0,0,0,0,0],)"
          R"("min":[22,22,null,24,25],)"
          R"("max":[24,25,null,24.5,25],"first":[22,22,null,24,25],"last":[24,25,null,24.5,25],)"
          R"("mean":[23,23.333333333333332,null,24.25,25],"state":["c","c","g","g","p"],)"
          R"("quality":[1,1,0,0.6666666666666666,null],)"
          R"("revision":[1,1,0,1,1],"gaps":[{"from":1763640120000,"to":1763640170000,)"
          R"("records":60,"readings":3,"reason":"evicted"}],)"
          R"("causes":[{"from":1763640120000,"to":1763640180000,"cause":"evicted","readings":3,)"
          R"("sentence":"3 readings lost: evicted by the node, its outbox was full"},)"
          R"({"from":1763640180000,"to":1763640240000,"cause":"not_sent","readings":1,)"
          R"("sentence":"1 reading missing: never sent, and the node declared no gap"},)"
          R"({"from":1763640240000,"to":1763640300000,"cause":"silent","readings":null,)"
          R"("sentence":"the series is silent for more than three periods, )"
          R"(and its node may bring more"}],)"
          R"("watermark":1763640290000,"truncated":false,"left_off":0,"causes_left_off":0})");
}

TEST_CASE("windows say why readings failed, where any did") {
    World world;
    auto row = window_row({22, 23, 24});
    row.fail("no response", 1);
    row.fail("checksum", 3);
    world.query.window_rows = {{kNoon, window_row({22})}, {kNoon + 1min, row}};
    const auto body =
        world.get("/api/v1/windows?series=attic/climate.temperature&from=-6h&to=now&span=1m").body;
    CHECK_MESSAGE(
        body.find(R"("reasons":[{"t":1763640060000,)"
                  R"("failed":{"checksum":3,"no response":1}}],"gaps":)") != std::string::npos,
        body);
    world.query.window_rows = {{kNoon, window_row({22})}};
    CHECK(world.get("/api/v1/windows?series=attic/climate.temperature&span=1m")
              .body.find("reasons") == std::string::npos);
}

TEST_CASE("the causes of neighbouring windows are one, and those of a node that is away are told") {
    World world;
    world.query.window_rows = {{kNoon, window_row({22, 23, 24})}, {kNoon + 4min, window_row({25})}};
    world.presences["attic"].state = wire::NodeState::lost;
    const auto causes = [&] {
        return parsed(world.get("/api/v1/windows?series=attic/climate.temperature&span=1m"))
            .find("causes")
            ->array;
    };
    auto found = causes();
    REQUIRE(found.size() == 2);
    CHECK(found[0].find("from")->number == 1763640060000);
    CHECK(found[0].find("to")->number == 1763640240000);
    CHECK(found[0].find("readings")->number == 9);
    CHECK(found[0].find("cause")->string == "not_sent");
    CHECK(found[1].find("cause")->string == "away");
    // Of readings that failed the run ends where none did.
    for (const auto minute : {1, 2, 4}) {
        auto row = minute == 4 ? window_row({25}) : engine::WindowRow{};
        row.fail("checksum", 3);
        world.query.window_rows.emplace_back(kNoon + minute * 1min, row);
    }
    std::sort(world.query.window_rows.begin(), world.query.window_rows.end(),
              [](const auto& a, const auto& b) { return a.first < b.first; });
    world.query.window_rows.erase(world.query.window_rows.begin() + 3);  // The old last minute.
    found = causes();
    REQUIRE(found.size() == 4);
    CHECK(found[0].find("sentence")->string == "6 readings failed: checksum");
    CHECK(found[0].find("reason")->string == "checksum");
    CHECK(found[0].find("to")->number == 1763640180000);
    CHECK(found[1].find("sentence")->string ==
          "3 readings missing: never sent, and the node declared no gap");
    CHECK(found[2].find("from")->number == 1763640240000);
}

TEST_CASE("lost records whose times the node told are explained by it, though long ago") {
    World world;
    world.query.window_rows = {{kNoon, window_row({22, 23, 24})}, {kNoon + 4min, window_row({25})}};
    engine::GapRow lost;
    lost.node = "attic";
    lost.from = 5;
    lost.to = 64;
    lost.reason = "lost";
    auto evicted = lost;
    evicted.reason = "evicted";
    evicted.first_at = kNoon - 2h;
    evicted.last_at = kNoon - 1h;
    world.query.gap_rows = {evicted, lost};
    const auto cause = [&] {
        return parsed(world.get("/api/v1/windows?series=attic/climate.temperature&span=1m"))
            .find("causes")
            ->array.at(0)
            .find("cause")
            ->string;
    };
    CHECK(cause() == "not_sent");
    world.query.gap_rows = {lost};
    CHECK(cause() == "lost");
}

TEST_CASE("a run of causes goes on over windows in which nothing was due") {
    World world;
    world.query.series_rows[0].declared.period = std::chrono::minutes{2};
    world.query.window_rows = {{kNoon, window_row({22})}, {kNoon + 10min, window_row({25})}};
    world.query.series_rows[0].last_at = kNoon + 10min;
    world.query.node_rows[0].newest = kNoon + 20min;
    world.clock.advance(10min);
    const auto json = parsed(world.get("/api/v1/windows?series=attic/climate.temperature&span=1m"));
    CHECK(json.find("state")->array[1].string == "n");
    REQUIRE(json.find("causes")->array.size() == 1);
    const auto& run = json.find("causes")->array[0];
    CHECK(run.find("from")->number == 1763640120000);  // Due at 2, 4, 6 and 8.
    CHECK(run.find("to")->number == 1763640540000);
    CHECK(run.find("readings")->number == 4);
}

TEST_CASE("a mean is never outside the readings that it is the mean of") {
    World world;
    engine::WindowRow same;
    for (int i = 0; i < 45; ++i) same.summary.add(13.46);
    REQUIRE(same.summary.sum / 45 != 13.46);
    world.query.window_rows = {{kNoon, same}};
    const auto json = parsed(world.get("/api/v1/windows?series=attic/climate.temperature"));
    CHECK(json.find("mean")->array.at(0).number == 13.46);  // Others are null.
}

TEST_CASE("readings from the future are listed apart from the latest values") {
    World world;
    const auto future = base::from_milliseconds(4'102'444'740'000);
    world.query.series_rows[0].ahead = {.at = future, .value = -127, .readings = 2};
    const auto nodes = world.get("/api/v1/nodes").body;
    CHECK(nodes.find(R"("t":1763640240000,"value":22.5}],"ahead":[{"series":"climate.temperature",)"
                     R"("unit":"Cel","t":4102444740000,"value":-127,"readings":2}])") !=
          std::string::npos);
    CHECK(
        world.get("/api/v1/series")
            .body.find(R"("readings":30,"ahead":{"t":4102444740000,"value":-127,"readings":2})") !=
        std::string::npos);
    // Their windows are there for who asks for them, and no others are between.
    const auto windows = [&](const std::string& range) {
        return parsed(world.get("/api/v1/windows?series=attic/climate.temperature&" + range));
    };
    CHECK(windows("from=-6h").find("t")->numbers.size() == 5);
    CHECK(windows("from=4102444740000&to=4102444800000").find("t")->numbers.size() == 1);
}

TEST_CASE("a range within an outage shows the outage and not nothing") {
    World world;
    const auto json = parsed(world.get(
        "/api/v1/windows?series=attic/climate.temperature&from=1763640060000&to=1763640180000"));
    CHECK(json.find("t")->numbers.size() == 2);
    CHECK(json.find("state")->array[0].string == "g");
    CHECK(json.find("expected")->numbers == std::vector<double>{3, 3});
}

TEST_CASE("the window that contains from is part of the answer, the one at to is not") {
    World world;
    const auto json = parsed(world.get(
        "/api/v1/windows?series=attic/climate.temperature&from=1763640090000&to=1763640120000"));
    CHECK(json.find("t")->numbers == std::vector<double>{1763640060000});
    // The hour around it tells what no minute knows.
    CHECK(world.query.asked.at(0).from == kNoon);
    CHECK(world.query.asked.at(0).to == kNoon + 1h);
}

TEST_CASE("a series without readings has no windows") {
    World world;
    world.query.series_rows[0].first_at.reset();
    world.query.series_rows[0].last_at.reset();
    const auto json = parsed(world.get("/api/v1/windows?series=attic/climate.temperature&from=0"));
    CHECK(json.find("t")->numbers.empty());
}

TEST_CASE("the span is the shortest that fits the points, unless one is asked for") {
    World world;
    world.clock.advance(std::chrono::hours{24 * 30});
    world.query.series_rows[0].last_at = world.clock.event_time();
    const auto span_of = [&](const std::string& query) {
        const auto response =
            world.get("/api/v1/windows?series=attic/climate.temperature&" + query);
        CAPTURE(response.body);
        REQUIRE(response.status == 200);
        return parsed(response).find("window_ms")->number;
    };
    CHECK(span_of("from=-6h") == 60'000);
    CHECK(span_of("from=-24h&points=1000") == 60'000);
    CHECK(span_of("from=-24h&points=300") == 900'000);
    CHECK(span_of("from=-7d&points=100000") == 900'000);
    CHECK(span_of("from=0") == 900'000);
    CHECK(span_of("from=-24h&span=1h&points=100000") == 3'600'000);
}

TEST_CASE("a range with too many windows is a problem that names the span that would fit") {
    World world;
    world.clock.advance(std::chrono::hours{24 * 30});
    world.query.series_rows[0].last_at = world.clock.event_time();
    const auto response =
        world.get("/api/v1/windows?series=attic/climate.temperature&from=0&span=1m");
    CHECK(response.status == 422);
    CHECK(response.content_type == "application/problem+json");
    const auto json = parsed(response);
    CHECK(json.find("type")->string == "urn:leat:problem:range-too-wide");
    CHECK(json.find("status")->number == 422);
    CHECK(json.find("detail")->string ==
          "the range holds 43206 windows; the limit is 10000. Use span=15m (2881 windows), or "
          "leave span out.");
    world.query.series_rows[0].first_at = kNoon - std::chrono::hours{24 * 1000};
    const auto wider = world.get("/api/v1/windows?series=attic/climate.temperature&from=0&span=1h");
    CHECK(wider.status == 422);
    CHECK(parsed(wider).find("detail")->string.find("Use span=6h (") != std::string::npos);
}

TEST_CASE("every series has a whole view, in windows that fit") {
    World world;
    const auto windows_of = [&](int days, const std::string& query) {
        world.query.series_rows[0].last_at = kNoon + std::chrono::hours{24 * days};
        world.clock.advance(std::chrono::hours{24 * days});
        const auto json =
            parsed(world.get("/api/v1/windows?series=attic/climate.temperature&from=0" + query));
        return std::pair{json.find("window_ms")->number / 3'600'000,
                         json.find("t")->numbers.size()};
    };
    CHECK(windows_of(365, "") == std::pair{6.0, std::size_t{1461}});
    CHECK(windows_of(365, "&points=300") == std::pair{24.0, std::size_t{366}});
    CHECK(windows_of(365 * 20, "") == std::pair{24.0 * 7, std::size_t{1043}});
    CHECK(windows_of(365 * 100, "") == std::pair{24.0 * 30, std::size_t{1218}});
    CHECK(windows_of(365, "&span=30d") == std::pair{24.0 * 30, std::size_t{13}});
}

TEST_CASE("what is next to a range says whether something is missing at its ends") {
    World world;
    world.query.window_rows = {{kNoon, window_row({1, 2, 3})}, {kNoon + 3min, window_row({1})}};
    const auto states = [&](const std::string& from, const std::string& to) {
        std::string letters;
        const auto json =
            parsed(world.get("/api/v1/windows?series=attic/climate.temperature&span=1m"
                             "&from=" +
                             from + "&to=" + to));
        for (const auto& state : json.find("state")->array) letters += state.string;
        return letters;
    };
    CHECK(states("1763640000000", "1763640240000") == "cggg");
    CHECK(states("1763640060000", "1763640120000") == "g");
    // A reading every ten minutes: none was due.
    world.query.series_rows[0].declared.period = 10min;
    world.query.window_rows = {{kNoon, window_row({1})}, {kNoon + 10min, window_row({1})}};
    CHECK(states("1763640060000", "1763640120000") == "n");
    world.query.series_rows[0].declared.period.reset();
    CHECK(states("1763640000000", "1763640120000") == "uu");
}

TEST_CASE("the default span is one that the series has; shorter windows say that wider ones know") {
    World world;
    world.query.wide_rows = {{kNoon, window_row({1, 2, 3, 4})}};
    world.query.window_rows = {{kNoon + 1min, window_row({1})}};
    const std::string path = "/api/v1/windows?series=attic/climate.temperature&from=-6h";
    const auto chosen = parsed(world.get(path));
    CHECK(chosen.find("window_ms")->number == 3'600'000);
    CHECK(chosen.find("count")->numbers == std::vector<double>{4});
    const auto asked = parsed(world.get(path + "&span=1m"));
    CHECK(asked.find("window_ms")->number == 60'000);
    REQUIRE(asked.find("state")->array.size() == 5);
    CHECK(asked.find("state")->array[0].string == "w");
    CHECK(asked.find("state")->array[1].string == "w");
    // Once most of it is known in minutes, minutes are shown.
    world.query.window_rows = {{kNoon + 1min, window_row({1, 2})}};
    CHECK(parsed(world.get(path)).find("window_ms")->number == 60'000);
}

TEST_CASE("windows go on to the last one in which readings failed") {
    World world;
    engine::WindowRow failed;
    failed.failed = 3;
    world.query.window_rows = {{kNoon, window_row({1, 2, 3})}, {kNoon + 5min, failed}};
    const auto json =
        parsed(world.get("/api/v1/windows?series=attic/climate.temperature&from=-6h"));
    CHECK(json.find("failed")->numbers == std::vector<double>{0, 0, 0, 0, 0, 3});
    // Of a series that never had a reading, too.
    world.query.series_rows[0].first_at.reset();
    world.query.series_rows[0].last_at.reset();
    const auto never =
        parsed(world.get("/api/v1/windows?series=attic/climate.temperature&from=-6h"));
    CHECK(never.find("failed")->numbers == std::vector<double>{3});
    world.query.node_rows[0].newest = kNoon + 10min;
    CHECK(parsed(world.get("/api/v1/windows?series=attic/climate.temperature&from=-6h"))
              .find("state")
              ->array.at(0)
              .string == "g");
}

TEST_CASE("quantiles are told when they are asked for, and refused where they would be wrong") {
    World world;
    engine::WindowRow known;
    for (const double value : {10.0, 20.0, 30.0, 40.0}) {
        wire::Sketch sketch;
        sketch.add(value);
        known.merge({.first_at = base::from_milliseconds(0),
                     .last_at = base::from_milliseconds(0),
                     .summary = wire::Summary::of(value),
                     .sketch = sketch});
    }
    auto unknown = known;
    unknown.sketch.reset();
    world.query.series_rows.at(0).last_at = kNoon + 20min;
    world.query.window_rows = {{kNoon, known}, {kNoon + 15min, unknown}};
    const std::string path =
        "/api/v1/windows?series=attic/climate.temperature&from=-6h&span=15m&to=" +
        std::to_string(base::to_milliseconds(kNoon + 1h));
    CHECK(parsed(world.get(path)).find("p50") == nullptr);
    CHECK_FALSE(world.query.asked.back().with_sketches);
    const auto answer = parsed(world.get(path + "&quantiles=p50,p100,p12.5"));
    REQUIRE(answer.find("p50") != nullptr);
    const auto at = [&](const char* name, std::size_t i) { return answer.find(name)->array.at(i); };
    std::size_t told = 0;
    for (std::size_t i = 0; i < answer.find("count")->numbers.size(); ++i) {
        if (!at("p50", i).is_number()) continue;
        ++told;
        CHECK(at("p50", i).number == doctest::Approx(20).epsilon(0.011));
        CHECK(at("p100", i).number == 40);
        CHECK(at("p12.5", i).number == doctest::Approx(10).epsilon(0.011));
    }
    CHECK(told == 1);
}

TEST_CASE("a quantile that is none is a problem that says how to write one") {
    World world;
    for (const std::string wrong : {"", "50", "p", "p101", "p-1", "pnan", "p50,", "p50,p50",
                                    "p50,,p90", "p5e1", "median", "p1,p2,p3,p4,p5,p6,p7,p8,p9"}) {
        CAPTURE(wrong);
        const auto response = world.get(
            "/api/v1/windows?series=attic/climate.temperature&from=-1h&quantiles=" + wrong);
        CHECK(response.status == 400);
        CHECK(response.body.find("at most 8, each once, like p50,p90,p99.9") != std::string::npos);
    }
}

TEST_CASE("a length that the store cannot make is a problem that names those it can") {
    World world;
    const auto response =
        world.get("/api/v1/windows?series=attic/climate.temperature&from=-1h&span=10s");
    CHECK(response.status == 400);
    CHECK(response.body.find("one of 1m, 15m, 1h, 6h, 1d, 7d, 30d") != std::string::npos);
    world.query.stored_spans.insert(world.query.stored_spans.begin(), 10s);
    CHECK(world.get("/api/v1/windows?series=attic/climate.temperature&from=-1h&span=10s").status ==
          200);
}

TEST_CASE("windows that are no longer kept are not told as missing") {
    World world;
    world.query.window_rows = {{kNoon + 3min, window_row({24, 24.5})},
                               {kNoon + 4min, window_row({25})}};
    world.query.horizons[1min] = kNoon + 2min;
    const auto json =
        parsed(world.get("/api/v1/windows?series=attic/climate.temperature&from=-6h&span=1m"));
    const auto milliseconds = static_cast<double>(base::to_milliseconds(kNoon + 2min));
    CHECK(json.find("kept_from")->number == milliseconds);
    CHECK(json.find("t")->numbers.front() == milliseconds);
    world.query.horizons[1min] = kNoon + 24h;
    const auto none =
        parsed(world.get("/api/v1/windows?series=attic/climate.temperature&from=-6h&span=1m"));
    CHECK(none.find("t")->numbers.empty());
}

TEST_CASE("without a span the windows are those that are kept for all of the range") {
    World world;
    world.query.horizons[1min] = kNoon + 2min;
    const auto span_of = [&](const std::string& from) {
        return parsed(world.get("/api/v1/windows?series=attic/climate.temperature&from=" + from))
            .find("window_ms")
            ->number;
    };
    CHECK(span_of("-6h") == 900'000);
    CHECK(span_of("-3m") == 60'000);
}
