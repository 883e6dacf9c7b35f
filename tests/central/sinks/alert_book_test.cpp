// Goal: alerts, how far outputs have brought them, and silences are read as they were written, stay
// bounded, and survive whatever happens to the file.
#include "central/sinks/alerts/alert_book.hpp"

#include <doctest/doctest.h>

#include <filesystem>

#include "central/database/any_database.hpp"
#include "central/database/place.hpp"
#include "central/sinks/opening.hpp"
#include "central/sinks/steps.hpp"
#include "support/temporary_folder.hpp"

using namespace sinks_test;
using alerts::Alert;
using alerts::State;

namespace {

Alert alert(const std::string& id, std::int64_t opened, std::optional<std::int64_t> closed = {}) {
    Alert one{.id = id,
              .code = "limit",
              .node = "attic",
              .series = "climate.temperature",
              .severity = detect::Severity::critical,
              .state = closed ? State::closed : State::unknown,
              .opened = at(opened),
              .updated = at(opened + 1),
              .times = 3,
              .revision = closed ? 9U : 5U,
              .sentence = "attic/climate.temperature: 41.0 °C",
              .advice = "look",
              .is_silenced = true};
    if (closed) one.closed = at(*closed);
    return one;
}

struct World {
    std::vector<std::string> ids(alerts::AlertRange range = {}) {
        if (range.to == base::EventTime{}) range.to = at(1'000'000'000);
        std::vector<std::string> ids;
        const auto rows = book.list(range).value();
        for (const auto& row : rows) ids.push_back(row.alert.id);
        return ids;
    }

    support::TemporaryFolder folder;
    std::string path = folder.file("leat.db");
    std::unique_ptr<sinks::DatabaseSink> sink =
        sinks::open_sink({.path = central_test::place(path)}).value();
    sinks::AlertBook book{central_test::place(path), 3};
};

using Ids = std::vector<std::string>;

}  // namespace

TEST_CASE("an alert is read as it was written, and an older form never replaces a newer one") {
    World world;
    REQUIRE(world.book.save({alert("a", 0)}, {}));
    auto kept = world.book.load(at(0)).value();
    REQUIRE(kept.alerts.size() == 1);
    CHECK(kept.alerts[0] == alert("a", 0));
    const auto closed = alert("a", 0, 100);
    REQUIRE(world.book.save({closed}, {}));
    REQUIRE(world.book.save({alert("a", 0)}, {}));
    CHECK(world.book.load(at(0)).value().alerts == std::vector{closed});
}

TEST_CASE("what a restart must know is what holds, what ended lately, and what was not told") {
    World world;
    REQUIRE(world.book.save(
        {alert("open", 0), alert("told", 1, 100), alert("untold", 2, 100), alert("late", 3, 5'000)},
        {{"mqtt", {"told", 9}}, {"mqtt", {"untold", 0}}, {"web", {"open", 4}}}));
    const auto kept = world.book.load(at(1'000)).value();
    Ids ids;
    for (const auto& one : kept.alerts) ids.push_back(one.id);
    CHECK(ids == Ids{"open", "untold", "late"});
    CHECK(kept.deliveries ==
          std::vector<alerts::Delivery>{{"web", {"open", 4}}, {"mqtt", {"untold", 0}}});
    // The mark of an offer never takes back a delivery.
    REQUIRE(world.book.save({}, {{"web", {"open", 0}}}));
    CHECK(world.book.load(at(1'000)).value().deliveries[0].what.revision == 4);
}

TEST_CASE("alerts are asked for by node, series, time and state, the newest first, in pages") {
    World world;
    auto other = alert("b", 10);
    other.node = "cellar";
    other.series.clear();
    REQUIRE(world.book.save({alert("a", 0, 100)}, {}));
    REQUIRE(world.book.save({other}, {}));
    REQUIRE(world.book.save({alert("c", 200)}, {}));
    CHECK(world.ids() == Ids{"c", "b", "a"});
    CHECK(world.ids({.node = "cellar"}) == Ids{"b"});
    CHECK(world.ids({.node = "attic", .series = "climate.temperature"}) == Ids{"c", "a"});
    CHECK(world.ids({.node = "attic", .series = "climate.humidity"}).empty());
    CHECK(world.ids({.is_open = true}) == Ids{"c", "b"});
    CHECK(world.ids({.is_open = false}) == Ids{"a"});
    CHECK(world.ids({.from = at(101)}) == Ids{"c", "b"});
    CHECK(world.ids({.from = at(0), .to = at(150)}) == Ids{"b", "a"});
    const auto first = world.book.list({.to = at(1'000'000), .rows_max = 2}).value();
    REQUIRE(first.size() == 2);
    CHECK(world.ids({.before = first[1].number}) == Ids{"a"});
}

TEST_CASE("the alerts that ended first are dropped with their deliveries, and counted") {
    World world;
    std::uint64_t dropped = 0;
    REQUIRE(world.book.save({alert("open", 0)}, {}));
    for (int i = 0; i < 5; ++i) {
        const auto id = std::to_string(i);
        const auto saved = world.book.save({alert(id, i, 100 + i)}, {{"mqtt", {id, 9}}});
        REQUIRE(saved);
        dropped += saved.value();
    }
    CHECK(dropped == 2);
    CHECK(world.ids() == Ids{"4", "3", "2", "open"});
    auto opened = central_test::AnyDatabase::open({.path = world.path, .is_read_only = true});
    auto database = std::move(opened).value();
    CHECK(database.number("SELECT count(*) FROM alert_delivery").value() == 3);
}

TEST_CASE("a silence holds until its end, and can be ended before") {
    World world;
    const alerts::Silence one{
        .node = "attic", .series = "a.x", .from = at(0), .to = at(1'000), .reason = "painting"};
    const auto id = world.book.add_silence(one).value();
    auto read = one;
    read.id = id;
    CHECK(world.book.silences(at(999)).value() == std::vector{read});
    CHECK(world.book.silences(at(1'000)).value().empty());
    CHECK(world.book.end_silence(id, at(10)).value());
    CHECK_FALSE(world.book.end_silence(id, at(10)).value());
    CHECK_FALSE(world.book.end_silence(99, at(10)).value());
    CHECK(world.book.silences(at(10)).value().empty());
}

TEST_CASE("silences are bounded, and those that have ended make room") {
    World world;
    alerts::Silence one{.node = "attic", .from = at(0), .to = at(10)};
    for (std::size_t i = 0; i < sinks::kSilencesMax; ++i) REQUIRE(world.book.add_silence(one));
    const auto refused = world.book.add_silence(one);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().fault == base::Fault::exhausted);
    one.from = at(10);
    one.to = at(20);
    CHECK(world.book.add_silence(one));
}

TEST_CASE("the database of an older leat gets the tables, and one without them is refused") {
    World world;
    auto opened = central_test::AnyDatabase::open({.path = world.path});
    auto database = std::move(opened).value();
    REQUIRE(database.execute(
        "DROP VIEW v_pipeline_health; DROP VIEW v_alerts; DROP TABLE alert_delivery;"
        "DROP TABLE alert; DROP TABLE silence;" +
        central_test::older(4)));
    sinks::AlertBook book(central_test::place(world.path));
    const auto refused = book.load(at(0));
    REQUIRE_FALSE(refused);
    CHECK(refused.error().fault == base::Fault::misconfigured);
    CHECK(refused.error().detail.find("older leat") != std::string::npos);
    world.sink.reset();
    REQUIRE(sinks::open_sink({.path = central_test::place(world.path)}));
    CHECK(book.save({alert("a", 0)}, {}));
    CHECK(book.load(at(0)).value().alerts.size() == 1);
}

TEST_CASE("a database that is put in the place of another is used from then on") {
    if (central_test::is_postgres()) return;
    World world;
    REQUIRE(world.book.save({alert("a", 0)}, {}));
    world.sink.reset();
    for (const char* ending : {"", "-wal", "-shm"}) std::filesystem::remove(world.path + ending);
    CHECK_FALSE(world.book.load(at(0)));
    world.sink = sinks::open_sink({.path = central_test::place(world.path)}).value();
    CHECK(world.book.load(at(0)).value().alerts.empty());
}
