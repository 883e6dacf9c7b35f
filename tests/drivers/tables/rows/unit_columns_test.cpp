#include "drivers/tables/rows/unit_columns.hpp"

#include <doctest/doctest.h>

#include "drivers/tables/rows/table_reader.hpp"

using drivers::tables::ColumnOptions;
using drivers::tables::is_unit_name;
using drivers::tables::TableOptions;
using drivers::tables::TableReader;
using drivers::tables::UnitColumns;

namespace {

using Columns = std::vector<ColumnOptions>;
using Units = std::vector<std::string>;

const ColumnOptions kTemp{.column = "temp", .quantity = "temperature", .unit = "Cel"};
const ColumnOptions kHum{.column = "hum", .quantity = "humidity", .unit = "%RH"};
const ColumnOptions kBaro{.column = "baro", .quantity = "pressure", .unit = "Pa"};

TableOptions options_of(Columns columns) {
    TableOptions options;
    options.file = "data.csv";
    options.columns = std::move(columns);
    return options;
}

struct Said {
    const char* name;
    const char* text;
};

Units units_of(const TableOptions& options, const std::vector<Said>& row) {
    UnitColumns units(options);
    for (const auto& [name, text] : row) units.observe(name, text);
    return units.units();
}

/// The values of one row of a file.
std::vector<double> values_of(const TableOptions& options, const std::string& names,
                              const std::string& line) {
    const auto header = drivers::tables::find_header(options, names + "\n" + line + "\n");
    REQUIRE(header);
    TableReader reader(options);
    reader.begin(header.value(), true);
    drivers::tables::DecodedRow row;
    REQUIRE(reader.read(line, row) == TableReader::Outcome::row);
    std::vector<double> values;
    for (const auto& value : row.values) values.push_back(value.value);
    return values;
}

}  // namespace

TEST_CASE("a unit of a quantity is that of its column, whatever else is read") {
    const auto two = options_of({kTemp, kHum});
    for (const auto* name : {"temp_unit", "tempUnit", "Temp Unit", "temperature_unit", "unit_temp",
                             "temperature_units", "TempScale"}) {
        CAPTURE(name);
        CHECK(units_of(two, {{name, "F"}}) == Units{"F", ""});
        CHECK(units_of(options_of({kTemp}), {{name, "F"}}) == Units{"F"});
    }
    CHECK(units_of(two, {{"hum_unit", "%"}, {"temp_unit", "F"}}) == Units{"F", "%"});
    CHECK(units_of(two, {{"pressure_unit", "hPa"}}) == Units{"", ""});
    CHECK(units_of(two, {{"business_unit", "F"}}) == Units{"", ""});
    CHECK(units_of(two, {{"temp_display_unit", "F"}}) == Units{"", ""});
    CHECK(units_of(options_of({kTemp}), {{"Scale", "F"}}) == Units{"F"});
}

TEST_CASE("a unit of all columns is that of those that can be in it") {
    const auto three = options_of({kTemp, kHum, kBaro});
    for (const auto* name : {"unit", "Units", "uom", "unit_of_measurement", "Einheit", "scale"}) {
        CAPTURE(name);
        CHECK(units_of(three, {{name, "F"}}) == Units{"F", "", ""});
    }
    CHECK(units_of(three, {{"unit", "f"}}) == Units{"degF", "", ""});
    CHECK(units_of(three, {{"unit", "hPa"}}) == Units{"", "", "hPa"});
    CHECK(units_of(three, {{"units", "imperial"}}) == Units{"degF", "", "imperial"});
    CHECK(units_of(three, {{"units", "metric"}}) == Units{"degC", "", ""});
    CHECK(units_of(three, {{"unit", "C"}, {"temp_unit", "F"}}) == Units{"F", "", ""});
    CHECK(units_of(three, {{"temp_unit", "F"}, {"unit", "C"}}) == Units{"F", "", ""});
    CHECK(units_of(three, {{"unit", "-"}}) == Units{"", "", ""});
    auto ignored = three;
    ignored.ignored = {"unit"};
    CHECK(units_of(ignored, {{"unit", "F"}}) == Units{"", "", ""});
    CHECK_FALSE(is_unit_name(ignored, "unit"));
}

TEST_CASE("a unit that no column can be in is told once") {
    const auto options = options_of({kTemp, kHum});
    UnitColumns units(options);
    units.observe("unit", "lx");
    units.observe("unit", "lx");
    units.observe("unit", "Unit 7");
    const auto notes = units.take_notes();
    REQUIRE(notes.size() == 1);
    CHECK(notes[0] ==
          "\"unit\" says \"lx\", which no column that is read can be in: they count as configured");
    CHECK(units.take_notes().empty());
}

TEST_CASE("a unit in an object is that of what is in it") {
    auto air = kTemp;
    air.column = "/air/temp";
    auto water = kTemp;
    water.column = "/water/temp";
    const auto options = options_of({air, water});
    CHECK(units_of(options, {{"/air/unit", "F"}}) == Units{"F", ""});
    CHECK(units_of(options, {{"unit", "F"}, {"/air/unit", "C"}}) == Units{"C", "F"});
}

TEST_CASE("a row counts in the units that it says, and one without is as configured again") {
    const auto two = options_of({kTemp, kHum});
    CHECK(values_of(two, "temp,temp_unit,hum", "73.4,F,45") == std::vector{23.0, 45.0});
    CHECK(values_of(two, "temp,hum,unit", "73.4,45,°F") == std::vector{23.0, 45.0});
    auto value = kTemp;
    value.column = "value";
    auto least = kTemp;
    least.column = "min";
    least.quantity = "least";
    CHECK(values_of(options_of({value, least}), "value,min,unit", "73.4,32,F") ==
          std::vector{23.0, 0.0});
    CHECK(values_of(options_of({kTemp, kBaro}), "temp,baro,units", "73.4,29.92,imperial") ==
          std::vector{23.0});
    CHECK(values_of(options_of({kTemp, kHum}), "temp,temp_unit,hum", "73.4,furlong,45") ==
          std::vector{45.0});
}
