#include "central/engine/states/course.hpp"

#include <doctest/doctest.h>

#include "central/engine/feed.hpp"
#include "central/engine/states/sheet.hpp"
#include "central/engine/states/visits.hpp"

using namespace engine_test;

namespace {

engine::Stretch stretch(std::int64_t from, std::int64_t to, double value, std::uint64_t readings) {
    return {.from = at(from), .to = at(to), .value = value, .last = value, .readings = readings};
}

std::string state(std::optional<base::Duration> period, const std::string& unit = "/") {
    return wire::encode_record({.body = wire::SeriesDeclaration{.series = "door.open",
                                                                .quantity = "contact",
                                                                .unit = unit,
                                                                .driver = "test",
                                                                .least = 0,
                                                                .most = 1,
                                                                .resolution = 1,
                                                                .period = period},
                                .origin = {}});
}

const MapCourses::Course& course_of(Feed& feed) {
    feed.commit();
    return feed.memory.courses.of({"attic", "door.open"});
}

}  // namespace

TEST_CASE("a series is a state, reports on a change, or neither, by its declaration") {
    wire::SeriesDeclaration declared;
    declared.unit = "/";
    CHECK(engine::kind_of(declared) == engine::SeriesKind::measure);
    declared.also_between = true;
    CHECK(engine::kind_of(declared) == engine::SeriesKind::on_change);
    declared.resolution = 1;
    CHECK(engine::kind_of(declared) == engine::SeriesKind::state);
}

TEST_CASE("equal readings are one stretch, and a stretch ends with its hour") {
    Feed feed;
    feed.accept(state(60s));
    feed.accept(readings("door.open", {{3'480'000, 1}, {3'540'000, 1}, {3'600'000, 1}}));
    feed.accept(readings("door.open", {{3'660'000, 1}, {3'670'000, 0}}));
    const auto& course = course_of(feed);
    REQUIRE(course.size() == 3);
    CHECK(course.at(at(3'480'000)) == stretch(3'480'000, 3'540'000, 1, 2));
    CHECK(course.at(at(3'600'000)) == stretch(3'600'000, 3'660'000, 1, 2));
    CHECK(course.at(at(3'670'000)) == stretch(3'670'000, 3'670'000, 0, 1));
}

