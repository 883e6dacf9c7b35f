// Goal: a table says the same to people, to spreadsheets and to programs, and no text in it can
// steer a terminal or be carried out by a spreadsheet.
#include <doctest/doctest.h>

#include "base/json.hpp"
#include "central/shell/table/render.hpp"
#include "central/shell/table/text_width.hpp"
#include "central/shell/table/times.hpp"
#include "central/text/rfc3339.hpp"

using namespace std::chrono_literals;
using drivers::tables::TimeZone;
using shell::Cell;
using shell::Table;

namespace {

constexpr base::EventTime kNoon = base::from_milliseconds(1'763'640'000'000);

Table some() {
    return {.facts = {{"now", kNoon}},
            .columns = {{.name = "node", .title = "node"},
                        {.name = "readings", .title = "readings"},
                        {.name = "last.at", .title = "last"},
                        {.name = "last.value", .title = ""},
                        {.name = "tags", .title = "tags", .is_rare = true},
                        {.name = "causes", .title = "causes", .is_prose = true}},
            .rows = {{"attic", std::uint64_t{7}, kNoon, 1.5, {}, {}},
                     {"cellar", std::uint64_t{12'000}, {}, {}, {}, "it is \"dead\", or away"}}};
}

std::string text_of(const Table& table, std::optional<std::size_t> width = {}) {
    return shell::to_text(table, TimeZone{}, width);
}

}  // namespace

TEST_CASE(
    "people see aligned columns, numbers to the right, and no column that is rare and empty") {
    CHECK(text_of(some()) ==
          "NODE    READINGS  LAST                  CAUSES\n"
          "attic          7  2025-11-20 12:00:00Z\n"
          "cellar     12000  -                     it is \"dead\", or away\n");
    auto table = some();
    table.rows[0][4] = std::vector<std::string>{"outdoor", "TI-4711"};
    CHECK(text_of(table).find("outdoor TI-4711") != std::string::npos);
    table.rows.clear();
    CHECK(text_of(table).empty());
}

TEST_CASE("lines are cut only to the width of a terminal, and never within a character") {
    CHECK(text_of(some(), 20) ==
          "NODE    READINGS  L…\n"
          "attic          7  2…\n"
          "cellar     12000  -…\n");
    CHECK(text_of(some(), 46).find("cellar     12000  -                     it is…") !=
          std::string::npos);
    CHECK(shell::cut_to("Grüße", 4) == "Grü…");
    CHECK(shell::cut_to("Grüße", 5) == "Grüße");
    CHECK(shell::cut_to("温度計", 4) == "温…");
    CHECK(shell::cut_to("abc", 0).empty());
    CHECK(shell::width_of("温度") == 4);
    CHECK(shell::width_of("e\u0301") == 1);
}

TEST_CASE("CSV has one header, RFC 3339 times, and quotes where they must be") {
    CHECK(shell::to_csv(some(), TimeZone{}) ==
          "node,readings,last.at,last.value,tags,causes\r\n"
          "attic,7,2025-11-20T12:00:00.000Z,1.5,,\r\n"
          "cellar,12000,,,,\"it is \"\"dead\"\", or away\"\r\n");
}

TEST_CASE("a text that looks like a formula is none in a spreadsheet, and a number stays one") {
    auto table = some();
    for (const char* text : {"=1+1", "+1", "-1", "@SUM(A1)"}) {
        table.rows[0][5] = text;
        const auto csv = shell::to_csv(table, TimeZone{});
        CHECK(csv.find(std::string{",'"} + text + "\r\n") != std::string::npos);
    }
    table.rows[0][3] = -1.5;
    CHECK(shell::to_csv(table, TimeZone{}).find(".000Z,-1.5,") != std::string::npos);
}

TEST_CASE("JSON has an object a row, nested where names have a dot, and null for nothing") {
    auto table = some();
    table.rows[1][5] = shell::with_json(
        "away", [](base::JsonWriter& json) { json.begin_array().value("away").end_array(); });
    CHECK(shell::to_json(table) ==
          R"({"now":1763640000000,"items":[{"node":"attic","readings":7,)"
          R"("last":{"at":1763640000000,"value":1.5},"tags":null,"causes":null},)"
          R"({"node":"cellar","readings":12000,"last":{"at":null,"value":null},"tags":null,)"
          R"("causes":["away"]}]})"
          "\n");
    table.rows.clear();
    CHECK(shell::to_json(table) == "{\"now\":1763640000000,\"items\":[]}\n");
}

TEST_CASE("no text steers a terminal, whatever the output") {
    auto table = some();
    table.heading = {"h\x1b[2J"};
    table.notes = {"n\x1b[2J"};
    // An escape, a C1 control character, one that turns the direction of text, and no UTF-8.
    table.rows[0][5] = std::string{"a\x1b[31m\n\u009b2J\u202e\xff"};
    for (const auto& text :
         {text_of(table), shell::to_csv(table, TimeZone{}), shell::to_json(table)}) {
        CAPTURE(text);
        for (const char* bad : {"\x1b", "\u009b", "\u202e", "\xff"}) {
            CHECK(text.find(bad) == std::string::npos);
        }
    }
    const auto json = base::parse_json(shell::to_json(table));
    REQUIRE(json);
    CHECK(json.value().find("items")->array[0].find("causes")->string ==
          "a\x1b[31m\n\u009b2J\u202e\ufffd");
}

TEST_CASE("times are those of a zone, and can be pasted as RFC 3339") {
    const auto berlin = TimeZone::find("Europe/Berlin").value();
    CHECK(text::short_rfc3339(kNoon, berlin) == "2025-11-20 13:00:00+01:00");
    CHECK(text::rfc3339(kNoon + 250ms, berlin) == "2025-11-20T13:00:00.250+01:00");
    CHECK(text::short_rfc3339(kNoon + 250ms, TimeZone{}) == "2025-11-20 12:00:00.250Z");
    CHECK(text::rfc3339(kNoon, TimeZone::find("-03:30").value()) ==
          "2025-11-20T08:30:00.000-03:30");
    CHECK(text::rfc3339(base::from_milliseconds(-1), TimeZone{}) == "1969-12-31T23:59:59.999Z");
    // Wrong clocks have years that a calendar of 16 bits does not know.
    CHECK(text::rfc3339(base::from_milliseconds(9'007'199'254'740'991)) ==
          "287396-10-12T08:59:00.991Z");
    CHECK(text::rfc3339(base::from_milliseconds(-62'167'219'200'000)) ==
          "0000-01-01T00:00:00.000Z");
    CHECK(text::file_stamp(kNoon + 250ms) == "20251120T120000Z");
    CHECK(text::file_stamp(base::from_milliseconds(-1)) == "19691231T235959Z");
    CHECK(shell::length_text(15min) == "15m");
    CHECK(shell::length_text(24h) == "1d");
    CHECK(shell::length_text(90s) == "90s");
    CHECK(shell::length_text(250ms) == "250ms");
    CHECK(shell::age_text(kNoon, kNoon + 119s) == "119 s ago");
    CHECK(shell::age_text(kNoon, kNoon + 3min) == "3 min ago");
    CHECK(shell::age_text(kNoon + 5h, kNoon) == "in 5 h");
    CHECK(shell::age_text(kNoon - 50h, kNoon) == "2 d ago");
}
