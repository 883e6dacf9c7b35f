#include "drivers/replay/decode.hpp"

#include <doctest/doctest.h>

namespace {

struct Decoder {
    drivers::replay::Options options;
    drivers::tables::Columns columns;

    Decoder() {
        options.time_format = drivers::tables::TimeFormat::parse("unix").value();
        options.columns = {{"A", "a", "/"}, {"B", "b", "/"}};
        columns = {.fields = 3, .time = 0, .values = {1, 2}};
    }

    drivers::replay::DecodedRow decoded;
    base::Status read(const std::string& row) {
        return drivers::replay::RowDecoder(options, columns).decode(row, decoded);
    }
};

}  // namespace

TEST_CASE("a row gives its time and one value a column") {
    Decoder decoder;
    REQUIRE(decoder.read("5,1.5,-2e3"));
    CHECK(decoder.decoded.time == base::from_milliseconds(5000));
    REQUIRE(decoder.decoded.values.size() == 2);
    CHECK(decoder.decoded.values[0].value == 1.5);
    CHECK(decoder.decoded.values[1].value == -2000);
    CHECK(decoder.decoded.values[1].quantity == 1);
}

TEST_CASE("a cell that says there is nothing yields nothing and no complaint") {
    for (const std::string cell : {"", " ", "NA", "N/A", "NaN", "nan", "null", "NULL"}) {
        CAPTURE(cell);
        Decoder decoder;
        REQUIRE(decoder.read("5," + cell + ",7"));
        CHECK(decoder.decoded.bad_cells.empty());
        REQUIRE(decoder.decoded.values.size() == 1);
        CHECK(decoder.decoded.values[0].quantity == 1);
    }
}

TEST_CASE("a cell that is not a finite number is reported, and the others of its row count") {
    for (const std::string cell : {"x", "1x", "inf", "-inf", "1e999", "1;5", "0x10", "--1"}) {
        CAPTURE(cell);
        Decoder decoder;
        REQUIRE(decoder.read("5," + cell + ",7"));
        REQUIRE(decoder.decoded.bad_cells.size() == 1);
        CHECK(decoder.decoded.bad_cells[0] == "A: no number: \"" + cell + "\"");
        REQUIRE(decoder.decoded.values.size() == 1);
        CHECK(decoder.decoded.values[0].value == 7);
    }
}

TEST_CASE("a row of the wrong shape or without a time is refused, and says why") {
    struct Case {
        const char* row;
        const char* reason;
    };
    const Case cases[] = {
        {"5,1", "2 fields instead of 3"},
        {"5,1,2,3", "4 fields instead of 3"},
        {"soon,1,2", "no time: \"soon\""},
        {",1,2", "no time: \"\""},
        {"5,\"1,2", "a quote is not closed as it should be: 5,\"1,2"},
    };
    for (const auto& one : cases) {
        Decoder decoder;
        const auto status = decoder.read(one.row);
        REQUIRE_FALSE(status);
        CHECK(status.error().detail == one.reason);
    }
}