TEST_CASE("a series that is neither costs nothing and keeps nothing") {
    Feed feed;
    feed.accept(state(60s, "Cel"));
    feed.accept(readings("door.open", {{0, 1}, {1'000, 0}}));
    feed.commit();
    CHECK(feed.memory.courses.empty());
    CHECK_FALSE(feed.memory.all_series.at({"attic", "door.open"}).course_since);
}

TEST_CASE("a late reading among equal ones of another value makes it unknown when what was") {
    engine::Sheet sheet;
    sheet.add(stretch(0, 0, 0, 1), 90s);
    sheet.add(stretch(60'000, 120'000, 0, 2), 90s);
    REQUIRE(sheet.stretches().size() == 1);
    sheet.add(stretch(30'000, 30'000, 0, 1), 90s);
    CHECK(sheet.stretches().front() == stretch(0, 120'000, 0, 4));
    sheet.add(stretch(70'000, 70'000, 1, 1), 90s);
    auto expected = stretch(0, 120'000, 0, 5);
    expected.is_exact = false;
    REQUIRE(sheet.stretches().size() == 1);
    CHECK(sheet.stretches().front() == expected);
}

TEST_CASE("an hour with too many changes is one stretch that is not exact, and is counted") {
    Feed feed;
    feed.accept(state(100ms));
    std::uint64_t crowded = 0;
    for (int record = 0; record < 50; ++record) {
        Points points;
        for (int i = 0; i < 100; ++i) {
            points.emplace_back(record * 10'000 + i * 100, i % 2);
        }
        crowded += feed.accept(readings("door.open", points)).crowded;
    }
    CHECK(crowded == 1);
    const auto& course = course_of(feed);
    CHECK(course.size() <= engine::Sheet::kStretchesMax);
    CHECK_FALSE(course.begin()->second.is_exact);
    CHECK(course.begin()->second.readings == engine::Sheet::kStretchesMax + 1);
}

TEST_CASE("readings from before there was a course are in none, and it says since when it is") {
    Feed feed;
    feed.accept(readings("door.open", {{0, 1}, {60'000, 1}}));
    feed.accept(state(60s));
    feed.accept(readings("door.open", {{30'000, 0}, {120'000, 0}}));
    const auto& course = course_of(feed);
    REQUIRE(course.size() == 1);
    CHECK(course.begin()->first == at(120'000));
    const auto since = [&] {
        feed.commit();
        return feed.memory.all_series.at({"attic", "door.open"}).course_since;
    };
    CHECK(since() == at(60'001));
    feed.accept(state(60s, "Cel"));
    CHECK(since() == engine::kNever);
    feed.accept(readings("door.open", {{180'000, 1}}));
    feed.accept(state(60s));
    feed.accept(readings("door.open", {{240'000, 1}}));
    CHECK(since() == at(180'001));
}

TEST_CASE("partials whose readings are equal are as good as these") {
    Feed feed;
    feed.accept(state(10s));
    wire::PartialColumn column;
    column.span = 1min;
    const auto add = [&](std::int64_t dt, const std::vector<double>& values, std::int64_t last) {
        auto summary = wire::Summary::of(values.front());
        for (std::size_t i = 1; i < values.size(); ++i) summary.add(values[i]);
        column.dt_ms.push_back(dt);
        column.summaries.push_back(summary);
        column.first_dt_ms.push_back(0);
        column.last_dt_ms.push_back(last);
    };
    add(0, {1, 1, 1, 1, 1, 1}, 50'000);        // Whole.
    add(60'000, {0, 1}, 50'000);               // Its first and its last.
    add(120'000, {1, 0, 1, 1, 1, 1}, 50'000);  // It changed, and nobody knows when.
    add(180'000, {1, 1, 1}, 50'000);           // Some are missing.
    feed.accept(data({{.series = "door.open", .points = column}}));
    const auto& course = course_of(feed);
    REQUIRE(course.size() == 5);
    CHECK(course.at(at(0)) == stretch(0, 50'000, 1, 6));
    CHECK(course.at(at(60'000)) == stretch(60'000, 60'000, 0, 1));
    CHECK(course.at(at(110'000)) == stretch(110'000, 110'000, 1, 1));
    CHECK_FALSE(course.at(at(120'000)).is_exact);
    CHECK_FALSE(course.at(at(180'000)).is_exact);
}

TEST_CASE("a state holds until the next reading, but not where readings are gone") {
    const std::vector<engine::Stretch> stretches{stretch(0, 0, 1, 1),
                                                 stretch(600'000, 600'000, 0, 1)};
    const engine::Course course{stretches, {std::nullopt, {}}, true, at(900'000)};
    CHECK(course.share(at(0), at(60'000)).on == base::Duration{60s});
    CHECK(course.share(at(540'000), at(660'000)).on == base::Duration{60s});
    CHECK(course.share(at(540'000), at(660'000)).transitions == 1);
    CHECK(course.share(at(-60'000), at(60'000)).on == base::Duration{60s});  // Since it is there.
    CHECK_FALSE(course.share(at(-60'000), at(0)).on);
    CHECK(course.share(at(840'000), at(960'000)).mean == 0.0);
    CHECK_FALSE(course.share(at(900'000), at(960'000)).on);

    const engine::Course blind{
        stretches, {std::nullopt, {{at(200'000), at(300'000)}}}, true, at(900'000)};
    CHECK(blind.share(at(0), at(200'000)).on == base::Duration{200s});
    CHECK_FALSE(blind.share(at(180'000), at(240'000)).on);
    CHECK_FALSE(blind.share(at(540'000), at(660'000)).on);
    CHECK(blind.share(at(600'000), at(660'000)).transitions == 0);

    const engine::Course regular{stretches, {90s, {}}, true, at(900'000)};
    CHECK(regular.share(at(0), at(60'000)).on == base::Duration{60s});
    CHECK_FALSE(regular.share(at(60'000), at(120'000)).on);
    CHECK(regular.share(at(600'000), at(690'000)).on == base::Duration{0});
    CHECK_FALSE(regular.share(at(660'000), at(720'000)).on);

    const engine::Course later{stretches, {std::nullopt, {}}, false, at(900'000)};
    CHECK_FALSE(later.share(at(-60'000), at(60'000)).on);  // Something may have been before.
}

TEST_CASE("readings that are gone among equal ones leave a hole, and the visit uncertain") {
    const std::vector<engine::Stretch> stretches{stretch(0, 600'000, 1, 11)};
    const engine::Holding holding{90s, {{at(200'000), at(210'000)}}};
    const engine::Course course{stretches, holding, true, at(600'000)};
    CHECK(course.share(at(0), at(200'000)).on == base::Duration{200s});
    CHECK_FALSE(course.share(at(180'000), at(240'000)).on);
    CHECK_FALSE(course.share(at(240'000), at(300'000)).on);
    CHECK(course.share(at(300'000), at(600'000)).on == base::Duration{300s});
    engine::Visits visits{holding, at(600'000)};
    visits.add(stretches.front());
    visits.finish();
    REQUIRE(visits.whole().size() == 1);
    CHECK_FALSE(visits.whole().front().is_certain);
    CHECK(visits.whole().front().end == engine::VisitEnd::open);
}

TEST_CASE("a mean by time is right where readings come on a change") {
    // 20 for nine minutes, 30 for one.
    const std::vector<engine::Stretch> stretches{
        stretch(0, 0, 20, 1), stretch(540'000, 540'000, 30, 1), stretch(600'000, 600'000, 20, 1)};
    const engine::Course course{stretches, {std::nullopt, {}}, true, at(600'000)};
    CHECK(*course.share(at(0), at(600'000)).mean == doctest::Approx(21));
}

TEST_CASE("a visit ends with a reading of another value, or nobody knows how") {
    engine::Visits visits{{90s, {}}, at(1'000'000)};
    auto unclear = stretch(300'000, 320'000, 1, 4);
    unclear.is_exact = false;
    const std::vector<engine::Stretch> stretches{
        stretch(0, 60'000, 0, 2),        stretch(100'000, 160'000, 1, 2),
        stretch(200'000, 240'000, 1, 1), unclear,
        stretch(330'000, 390'000, 1, 2), stretch(990'000, 990'000, 1, 1)};
    for (auto it = stretches.rbegin(); it != stretches.rend(); ++it) visits.add(*it);
    visits.finish();
    const auto& whole = visits.whole();
    REQUIRE(whole.size() == 4);
    CHECK(whole[0].end == engine::VisitEnd::open);
    CHECK(whole[1].end == engine::VisitEnd::unknown);
    CHECK(whole[1].from == at(330'000));
    CHECK(whole[2].from == at(100'000));
    CHECK(whole[2].to == at(240'000));
    CHECK(whole[2].readings == 3);
    CHECK(whole[2].end == engine::VisitEnd::unknown);
    CHECK(whole[3].until == at(100'000));
    CHECK(whole[3].end == engine::VisitEnd::changed);
}
