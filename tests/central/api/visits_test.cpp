#include "central/api/visits.hpp"

#include <doctest/doctest.h>

#include "central/api/api_world.hpp"

using namespace api_test;

namespace {

engine::Stretch stretch(base::Duration from, base::Duration to, double value,
                        std::uint64_t readings) {
    return {.from = kNoon + from,
            .to = kNoon + to,
            .value = value,
            .last = value,
            .readings = readings};
}

/// A door that closed at 11:30, opened at 12:01 and closed at 12:03; its sensor speaks on a change.
struct Door : World {
    Door() {
        auto row = series_row("attic", "door.open", kNoon - 30min, kNoon + 3min);
        row.declared.unit = "/";
        row.declared.resolution = 1;
        row.declared.period.reset();
        row.declared.also_between = true;
        row.course_since = engine::kAlways;
        query.series_rows.push_back(row);
        query.stretch_rows = {stretch(-30min, -30min, 0, 1), stretch(1min, 1min, 1, 1),
                              stretch(3min, 3min, 0, 1)};
        query.window_rows = {{kNoon + 1min, window_row({1})}, {kNoon + 3min, window_row({0})}};
    }
    base::Json ask(const std::string& target) {
        const auto response = get(target);
        REQUIRE_MESSAGE(response.status == 200, response.body);
        return parsed(response);
    }
};

std::vector<std::optional<double>> column(const base::Json& answer, const char* name) {
    std::vector<std::optional<double>> values;
    const auto* found = answer.find(name);
    REQUIRE_MESSAGE(found != nullptr, name);
    for (const double number : found->numbers) values.emplace_back(number);
    for (const auto& value : found->array) {
        if (value.is_number()) {
            values.emplace_back(value.number);
        } else {
            values.emplace_back();
        }
    }
    return values;
}

}  // namespace

TEST_CASE("visits come newest first, with how they ended, and the last one is open") {
    Door world;
    const auto response = world.get("/api/v1/visits?series=attic/door.open");
    CHECK(response.status == 200);
    CHECK(response.body ==
          R"({"series":"attic/door.open","now":1763640360000,"items":[)"
          R"({"value":0,"from":1763640180000,"to":1763640180000,"until":null,"end":"open",)"
          R"("certain":true,"readings":1,"length_ms":110000},)"
          R"({"value":1,"from":1763640060000,"to":1763640060000,"until":1763640180000,)"
          R"("end":"changed","certain":true,"readings":1,"length_ms":120000},)"
          R"({"value":0,"from":1763638200000,"to":1763638200000,"until":1763640060000,)"
          R"("end":"changed","certain":true,"readings":1,"length_ms":1860000}],)"
          R"("truncated":false,"next":null})");
}

TEST_CASE("visits come in pages, and those of a range are the ones that lasted in it") {
    Door world;
    const std::string path = "/api/v1/visits?series=attic/door.open";
    const auto first = world.ask(path + "&limit=1");
    CHECK(first.find("items")->array.size() == 1);
    CHECK(first.find("next")->string == "1763640180000");
    const auto second = world.ask(path + "&limit=1&after=1763640180000");
    REQUIRE(second.find("items")->array.size() == 1);
    CHECK(second.find("items")->array[0].find("until")->number == 1763640180000);
    const auto third = world.ask(path + "&limit=1&after=1763640060000");
    REQUIRE(third.find("items")->array.size() == 1);
    CHECK(third.find("next")->kind == base::Json::Kind::null);
    // At noon the door was closed, and how that ended is known from what came behind the range.
    const auto noon = world.ask(path + "&from=2025-11-20T11:50:00Z&to=2025-11-20T12:00:30Z");
    REQUIRE(noon.find("items")->array.size() == 1);
    CHECK(noon.find("items")->array[0].find("until")->number == 1763640060000);
    CHECK(world.ask(path + "&from=2025-11-20T11:00:00Z&to=2025-11-20T11:20:00Z")
              .find("items")
              ->array.empty());
}

