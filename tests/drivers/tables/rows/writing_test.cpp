// Goal: a number counts in the unit that the file says, or is refused; never as another one.
// Method: small files whose names, lines of units or unit cells say a unit, through the reader.

#include "drivers/tables/rows/writing.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>

#include "drivers/tables/csv.hpp"
#include "drivers/tables/rows/table_reader.hpp"

using drivers::tables::ColumnOptions;
using drivers::tables::TableOptions;
using drivers::tables::TableReader;

namespace {

using Texts = std::vector<std::string>;

struct Got {
    Texts values;
    Texts troubles;
    Texts notes;
};

TableOptions options_of(ColumnOptions column) {
    TableOptions options;
    options.file = "data.csv";
    options.times = {"time"};
    options.time_format = drivers::tables::TimeFormat::parse("unix").value();
    options.columns = {std::move(column)};
    return options;
}

/// The rows behind `skipped` of them, as after a restart there.
Got read(const TableOptions& options, const std::string& text, std::size_t skipped = 0) {
    const auto header = drivers::tables::find_header(options, text);
    if (!header) return {.values = {}, .troubles = {header.error().detail}, .notes = {}};
    TableReader reader(options);
    reader.begin(header.value(), skipped == 0);
    auto rest = std::string_view{text}.substr(header.value().end);
    Got got;
    drivers::tables::DecodedRow row;
    for (std::size_t rows = 0; !rest.empty(); ++rows) {
        const auto length = drivers::tables::row_length(rest, ',').value_or(rest.size());
        const auto line = drivers::tables::without_newline(rest.substr(0, length));
        rest.remove_prefix(length);
        if (rows < skipped || reader.read(line, row) != TableReader::Outcome::row) continue;
        for (const auto& value : row.values)
            got.values.push_back(fmt::format("{:.10g}", value.value));
        for (const auto& cell : row.bad_cells) got.troubles.push_back(cell.trouble.reason);
        if (row.trouble) got.troubles.push_back(row.trouble->reason);
    }
    got.notes = reader.take_notes();
    return got;
}

bool any_has(const Texts& texts, const std::string& part) {
    return std::any_of(texts.begin(), texts.end(), [&](const std::string& text) {
        return text.find(part) != std::string::npos;
    });
}

ColumnOptions column(std::string name, std::string unit, std::string written = {}) {
    return {.column = std::move(name),
            .quantity = "temperature",
            .unit = std::move(unit),
            .written = std::move(written)};
}

}  // namespace

TEST_CASE("a unit in the name of a column is that of its numbers") {
    struct Case {
        const char* name;
        const char* unit;
        const char* number;
        const char* value;
    };
    const Case cases[] = {
        {"Temp (°F)", "Cel", "73.4", "23"},
        {"Temp [°C]", "Cel", "23.4", "23.4"},
        {"temp_F", "Cel", "73.4", "23"},
        {"T (K)", "Cel", "296.15", "23"},
        {"P (kPa)", "Pa", "101.325", "101325"},
        {"p / hPa", "Pa", "1013.25", "101325"},
        {"p (mbar)", "hPa", "1013.25", "1013.25"},
        {"d (cm)", "m", "20.3", "0.203"},
        {"RH (%)", "%RH", "45", "45"},
        {"v (km/h)", "m/s", "36", "10"},
        {"Temp", "Cel", "23.4", "23.4"},
        {"Barometer - in Hg", "Pa", "29.92", "101320.7589"},
        {"Rain - in", "m", "0.01", "0.000254"},
        {"Hourly Rain (in/hr)", "m/s", "36", "0.000254"},
        {"Flow (L/min)", "m3/s", "60", "0.001"},
        {"Gas (ft3)", "m3", "1000", "28.31684659"},
        {"Visibility miles", "m", "10", "16093.44"},
        {"wind_avg_mi_h", "m/s", "10", "4.4704"},
        {"TempF", "Cel", "73.4", "23"},
        {"°F Temp", "Cel", "73.4", "23"},
        {"battery_mv", "V", "3000", "3"},
        {"baromabsin", "Pa", "29.92", "101320.7589"},
        {"CO2 (ppm)", "ppm", "415", "415"},
        {"Solar (W/m²)", "W/m2", "415", "415"},
        {"wind dir (°)", "deg", "270", "270"},
    };
    for (const auto& one : cases) {
        CAPTURE(one.name);
        const auto options = options_of(column(one.name, one.unit));
        const auto got =
            read(options, fmt::format("time,{}\n1,{}\n2,{}\n", one.name, one.number, one.number));
        CHECK(got.values == Texts{one.value, one.value});
        CHECK(got.troubles.empty());
        CHECK(any_has(got.notes, "is converted to") == (std::string_view{one.number} != one.value));
    }
}

