// Goal: every row of tables as people have them is read right, or told.
// Method: small files as programs write them, read row by row: what was measured, what was refused,
// and what was said.

#include "drivers/tables/rows/table_reader.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <set>

#include "drivers/core/names.hpp"
#include "drivers/tables/csv.hpp"

using drivers::tables::TableOptions;
using drivers::tables::TableReader;

namespace {

using Texts = std::vector<std::string>;

struct Read {
    Texts values;    // "temperature 20 @1000", the time in milliseconds.
    Texts troubles;  // Of rows and of cells.
    Texts notes;
    Texts quantities;
};

Read read(const TableOptions& options, std::string_view text) {
    TableReader reader(options);
    auto header = options.header ? drivers::tables::find_header(options, text)
                                 : drivers::tables::no_header(options, text);
    REQUIRE_MESSAGE(header, header.error().detail);
    reader.begin(header.value(), true);
    text.remove_prefix(header.value().end);
    Read result;
    drivers::tables::DecodedRow row;
    while (!text.empty()) {
        const auto length =
            drivers::tables::row_length(text, options.separator).value_or(text.size());
        const auto line = drivers::tables::without_newline(text.substr(0, length));
        text.remove_prefix(length);
        if (line.empty() || reader.read(line, row) != TableReader::Outcome::row) continue;
        if (row.trouble) result.troubles.push_back(row.trouble->reason);
        for (const auto& [quantity, value] : row.values) {
            const auto time = row.time ? base::to_milliseconds(*row.time) : 0;
            result.values.push_back(
                fmt::format("{} {} @{}", reader.quantities()[quantity].name, value, time));
        }
        for (const auto& cell : row.bad_cells) result.troubles.push_back(cell.trouble.reason);
    }
    result.notes = reader.take_notes();
    for (const auto& quantity : reader.quantities()) result.quantities.push_back(quantity.name);
    return result;
}

TableOptions options_of(Texts times, const std::string& format, const std::string& column) {
    TableOptions options;
    options.file = "data.csv";
    options.times = std::move(times);
    options.time_format = drivers::tables::TimeFormat::parse(format).value();
    options.columns = {{.column = column, .quantity = "temperature", .unit = "Cel"}};
    return options;
}

TableOptions plain() {
    return options_of({"t"}, "unix", "a");
}

bool any_has(const Texts& texts, const std::string& part) {
    for (const auto& text : texts) {
        if (text.find(part) != std::string::npos) return true;
    }
    return false;
}

}  // namespace

TEST_CASE("UCI's air quality: date and time apart, decimal commas, -200, empty fields and rows") {
    auto options = options_of({"Date", "Time"}, "%d/%m/%Y %H.%M.%S", "T");
    options.separator = ';';
    options.decimal_comma = true;
    options.missing = {"-200"};
    options.ignored = {"CO(GT)"};
    const auto got = read(options,
                          "Date;Time;CO(GT);T;;\r\n"
                          "10/03/2004;18.00.00;2,6;13,6;;\r\n"
                          "10/03/2004;19.00.00;-200;-200;;\r\n"
                          "10/03/2004;20.00.00;2,2;11,9;;\r\n"
                          ";;;;;\r\n");
    CHECK(got.values ==
          Texts{"temperature 13.6 @1078941600000", "temperature 11.9 @1078948800000"});
    CHECK(got.troubles.empty());
    CHECK(got.notes.empty());
}

TEST_CASE("a HOBO logger: a title, numbers of rows, AM and PM, remarks in columns of their own") {
    auto options = options_of({"Date Time, GMT+01:00"}, "%m/%d/%y %I:%M:%S %p",
                              "Temp, °C (LGR S/N: 1, SEN S/N: 1)");
    options.time_zone = drivers::tables::TimeZone::find("+01:00").value();
    options.ignored = {"#"};
    const auto got = read(options,
                          "\"Plot Title: greenhouse\"\n"
                          "\"#\",\"Date Time, GMT+01:00\",\"Temp, °C (LGR S/N: 1, SEN S/N: 1)\","
                          "\"Host Connected (LGR S/N: 1)\"\n"
                          "1,04/15/23 12:15:09 AM,23.75,\n"
                          "2,04/15/23 12:16:09 PM,23.5,Logged\n");
    CHECK(got.values ==
          Texts{"temperature 23.75 @1681514109000", "temperature 23.5 @1681557369000"});
    CHECK(got.troubles.empty());
}

