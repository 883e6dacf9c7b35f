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
    const auto shifted = find_header(options_of(), "time,t\n1,5,20\n");
    REQUIRE(shifted);
    CHECK(shifted.value().columns.fields == 3);
    CHECK(shifted.value().columns.wanted == decltype(shifted.value().columns.wanted){1, 2});
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
