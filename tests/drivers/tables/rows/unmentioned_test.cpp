#include "drivers/tables/rows/unmentioned.hpp"

#include <doctest/doctest.h>

using drivers::tables::TableOptions;
using drivers::tables::Unmentioned;

namespace {

using Notes = std::vector<std::string>;
using Rows = std::vector<std::vector<std::string>>;

TableOptions options_of(std::vector<std::string> ignored = {}) {
    TableOptions options;
    options.times = {"time"};
    options.columns = {{.column = "t", .quantity = "temperature", .unit = "Cel"}};
    options.ignored = std::move(ignored);
    return options;
}

Notes notes_of(const TableOptions& options, const std::vector<std::string>& names,
               const Rows& rows) {
    Unmentioned unmentioned(options);
    unmentioned.begin(names);
    Notes notes;
    for (const auto& row : rows) {
        unmentioned.observe(row);
        for (auto& note : unmentioned.take_notes()) notes.push_back(std::move(note));
    }
    return notes;
}

}  // namespace

TEST_CASE("numbers that no rule takes are told once, with what would take them") {
    const auto notes = notes_of(options_of(), {"time", "t", "Humidity", "light", "remark"},
                                {{"1", "20", "55", "", "ok then"}, {"2", "20", "56", "7", ""}});
    REQUIRE(notes.size() == 2);
    CHECK(notes[0] ==
          "not measured: \"Humidity\"; to take one, add it to [sensor.columns] as \"Humidity\" = "
          "\"humidity\"; to leave it, write ignore = [\"Humidity\"]");
    CHECK(notes[1].starts_with("not measured: \"light\""));
    CHECK(
        notes_of(options_of({"Humidity"}), {"time", "t", "Humidity"}, {{"1", "20", "55"}}).empty());
}

TEST_CASE("a text that differs and comes again says whose row it is: that is told once") {
    struct Case {
        const char* name;
        std::vector<std::string> texts;
    };
    const Case cases[] = {
        {"entity_id", {"sensor.cellar", "sensor.kitchen", "sensor.cellar", "sensor.kitchen"}},
        {"place", {"cellar", "cellar", "kitchen", "kitchen"}},
        {"moteid", {"1", "2", "1", "2"}},
        {"device", {"7", "7", "9"}},
        {"Ort", {"Küche", "Küche", "Keller"}},
    };
    for (const auto& one : cases) {
        CAPTURE(one.name);
        Rows rows;
        for (const auto& text : one.texts) rows.push_back({"1", "20", text});
        const auto notes = notes_of(options_of(), {"time", "t", one.name}, rows);
        REQUIRE(notes.size() == 1);
        CAPTURE(notes[0]);
        CHECK(notes[0].find("by = [\"" + std::string{one.name} + "\"]") != std::string::npos);
        auto by = options_of();
        by.by = {one.name};
        CHECK(notes_of(by, {"time", "t", one.name}, rows).empty());
        CHECK(notes_of(options_of({one.name}), {"time", "t", one.name}, rows).empty());
    }
}

TEST_CASE("several texts that say whose a row is are told in one line") {
    const auto options = options_of();
    Unmentioned unmentioned(options);
    unmentioned.begin({"time", "t", "model", "id", "channel"});
    for (int round = 0; round < 2; ++round) {
        unmentioned.observe({"1", "20", "Acurite", "7", "1"});
        unmentioned.observe({"1", "20", "Nexus", "8", "2"});
    }
    const auto notes = unmentioned.take_notes();
    REQUIRE(notes.size() == 1);
    CHECK(
        notes[0].starts_with("rows of \"model\" = \"Acurite\" and \"Nexus\", \"id\" = \"7\" and "
                             "\"8\", \"channel\" = "));
    CHECK(notes[0].find("by = [\"model\", \"id\", \"channel\"] makes one for each") !=
          std::string::npos);
}

TEST_CASE("numbers of a row without the values are told, and its texts are not") {
    const auto options = options_of();
    Unmentioned unmentioned(options);
    for (int round = 0; round < 2; ++round) {
        unmentioned.observe_other("kind", "a");
        unmentioned.observe_other("kind", "b");
        unmentioned.observe_other("wind", "3.5");
    }
    const auto notes = unmentioned.take_notes();
    REQUIRE(notes.size() == 1);
    CHECK(notes[0].starts_with("not measured: \"wind\""));
}

TEST_CASE("a column that says the zone is told where the times have none") {
    auto options = options_of();
    options.time_format = drivers::tables::TimeFormat::parse("%Y-%m-%d %H:%M").value();
    for (const auto* name : {"timezone", "tz", "utc_offset"}) {
        CAPTURE(name);
        const auto notes = notes_of(options, {"time", "t", name},
                                    {{"1", "20", "America/New_York"}, {"2", "20", "x/y"}});
        REQUIRE(notes.size() == 1);
        CHECK(notes[0].find("write time_zone = \"America/New_York\"") != std::string::npos);
    }
    CHECK(notes_of(options, {"time", "t", "tz"}, {{"1", "20", "UTC"}}).empty());
    options.has_time_zone = true;
    CHECK(notes_of(options, {"time", "t", "tz"}, {{"1", "20", "Europe/Berlin"}}).empty());
}

TEST_CASE("numbers of rows, times, remarks and one device alone are nobody's name") {
    struct Case {
        const char* name;
        std::vector<std::string> texts;
    };
    const Case cases[] = {
        {"id", {"1", "2", "3", "4"}},
        {"date", {"2004-03-10", "2004-03-10", "2004-03-11"}},
        {"last_changed", {"2025-10-20T00:00:00Z", "2025-10-20T00:00:00Z", "2025-10-20T00:00:01Z"}},
        {"clock", {"10:15:09 AM", "10:15:09 AM", "10:16:09 AM"}},
        {"remark", {"", "windy", "", "rain", ""}},
        {"entity_id", {"sensor.cellar", "sensor.cellar", "", "sensor.cellar"}},
    };
    for (const auto& one : cases) {
        CAPTURE(one.name);
        Rows rows;
        for (const auto& text : one.texts) rows.push_back({"1", "20", text});
        CHECK(notes_of(options_of(), {"time", "t", one.name}, rows).empty());
    }
}

TEST_CASE("a column that may be the rows' time is told when they have none") {
    auto options = options_of();
    options.times.clear();
    const auto notes =
        notes_of(options, {"Timestamp", "t"}, {{"2025-10-20T00:00:00Z", "1"}, {"2026-10-20", "2"}});
    REQUIRE(notes.size() == 1);
    CHECK(notes[0].find("time_column = \"Timestamp\"") != std::string::npos);
}