TEST_CASE("a Campbell logger: units and kinds under the header are no rows") {
    auto options = options_of({"TIMESTAMP"}, "rfc3339", "AirTC_Avg");
    options.ignored = {"RECORD"};
    options.missing = {"NAN"};
    const auto got = read(options,
                          "\"TOA5\",\"CR1000\",\"CR1000\",\"1234\"\n"
                          "\"TIMESTAMP\",\"RECORD\",\"AirTC_Avg\"\n"
                          "\"TS\",\"RN\",\"Deg C\"\n"
                          "\"\",\"\",\"Avg\"\n"
                          "\"2020-01-01 00:10:00\",0,1.5\n"
                          "\"2020-01-01 00:20:00\",1,\"NAN\"\n");
    CHECK(got.values == Texts{"temperature 1.5 @1577837400000"});
    CHECK(got.troubles.empty());
    CHECK(any_has(got.notes, "a line under the header is passed over: \"TS\""));
}

TEST_CASE("a first row with a number that cannot be read is a failure, not a line of units") {
    CHECK(read(plain(), "t,a\nsoon,1\n1,2\n").troubles == Texts{"no time: \"soon\""});
    CHECK(read(plain(), "t,a\n1,2\nsoon,x\n").troubles == Texts{"no time: \"soon\""});
}

TEST_CASE("a first row with a time is a row of data, whatever its cells are") {
    const auto got = read(plain(), "t,a\n1,error\n2,3\n");
    CHECK(got.values == Texts{"temperature 3 @2000"});
    CHECK(got.troubles.size() == 1);
}

TEST_CASE("a header that comes again with its columns moved counts from there on") {
    auto options = plain();
    options.columns.push_back({.column = "b", .quantity = "humidity", .unit = "%RH"});
    const auto got = read(options,
                          "t,a,b\n"
                          "1,10,50\n"
                          "t,a,b\n"
                          "2,11,51\n"
                          "b,t,a\n"
                          "52,3,12\n"
                          "t,c,a\n"
                          "4,99,13\n");
    CHECK(got.values == Texts{"temperature 10 @1000", "humidity 50 @1000", "temperature 11 @2000",
                              "humidity 51 @2000", "temperature 12 @3000", "humidity 52 @3000",
                              "temperature 13 @4000"});
    CHECK(got.troubles.empty());
    CHECK(any_has(got.notes, "the columns are other ones from here on: b,t,a"));
    CHECK(any_has(got.notes, "from here on, without \"b\": t,c,a"));
}

TEST_CASE("comments between rows are passed over, whatever sign begins them") {
    auto options = plain();
    CHECK(read(options, "t,a\n1,10\n# rebooted\n2,11\n").values.size() == 2);
    options.comment = "//";
    const auto got = read(options, "t,a\n1,10\n// rebooted\n#2,11\n");
    CHECK(got.values.size() == 1);
    CHECK(got.troubles.size() == 1);
}

TEST_CASE("rows of many devices become a series for each, when `by` says so") {
    auto options = options_of({"time"}, "rfc3339", "state");
    const std::string text =
        "time,entity_id,state\n"
        "2025-10-20T00:00:00Z,cellar,5\n"
        "2025-10-20T00:00:01Z,kitchen,20\n"
        "2025-10-20T00:00:02Z,cellar,unavailable\n"
        "2025-10-20T00:00:03Z,,21\n"
        "2025-10-20T00:00:04Z,kitchen,warm\n";
    const auto mixed = read(options, text);
    CHECK(any_has(mixed.notes, "by = [\"entity_id\"]"));
    options.by = {"entity_id"};
    const auto split = read(options, text);
    CHECK(split.values ==
          Texts{"cellar-temperature 5 @1760918400000", "kitchen-temperature 20 @1760918401000"});
    CHECK(split.quantities == Texts{"cellar-temperature", "kitchen-temperature"});
    CHECK(split.troubles ==
          Texts{"no identity: \"entity_id\" is empty", "state: no number: \"warm\""});
    CHECK(split.notes.empty());
}

