#include <doctest/doctest.h>

#include "drivers/core/configured_driver.hpp"

namespace {

struct Case {
    const char* name;
    const char* lines;  // After the first three.
    const char* complaint;
};

const std::vector<Case> kBad{
    {"no port", "", "port"},
    {"a short port", "port = \"ttyACM0\"", R"(write "/dev/ttyACM0")"},
    {"a speed that no port has", "port = \"/dev/x\"\nbaud = 9601",
     "baud = 9601 is not one of: 1200,"},
    {"accept what", "port = \"/dev/x\"\naccept = \"all\"", "any"},
    {"a misspelt key", "port = \"/dev/x\"\nboud = 1", R"(did you mean "baud"?)"},
    {"a name that is none", "port = \"/dev/x\"\n[sensor.keys]\na = \"Soil Moist\"",
     R"("soil_moist" would be one)"},
    {"no unit", "port = \"/dev/x\"\n[sensor.keys]\na = \"soil:\"", "no unit after the colon"},
    {"a unit that is none", "port = \"/dev/x\"\n[sensor.keys]\na = \"soil:RH\"",
     R"(a: "RH" is not a SenML unit; write %RH)"},
    {"a charge for a temperature", "port = \"/dev/x\"\n[sensor.keys]\na = \"bed_temps:C\"",
     R"(a: "C" is the unit of electric charge; write Cel)"},
    {"another decimal mark", "port = \"/dev/x\"\ndecimal = \"'\"", "decimal"},
    {"columns without a name", "port = \"/dev/x\"\ncolumns = [\"\", \"\"]",
     "columns: none has a name"},
    {"a column twice", "port = \"/dev/x\"\ncolumns = [\"t\", \"t\"]",
     R"(columns: "t" stands twice)"},
    {"too many keys of a device", "port = \"/dev/x\"\nby = [\"a\", \"b\", \"c\", \"d\", \"e\"]",
     "by: at most 4 keys"},
    {"a distance in what", "port = \"/dev/x\"\n[sensor.keys]\nd = \"distance\"",
     R"(d: boards send "distance" in several units; write "distance:cm" (or mm, m, in))"},
    {"one series twice", "port = \"/dev/x\"\n[sensor.keys]\na = \"soil\"\nb = \"soil\"",
     "another key is soil already"},
};

std::string config(const char* lines) {
    return std::string("[[sensor]]\nname = \"uno\"\ndriver = \"serial\"\n") + lines + "\n";
}

}  // namespace

TEST_CASE("an error in the configuration says what to do") {
    for (const auto& row : kBad) {
        CAPTURE(row.name);
        const auto status = configured::validate(config(row.lines));
        REQUIRE_FALSE(status);
        CAPTURE(status.error().detail);
        CHECK(status.error().detail.find(row.complaint) != std::string::npos);
        CHECK(status.error().detail.find("test.toml:") != std::string::npos);
    }
}

TEST_CASE("a configuration needs no more than a port") {
    CHECK(configured::validate(config("port = \"/dev/ttyACM0\"")));
}

TEST_CASE("units in a configuration may be written as people write them") {
    CHECK(
        configured::validate(config("port = \"/dev/x\"\n[sensor.keys]\na = \"temp_bed:C\"\n"
                                    "b = \"roof:°F\"\nc = \"soil:percent\"")));
}
