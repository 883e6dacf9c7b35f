#include "drivers/serial/text/row.hpp"

#include <doctest/doctest.h>

using drivers::serial::decode_row;
using Kind = drivers::serial::DecodedLine::Value::Kind;

TEST_CASE("a row has its values by the names of the columns") {
    for (const auto* line :
         {"23.5,45", "23.5 , 45", "23.5;45", "23.5 | 45", "23.5\t\t45", " 23.5 45 ", "23.5,45,"}) {
        CAPTURE(line);
        const auto row = decode_row(line, {.columns = {"t", "h"}});
        REQUIRE(row);
        REQUIRE(row->values.size() == 2);
        CHECK(row->values[0].key == "t");
        CHECK(row->values[0].number == 23.5);
        CHECK(row->values[1].number == 45);
    }
}

TEST_CASE("a row of another width, or of words, says nothing") {
    for (const auto* line :
         {"23.5", "23.5,45,1", "", "t,h", "23,5;45;1", "Temperature: 23.5, Humidity: 45"}) {
        CAPTURE(line);
        CHECK_FALSE(decode_row(line, {.columns = {"t", "h"}}));
    }
}

TEST_CASE("a cell that is no number costs itself only, and its unit is kept") {
    const auto row = decode_row("nan,45.0%,4x,,7", {.columns = {"a", "b", "c", "d", ""}});
    REQUIRE(row);
    REQUIRE(row->values.size() == 4);
    CHECK(row->values[0].kind == Kind::missing);
    CHECK(row->values[1].number == 45);
    CHECK(row->values[1].unit == "%");
    CHECK(row->values[2].kind == Kind::text);
    CHECK(row->values[3].kind == Kind::missing);
}

TEST_CASE("with a decimal comma, a comma separates nothing") {
    const auto row = decode_row("23,5;45", {.decimal_mark = ',', .columns = {"t", "h"}});
    REQUIRE(row);
    CHECK(row->values[0].number == 23.5);
    CHECK_FALSE(decode_row("23,5", {.decimal_mark = ',', .columns = {"t", "h"}}));
}
