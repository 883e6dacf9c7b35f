// Goal: which series a node has, how it declares them, and what it shows of them.
// Method: sensors whose quantities grow; declarations are decoded from the lines of a flush.

#include "agent/sampling/series_table.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "agent/sampling/sampler_board.hpp"

namespace {

using namespace std::chrono_literals;
using agent_test::bodies;

drivers::Quantity quantity(const std::string& name, const std::string& unit) {
    return {.name = name, .kind = {}, .unit = unit, .least = {}, .most = {}, .resolution = {}};
}

/// A table of the sensors `climate` (temperature, humidity) and `door` (open).
struct Table {
    Table() {
        climate->quantities = {quantity("temperature", "Cel"), quantity("humidity", "%RH")};
        door->quantities = {quantity("open", "/")};
        observe();
    }

    void observe() {
        for (std::size_t i = 0; i < board.sensors.size(); ++i) {
            series.add_series_of(i, board.sensors[i]);
        }
    }
    std::vector<std::string> declared() {
        delivery::Flush flush;
        series.declare(flush);
        std::vector<std::string> names;
        for (const auto& one : bodies<wire::SeriesDeclaration>(flush)) names.push_back(one.series);
        return names;
    }

    agent_test::Board board;
    std::shared_ptr<agent_test::Script> climate = board.add("climate", 2s);
    std::shared_ptr<agent_test::Script> door = board.add("door", 0s);
    agent::SeriesTable series;
};

using Names = std::vector<std::string>;

}  // namespace

TEST_SUITE("agent/series table") {
    TEST_CASE("series are numbered in order of appearance and found by sensor and quantity") {
        Table table;
        CHECK(table.series.names() ==
              Names{"climate.temperature", "climate.humidity", "door.open"});
        CHECK(table.series.find(0, 1) == 1);
        CHECK(table.series.find(1, 0) == 2);
        CHECK_FALSE(table.series.find(1, 1));
        table.climate->quantities.push_back(quantity("dew_point", "Cel"));
        table.observe();
        CHECK(table.series.size() == 4);
        CHECK(table.series.find(0, 2) == 3);
        CHECK(table.series.of_sensor(0) == std::vector<std::size_t>{0, 1, 3});
    }

    TEST_CASE("a quantity without a usable name has no series, and hides no other") {
        Table table;
        table.door->quantities.push_back(quantity("No Name", "/"));
        table.door->quantities.push_back(quantity("locked", "/"));
        const support::CapturedLog log;
        table.observe();
        table.observe();
        CHECK_FALSE(table.series.find(1, 1));
        CHECK(table.series.find(1, 2) == 3);
        CHECK(table.series.names().back() == "door.locked");
        const auto text = log.text();
        CHECK(text.find("No Name") == text.rfind("No Name"));  // Reported once.
        CHECK(text.find("No Name") != std::string::npos);
    }

    TEST_CASE("each series is declared once, and all of them again on request") {
        Table table;
        CHECK(table.declared().size() == 3);
        CHECK(table.declared().empty());
        table.door->quantities.push_back(quantity("locked", "/"));
        table.observe();
        CHECK(table.declared() == Names{"door.locked"});
        table.series.redeclare();
        CHECK(table.declared().size() == 4);
    }

    TEST_CASE("what is declared follows the sensor, its driver and its filter") {
        agent_test::Board board;
        const auto script = board.add("tank", 2s);
        script->quantities = {{.name = "level",
                               .kind = "",
                               .unit = "m",
                               .least = -INFINITY,
                               .most = 3,
                               .resolution = {}},
                              {.name = "flow",
                               .kind = "rate",
                               .unit = "m3/s",
                               .least = {},
                               .most = {},
                               .resolution = {}}};
        board.sensors[0].filters["flow"].deadband = 0.1;
        agent::SeriesTable series;
        series.add_series_of(0, board.sensors[0]);
        delivery::Flush flush;
        series.declare(flush);
        const auto declared = bodies<wire::SeriesDeclaration>(flush);
        REQUIRE(declared.size() == 2);
        CHECK(declared[0].quantity == "level");
        CHECK(declared[0].driver == "scripted");
        CHECK_FALSE(declared[0].least);
        CHECK(declared[0].most == 3);
        CHECK(declared[0].period == 2s);
        CHECK(declared[1].quantity == "rate");
        CHECK(declared[1].period == 5min);  // The heartbeat: what is suppressed is not missing.
    }

    TEST_CASE(
        "the driver says what is urgent, unless a filter does or its series waits for spans") {
        agent_test::Board board;
        const auto script = board.add("hall", 0s);
        script->quantities = {quantity("motion", "/"), quantity("light", "lx"),
                              quantity("noise", "/")};
        for (auto& one : script->quantities) one.urgent = true;
        board.sensors[0].filters["light"].urgent = false;
        board.sensors[0].filters["noise"].span = 10s;
        agent::SeriesTable series;
        series.add_series_of(0, board.sensors[0]);
        CHECK(series.filter(0).options().urgent == true);
        CHECK(series.filter(1).options().urgent == false);
        CHECK(series.filter(2).options().urgent == false);
    }

    TEST_CASE("only series that have a reading are shown, with the newest one") {
        Table table;
        CHECK(table.series.shown().empty());
        CHECK_FALSE(table.series.latest("door.open"));
        const auto at = base::from_milliseconds(5000);
        table.series.update(2, 0, {.at = at});
        table.series.update(2, 1, {.at = at + 1s, .boot = "0f6c1d7e"});
        table.series.update(0, 21.5,
                            {.at = at, .clock = wire::ClockState::boot, .boot = "0f6c1d7e"});
        CHECK(table.series.latest("door.open") == 1);
        const auto latest = table.series.latest();
        REQUIRE(latest.size() == 2);
        CHECK(latest[0].series == "climate.temperature");
        CHECK(latest[0].unit == "Cel");
        CHECK(latest[0].boot == "0f6c1d7e");
        CHECK(latest[1].series == "door.open");
        CHECK(latest[1].at == at + 1s);
        CHECK(latest[1].boot.empty());  // UTC: it counts from no boot.
        REQUIRE(table.series.shown().size() == 2);
        CHECK(table.series.shown()[1].series == "door.open");
    }

    TEST_CASE("only what is recorded counts as a change") {
        Table table;
        table.series.update(0, 1, {});
        CHECK(table.series.changes() == 0);
        table.series.count_change();
        CHECK(table.series.changes() == 1);
    }

    TEST_CASE("a filter for a quantity that the sensor does not have is reported") {
        Table table;
        auto& sensor = table.board.sensors[0];
        sensor.filters["humidity"].deadband = 1;
        const support::CapturedLog log;
        agent::report_unused_filters(sensor);
        CHECK(log.text().empty());
        sensor.filters["humdity"].deadband = 1;
        agent::report_unused_filters(sensor);
        CHECK(log.text().find("humdity") != std::string::npos);
        CHECK(log.text().find("temperature humidity") != std::string::npos);
    }
}