TEST_CASE("a visit during which records are gone does not end at the next reading") {
    Door world;
    engine::GapRow gap;
    gap.node = "attic";
    gap.reason = "evicted";
    gap.first_at = kNoon + 2min;
    gap.last_at = kNoon + 2min + 10s;
    world.query.gap_rows = {gap};
    const auto answer = world.ask("/api/v1/visits?series=attic/door.open");
    const auto& items = answer.find("items")->array;
    REQUIRE(items.size() == 3);
    CHECK(items[1].find("end")->string == "unknown");
    CHECK(items[1].find("until")->kind == base::Json::Kind::null);
    const auto windows =
        world.ask("/api/v1/windows?series=attic/door.open&from=2025-11-20T12:00:00Z&span=1m");
    using Values = std::vector<std::optional<double>>;
    CHECK(column(windows, "on_ms") == Values{0.0, 60'000.0, std::nullopt, 0.0});
}

TEST_CASE("windows of a state say how long it was on and how often it changed") {
    Door world;
    const auto answer =
        world.ask("/api/v1/windows?series=attic/door.open&from=2025-11-20T12:00:00Z&span=1m");
    using Values = std::vector<std::optional<double>>;
    CHECK(column(answer, "on_ms") == Values{0.0, 60'000.0, 60'000.0, 0.0});
    CHECK(column(answer, "transitions") == Values{0.0, 1.0, 0.0, 1.0});
    CHECK(answer.find("mean_by_time") == nullptr);
}

TEST_CASE("windows of a series that reports on a change have a mean by time") {
    Door world;
    world.query.series_rows.back().declared.resolution.reset();
    world.query.stretch_rows = {stretch(-30min, -30min, 20, 1),
                                stretch(1min + 30s, 1min + 30s, 30, 1), stretch(3min, 3min, 10, 1)};
    const auto answer =
        world.ask("/api/v1/windows?series=attic/door.open&from=2025-11-20T12:00:00Z&span=1m");
    using Values = std::vector<std::optional<double>>;
    CHECK(column(answer, "mean_by_time") == Values{20.0, 25.0, 30.0, 10.0});
    CHECK(answer.find("on_ms") == nullptr);
    const auto plain = world.ask("/api/v1/windows?series=attic/climate.temperature");
    CHECK(plain.find("mean_by_time") == nullptr);
}

TEST_CASE("a course that began later than its series says nothing of what was before") {
    Door world;
    world.query.series_rows.back().course_since = kNoon + 2min;
    const auto answer =
        world.ask("/api/v1/windows?series=attic/door.open&from=2025-11-20T12:00:00Z&span=1m");
    using Values = std::vector<std::optional<double>>;
    CHECK(column(answer, "on_ms") == Values{std::nullopt, std::nullopt, std::nullopt, 0.0});
    const auto visits = world.ask("/api/v1/visits?series=attic/door.open");
    REQUIRE(visits.find("items")->array.size() == 1);
    CHECK_FALSE(visits.find("items")->array[0].find("certain")->boolean);
}

TEST_CASE("windows say how fast the series changed when they are asked to") {
    World world;
    world.query.window_rows = {{kNoon, window_row({22, 23, 24})}, {kNoon + 1min, window_row({22})}};
    const std::string path = "/api/v1/windows?series=attic/climate.temperature&from=-6h&span=1m";
    const auto answer = parsed(world.get(path + "&rate=1"));
    const auto rates = column(answer, "rate");
    REQUIRE(rates.size() == 5);
    CHECK(*rates[0] == doctest::Approx(180));  // 2 in 40 seconds.
    CHECK_FALSE(rates[1]);
    CHECK_FALSE(rates[2]);
    CHECK(parsed(world.get(path)).find("rate") == nullptr);
    CHECK(world.get(path + "&rate=yes").status == 400);
}

TEST_CASE("a question about visits that cannot be answered is refused with its parameter") {
    Door world;
    CHECK(world.get("/api/v1/visits").status == 400);
    CHECK(world.get("/api/v1/visits?series=attic/climate.temperature").status == 400);
    CHECK(world.get("/api/v1/visits?series=attic/door.opne").status == 404);
    CHECK(world.get("/api/v1/visits?series=attic/door.open&from=now&to=-1h").status == 400);
    CHECK(world.get("/api/v1/visits?series=attic/door.open&after=x").status == 400);
}
