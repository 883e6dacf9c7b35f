#include "drivers/tables/rows/header.hpp"

#include <doctest/doctest.h>

using drivers::tables::find_header;
using drivers::tables::TableOptions;

namespace {

using Names = std::vector<std::string>;

TableOptions options_of(std::string column = "t", char separator = ',') {
    TableOptions options;
    options.file = "data.csv";
    options.times = {"time"};
    options.separator = separator;
    options.columns = {{.column = std::move(column), .quantity = "temperature", .unit = "Cel"}};
    return options;
}

void check_refused(const TableOptions& options, const std::string& text, const std::string& part) {
    const auto header = find_header(options, text);
    REQUIRE_FALSE(header);
    CAPTURE(header.error().detail);
    CHECK(header.error().fault == base::Fault::misconfigured);
    CHECK(header.error().detail.find(part) != std::string::npos);
}

}  // namespace

TEST_CASE("the header is the first row with all columns, whatever stands before it") {
    struct Case {
        const char* name;
        std::string before;
        std::string header;
    };
    const Case cases[] = {
        {"nothing", "", "time,t\n"},
        {"a byte order mark", "\xEF\xBB\xBF", "time,t\r\n"},
        {"a title", "\"Plot Title: greenhouse\"\n", "time,t\n"},
        {"comments and blank lines", "# station 7\n\n#time of t\n", "time,t\n"},
        {"the separator that Excel writes", "sep=,\r\n", "time,t\n"},
        {"a title with an open quote", "\"station\n", "time,t\n"},
        {"a title of several fields", "TOA5,CR1000,1234,t\n", "time,t\n"},
        {"a comment sign before it", "# station 7\n", "#time,t\n"},
        {"a comment sign and a blank", "", "# time,t\n"},
        {"blanks and empty names", "", " time , t ,,\n"},
    };
    for (const auto& one : cases) {
        CAPTURE(one.name);
        const auto found = find_header(options_of(), one.before + one.header + "1,20\n");
        REQUIRE(found);
        const auto& header = found.value();
        CHECK(header.begin == one.before.size());
        CHECK(header.end == (one.before + one.header).size());
        CHECK(header.names == Names{"time", "t"});
        CHECK(header.columns.wanted == decltype(header.columns.wanted){0, 1});
        CHECK(header.is_settled);
    }
}

TEST_CASE("a name in another alphabet is found in UTF-8 and in what Excel writes on Windows") {
    const auto options = options_of("Temp, °C", ';');
    CHECK(find_header(options, "time;Temp, °C\n1;2\n"));
    CHECK(find_header(options,
                      "time;\"Temp, \xB0"
                      "C\"\n1;2\n"));
    CHECK_FALSE(find_header(options,
                            "time;Temp, \xB5"
                            "C\n1;2\n"));
}

TEST_CASE("a header with one name less than the rows have fields is shifted, as R writes it") {
    for (const std::string rows :
         {"1,5,20\n2,6,21\n", "\"1\",5,20\n", "\"140\",5,20\n\"141\",6,20\n",
          "\"Mazda RX4\",5,20\n\"Datsun\",6,20\n"}) {
        CAPTURE(rows);
        const auto shifted = find_header(options_of(), "time,t\n" + rows);
        REQUIRE(shifted);
        CHECK(shifted.value().columns.fields == 3);
        CHECK(shifted.value().columns.wanted == decltype(shifted.value().columns.wanted){1, 2});
    }
    // Not by a decimal comma, or by a row that is broken.
    for (const std::string rows :
         {"1423051200,21,5\n1423051260,21,6\n", "1423051200,21,5\n", "1,21,5\n", "1,5,20\n1,6,20\n",
          "1,5,20\n2,6\n", "2,5,20\n3,6,21\n", "\"x\",5,20\n6,21\n", "\"a\",5,20\n\"a\",6,21\n",
          "2025-01-01,5,20\n2025-01-02,5,20\n"}) {
        CAPTURE(rows);
        const auto plain = find_header(options_of(), "time,t\n" + rows);
        REQUIRE(plain);
        CHECK(plain.value().columns.fields == 2);
    }
    auto unix_times = options_of();
    unix_times.time_format = drivers::tables::TimeFormat::parse("unix").value();
    const auto quoted = find_header(unix_times, "time,t\n\"1423051200\",21,5\n");
    CHECK(quoted.value().columns.fields == 2);
    // One longer row alone shows nothing for good.
    CHECK_FALSE(find_header(options_of(), "time,t\n1,5,20\n").value().is_settled);
    CHECK(find_header(options_of(), "time,t\n1,5,20\n2,6,20\n").value().is_settled);
    // Not by a separator at the end of each row.
    const auto open = find_header(options_of(), "time,t\n5,20,\n");
    REQUIRE(open);
    CHECK(open.value().columns.fields == 2);
}