TEST_CASE("a unit in the name that contradicts the configured one is refused, with the cure") {
    const std::string text = "time,\"Temp, °F\"\n1,73.4\n";
    auto got = read(options_of(column("Temp, °F", "%RH")), text);
    CHECK(any_has(got.troubles, "data.csv: \"Temp, °F\" is in °F, and its unit here is %RH"));
    CHECK(any_has(got.troubles, "written = \"%RH\" }"));
    // Both say the unit of the cells, and not the same.
    got = read(options_of(column("Temp (°C)", "Cel", "degF")), "time,Temp (°C)\n1,73.4\n");
    CHECK(any_has(got.troubles, "is in °C, and its unit here is degF"));
    got = read(options_of(column("Temp, °F", "Cel", "degF")), text);
    CHECK(got.values == Texts{"23"});
    // The operator knows better.
    auto told = column("Temp, °F", "Cel", "Cel");
    told.heeds_header = false;
    CHECK(read(options_of(told), text).values == Texts{"73.4"});
    // Nobody claims a unit.
    auto usual = column("Temp, °F", "/");
    usual.has_usual_unit = true;
    got = read(options_of(usual), text);
    CHECK(got.values == Texts{"73.4"});
    CHECK(any_has(got.notes, "is in °F, and counts without a unit"));
}

TEST_CASE("an unknown unit beside a name is refused, unless the operator says what it is") {
    struct Case {
        const char* name;
        const char* unit;
    };
    for (const auto& [name, unit] :
         {Case{"wind (mp/h)", "m/s"}, Case{"RADON pCi/L", "Bq/m3"}, Case{"Precip (1/100 in)", "m"},
          Case{"Temp (0.1 °C)", "Cel"}, Case{"Temp (m°C)", "Cel"}, Case{"Temp (°C/°F)", "Cel"},
          Case{"Pressure (hPa/mbar)", "Pa"}, Case{"Power (mW/MW)", "W"}}) {
        CAPTURE(name);
        const auto text = fmt::format("time,{}\n1,70.7\n", name);
        const auto got = read(options_of(column(name, unit)), text);
        CHECK(got.values.empty());
        CHECK(any_has(got.troubles, fmt::format("which is not known, and its unit here is {0}; if "
                                                "the file is wrong, write {{ quantity = "
                                                "\"temperature:{0}\", written = \"{0}\" }}",
                                                unit)));
        auto told = column(name, unit, unit);
        told.heeds_header = false;
        CHECK(read(options_of(told), text).values == Texts{"70.7"});
        auto usual = column(name, "/");
        usual.has_usual_unit = true;
        CHECK(read(options_of(usual), text).values == Texts{"70.7"});
    }
    CHECK(read(options_of(column("Power (mW)", "MW")), "time,Power (mW)\n1,7\n").values.empty());
}

TEST_CASE("a line of units under the header is that of the numbers, also after a restart") {
    for (const std::string unit : {"°F", "[°F]", "(deg F)", "degF"}) {
        CAPTURE(unit);
        const auto options = options_of(column("t", "Cel"));
        const auto text = "time,t\n," + unit + "\n1,73.4\n2,75.2\n";
        CHECK(read(options, text).values == Texts{"23", "24"});
        CHECK(read(options, text, 2).values == Texts{"24"});
    }
    const auto got = read(options_of(column("t", "Cel")), "time,t\n,hPa\n1,1013\n");
    CHECK(got.values.empty());
    CHECK(any_has(got.troubles, "\"t\" is in hPa, and its unit here is Cel"));
}

TEST_CASE("a line of units under a later header counts from there on") {
    const auto options = options_of(column("t", "Cel"));
    const auto got = read(options, "time,t,x\n1,20,0\nx,time,t\n,,°F\n0,2,73.4\n");
    CHECK(got.values == Texts{"20", "23"});
}

TEST_CASE("a column that says each row's unit is heeded") {
    for (const std::string name : {"unit", "Units", "unit_of_measurement"}) {
        CAPTURE(name);
        const auto got = read(options_of(column("value", "Cel")),
                              "time,value," + name + "\n1,20,°C\n2,73.4,°F\n3,45,%\n4,7,W/m2\n" +
                                  "5,21,\n6,22,Cel\n");
        CHECK(got.values == Texts{"20", "23", "21", "22"});
        REQUIRE(got.troubles.size() == 2);
        CHECK(got.troubles[0].find("\"value\" is in %") != std::string::npos);
        CHECK(got.troubles[1].find("\"value\" is in W/m2") != std::string::npos);
        CHECK_FALSE(any_has(got.notes, "go into one series"));
    }
    auto options = options_of(column("value", "Cel"));
    options.ignored = {"unit"};
    CHECK(read(options, "time,value,unit\n1,20,%\n").values == Texts{"20"});
}

TEST_CASE("a row that a decimal comma has split is refused, and the cause is named") {
    const auto options = options_of(column("v", "Cel"));
    const auto got = read(options, "time,v\n1423051200,21,5\n1423051260,22\n");
    CHECK(got.values == Texts{"22"});
    REQUIRE(got.troubles.size() == 1);
    CHECK(got.troubles[0] ==
          "3 fields instead of 2: 1423051200,21,5; are there decimal commas? Then write the file "
          "with another delimiter, and separator = \";\", decimal = \",\"");
    // One stray field costs its row only.
    CHECK(read(options, "time,v\n1,21,x\n2,22\n3,23\n").values == Texts{"22", "23"});
}