TEST_CASE("devices with names that are alike, or long, are never one series") {
    auto options = options_of({"t"}, "unix", "v");
    options.by = {"id"};
    const std::string stem(70, 'x');
    std::string text = "t,id,v\n";
    const Texts names{"a b",   "a_b",  "a.b",  "A_B",      "Küche",    "Kuche",
                      "кухня", "厨房", "浴室", stem + "1", stem + "2", "a-temperature"};
    for (const auto& name : names) text += "1," + name + ",5\n";
    const auto got = read(options, text);
    CHECK(got.quantities.size() == names.size());
    const std::set<std::string> distinct(got.quantities.begin(), got.quantities.end());
    CHECK(distinct.size() == names.size());
    for (const auto& name : distinct) CHECK(drivers::is_name(name));
    // In whatever order they come.
    std::string reversed = "t,id,v\n";
    for (auto name = names.rbegin(); name != names.rend(); ++name) {
        reversed += "1," + *name + ",5\n";
    }
    const auto again = read(options, reversed).quantities;
    CHECK(std::set<std::string>(again.begin(), again.end()) == distinct);
}

TEST_CASE("two columns of identity do not run into one another") {
    auto options = options_of({"t"}, "unix", "v");
    options.by = {"site", "id"};
    const auto got = read(options, "t,site,id,v\n1,a,b-c,1\n1,a-b,c,1\n1,a,b,1\n");
    CHECK(std::set<std::string>(got.quantities.begin(), got.quantities.end()).size() == 3);
}

TEST_CASE("more series than a file should have are refused in words, and the others go on") {
    auto options = options_of({"t"}, "unix", "v");
    options.by = {"id"};
    std::string text = "t,id,v\n";
    for (int i = 0; i < 520; ++i) text += fmt::format("1,d{},5\n", i);
    const auto got = read(options, text + "2,d7,6\n");
    CHECK(got.quantities.size() == 512);
    CHECK(got.troubles.size() == 8);
    CHECK(got.values.back() == "d7-temperature 6 @2000");
    CHECK(any_has(got.troubles, "\"by\" gives more than 512 series"));
}

TEST_CASE("a column of days alone is told: all readings of a day would have one time") {
    const auto options = options_of({"Date"}, "%Y-%m-%d", "T");
    const auto got = read(options, "Date,Time,T\n2023-04-15,10:15:09,1\n2023-04-15,10:16:09,2\n");
    CHECK(any_has(got.notes, "time_column = [\"Date\", \"Time\"]"));
    const auto daily = read(options, "Date,T\n2023-04-15,1\n2023-04-16,2\n");
    CHECK(daily.notes.empty());
}

TEST_CASE("a row of the wrong shape or without a time is refused, and says why") {
    auto options = plain();
    options.columns.push_back({.column = "b", .quantity = "humidity", .unit = "%RH"});
    struct Case {
        const char* row;
        const char* reason;
    };
    const Case cases[] = {
        {"5,1", "2 fields instead of 3: 5,1"},
        {"5,1.5,x,2", "4 fields instead of 3: 5,1.5,x,2"},
        {"soon,1,2", "no time: \"soon\""},
        {",1,2", "no time: \"\""},
        {"5,\"1\"x,2", "a quote is not closed as it should be: 5,\"1\"x,2"},
    };
    for (const auto& one : cases) {
        CAPTURE(one.row);
        const auto got = read(options, std::string{"t,a,b\n6,1,2\n"} + one.row + "\n");
        CHECK(got.troubles == Texts{one.reason});
        CHECK(got.values.size() == 2);
    }
    const auto cell = read(options, "t,a,b\n5,x,7\n");
    CHECK(cell.troubles == Texts{"a: no number: \"x\""});
    CHECK(cell.values == Texts{"humidity 7 @5000"});
}

TEST_CASE("a column may have codes for no value that others do not have") {
    auto options = plain();
    options.columns[0].missing = {"85", "-127"};
    options.columns.push_back({.column = "b", .quantity = "humidity", .unit = "%RH"});
    const auto got = read(options, "t,a,b\n1,85,85\n2,-127.00,-127\n");
    CHECK(got.values == Texts{"humidity 85 @1000", "humidity -127 @2000"});
    CHECK(got.troubles.empty());
}