TEST_CASE("without a header in the file the likeliest row is shown, and what may be wrong") {
    check_refused(options_of("Temperatur"), "# station\nTitle\ntime,Temperature,x\n1,2,3\n",
                  "no column \"Temperatur\"; did you mean \"Temperature\"?; its 3 columns: "
                  "time, Temperature, x");
    check_refused(options_of(), "time;t\n1;2\n", "is it separator = \";\"?");
    check_refused(options_of(), "time\tt\n1\t2\n", "is it separator = \"\\t\"?");
    check_refused(options_of(), "\"time,t\n", "its first line is no header");
}

TEST_CASE("a file in UTF-16 is told as one") {
    const std::string little("\xFF\xFEt\0i\0m\0e\0", 10);
    check_refused(options_of(), little, "data.csv is in UTF-16; save it as UTF-8");
    check_refused(options_of(), std::string("\xFE\xFF\0t", 4), "is in UTF-16");
    check_refused(options_of(), std::string("t\0i\0m\0e\0", 8), "a zero byte");
}

TEST_CASE("a name that stands twice is no column: both numbers are named") {
    check_refused(
        options_of(), "time,t,t\n1,2,3\n",
        "data.csv has two columns \"t\"; write the number of the one that is meant: \"2\" "
        "or \"3\"");
    CHECK(find_header(options_of("3"), "time,t,t\n1,2,3\n"));
    // One that nobody reads may.
    CHECK(find_header(options_of(), "time,t,x,x\n1,2,3,4\n"));
}

TEST_CASE("a zone in the header must not contradict the configured one") {
    auto options = options_of();
    options.time_format = drivers::tables::TimeFormat::parse("%Y-%m-%d %H:%M").value();
    options.times = {"Date Time, GMT-05:00"};
    const std::string text = "\"Date Time, GMT-05:00\",t\n2025-01-01 10:00,2\n";
    CHECK(find_header(options, text).value().writing.zone.value().name() == "-05:00");
    options.has_time_zone = true;
    options.time_zone = drivers::tables::TimeZone::find("-0500").value();
    CHECK(find_header(options, text));
    options.time_zone = drivers::tables::TimeZone::find("America/New_York").value();
    check_refused(
        options, text,
        "its times are in GMT-05:00, and time_zone = \"America/New_York\" says otherwise; "
        "leave time_zone out, or write time_zone = \"-05:00\"");
    options.times = {"Time (CST)"};
    CHECK(find_header(options, "Time (CST),t\n2025-01-01 10:00,2\n"));
    options.has_time_zone = false;
    check_refused(options, "Time (CST),t\n2025-01-01 10:00,2\n",
                  "its times are in \"CST\", which can mean several zones; write time_zone");
    // Times that say it themselves need no zone.
    options.time_format = drivers::tables::TimeFormat::parse("unix").value();
    CHECK(find_header(options, "Time (CST),t\n1735725600,2\n"));
}
