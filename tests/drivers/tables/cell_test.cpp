#include "drivers/tables/cell.hpp"

#include <doctest/doctest.h>

using drivers::tables::Cell;
using drivers::tables::CellFormat;
using drivers::tables::read_cell;

namespace {

const CellFormat kPlain{.unit = "Cel"};
const CellFormat kSwitch{.unit = "/"};
const CellFormat kComma{.decimal_comma = true, .unit = "Cel"};

bool has(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("a number is read as the column's format says") {
    struct Case {
        const char* text;
        CellFormat format;
        double number;
    };
    const Case cases[] = {
        {"23.75", kPlain, 23.75},
        {" -2e3\t", kPlain, -2000},
        {"+1.5", kPlain, 1.5},
        {"\u22124.5", kPlain, -4.5},
        {".5", kPlain, 0.5},
        {"23,75", kComma, 23.75},
        {"-0,5", kComma, -0.5},
        {"65", kComma, 65},
        {"1,5e2", kComma, 150},
        {"23.4 °C", kPlain, 23.4},
        {"23.4°C", kPlain, 23.4},
        {"73.40 *F", kPlain, 23},
        {"23,4 °C", kComma, 23.4},
        {"45%", {.unit = "%RH"}, 45},
        {"45 %", {.unit = "/"}, 0.45},
        {"1013.25 hPa", {.unit = "Pa"}, 101325},
        {"20.3 cm", {.unit = "m"}, 0.203},
        {"true", kSwitch, 1},
        {"False", kSwitch, 0},
        {"ON", kSwitch, 1},
        {"off", kSwitch, 0},
    };
    for (const auto& one : cases) {
        CAPTURE(one.text);
        const auto cell = read_cell(one.text, one.format);
        CHECK(cell.kind == Cell::Kind::number);
        CHECK(cell.number == doctest::Approx(one.number).epsilon(1e-12));
    }
}

TEST_CASE("a text that is not wholly a number is refused, and says what would be one") {
    struct Case {
        const char* text;
        CellFormat format;
        const char* why;
    };
    const Case cases[] = {
        {"x", kPlain, "no number: \"x\""},
        {"1x", kPlain, "no number: \"1x\""},
        {"inf", kPlain, "no number"},
        {"-inf", kPlain, "no number"},
        {"1e999", kPlain, "no number"},
        {"1;5", kPlain, "no number"},
        {"0x10", kPlain, "no number"},
        {"--1", kPlain, "no number"},
        {"+-1", kPlain, "no number"},
        {"1.", kPlain, "no number"},
        {"1.2.3", kPlain, "no number"},
        {"23,75", kPlain, "write decimal = \",\""},
        {"1,234,567", kPlain, "with groups of thousands"},
        {"+0056,1", kPlain, "it may be a value and a code in one field; give each its own"},
        {"-0056,1", kPlain, "it may be a value and a code in one field"},
        {"0056,123", kPlain, "it may be a value and a code in one field"},
        {"+56,1", kPlain, "it may be a value and a code in one field"},
        {"0,5", kPlain, "write decimal = \",\""},
        {"1,234", kPlain, "with groups of thousands"},
        {"1,234 mm", {.unit = "m"}, "with groups of thousands"},
        {"1,23 mm", {.unit = "m"}, "is it a decimal comma? Then write decimal = \",\""},
        {"true", kPlain, "no number: \"true\""},
        {"on", kPlain, "no number: \"on\""},
        {"1.234,5", kComma, "the decimal sign is a comma here"},
        {"23.75", kComma, "the decimal sign is a comma here"},
        {"1,2,3", kComma, "no number"},
        {"5 V", kPlain, "\"V\" does not convert to Cel"},
        {"5 bananas", kPlain, "no number"},
        {"on fire", kPlain, "no number"},
    };
    for (const auto& one : cases) {
        CAPTURE(one.text);
        const auto cell = read_cell(one.text, one.format);
        CHECK(cell.kind == Cell::Kind::bad);
        CAPTURE(cell.why);
        CHECK(has(cell.why, one.why));
    }
}

TEST_CASE("what stands for no value is no value, and no fault") {
    for (const std::string word : {"", " ", "NA", "N/A", "n/a", "NaN", "nan", "null", "NULL",
                                   "None", "-", "--", "unavailable", "unknown", "#N/A"}) {
        CAPTURE(word);
        CHECK(read_cell(word, kPlain).kind == Cell::Kind::missing);
        CHECK(drivers::tables::is_missing_word(word));
    }
    const CellFormat codes{.decimal_comma = true, .missing = {"-200", "85", "ERR"}, .unit = "Cel"};
    for (const std::string code : {"-200", "-200,0", " 85 ", "85,00", "+85", "ERR"}) {
        CAPTURE(code);
        CHECK(read_cell(code, codes).kind == Cell::Kind::missing);
    }
    for (const std::string value : {"-20", "-200,1", "850", "8,5"}) {
        CAPTURE(value);
        CHECK(read_cell(value, codes).kind == Cell::Kind::number);
    }
    CHECK(read_cell("-200", kPlain).number == -200);
    CHECK(read_cell("err", codes).kind == Cell::Kind::bad);
}
