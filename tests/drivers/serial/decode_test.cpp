#include "drivers/serial/decode.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "base/random.hpp"

using drivers::serial::decode_line;
using drivers::serial::DecodedLine;
using Values = std::vector<DecodedLine::Value>;
using Texts = std::vector<std::string>;

namespace {

struct Good {
    const char* name;
    std::string line;
    DecodedLine decoded;
};

DecodedLine values(Values some) {
    return {.values = std::move(some), .number = {}, .boot = {}, .faults = {}, .refused = {}};
}

DecodedLine faults(Texts some) {
    return {.values = {}, .number = {}, .boot = {}, .faults = std::move(some), .refused = {}};
}

const std::vector<Good> kGood{
    {"JSON",
     R"({"n":7,"temperature":23.4,"humidity":45})",
     {{{"temperature", 23.4}, {"humidity", 45.0}}, 7, {}, {}, {}}},
    {"members within members, in order", R"({"a":{"b":1,"c":{"d":2}},"e":3})",
     values({{"a.b", 1.0}, {"a.c.d", 2.0}, {"e", 3.0}})},
    {"truth and numbers as text", R"({"a":true,"b":false,"c":"-2.5e1"})",
     values({{"a", 1.0}, {"b", 0.0}, {"c", -25.0}})},
    {"what is no number", R"({"a":null,"b":"on","c":[1],"d":"nan"})",
     values({{"a", {}}, {"b", {}}, {"c", {}}, {"d", {}}})},
    {"a fault", R"({"n":8,"fault":"dht: checksum"})", {{}, 8, {}, {"dht: checksum"}, {}}},
    {"errors that are none", R"({"error":0,"fault":null,"a":1})", values({{"a", 1.0}})},
    {"errors without a text", R"({"error":true,"fault":""})", faults({"1", "fault"})},
    {"a beginning", R"({"boot":"leat_node 1","n":0})", {{}, 0, "leat_node 1", {}, {}}},
    {"a beginning by a number", R"({"boot":3})", {{}, {}, "3", {}, {}}},
    {"a number that does not count",
     R"({"n":1.5,"a":1})",
     {{{"a", 1.0}}, {}, {}, {}, {"n is no whole number"}}},
    {"an inner n is a value", R"({"a":{"n":1}})", values({{"a.n", 1.0}})},
    {"an empty object", "{}", {}},
    {"blanks around it", "\t {\"a\":1} ", values({{"a", 1.0}})},
    {"line noise before it", "\xff\xfe~{\"a\":1}", values({{"a", 1.0}})},
    {"pairs",
     "n=7 temperature=23.4 humidity=45",
     {{{"temperature", 23.4}, {"humidity", 45.0}}, 7, {}, {}, {}}},
    {"pairs as plotters take them", "a:1,b:-2.5;c=+3\td=4e2",
     values({{"a", 1.0}, {"b", -2.5}, {"c", 3.0}, {"d", 400.0}})},
    {"a blank after the sign", "Humidity: 45 Temperature:  23.4",
     values({{"Humidity", 45.0}, {"Temperature", 23.4}})},
    {"a pair that is no number",
     "a=nan b=inf c=1x d= e=", values({{"a", {}}, {"b", {}}, {"c", {}}, {"d", {}}})},
    {"words between the pairs",
     "a=1 C b=2",
     {{{"a", 1.0}, {"b", 2.0}}, {}, {}, {}, {"not understood: \"C\""}}},
    {"a fault to the end of the line",
     "n=3 fault=dht: checksum, again",
     {{}, 3, {}, {"dht: checksum, again"}, {}}},
    {"an error that is none", "error=0", {}},
    {"a beginning as a pair", "boot: my node", {{}, {}, "my node", {}, {}}},
};

struct Bad {
    const char* name;
    std::string line;
};

const std::vector<Bad> kBad{
    {"a greeting", "Setup done"},
    {"nothing", ""},
    {"only blanks", " \t"},
    {"a sign without a key", "=5"},
    {"half of JSON", R"({"a":1)"},
    {"the other half of JSON", R"({:1})"},
    {"NaN as JSON", R"({"temperature":nan})"},
    {"two objects in a line", R"({"a":1}{"a":2})"},
    {"a key twice", R"({"a":1,"a":2})"},
    {"too deep", R"({"a":{"b":{"c":{"d":{"e":1}}}}})"},
    {"broken UTF-8", "{\"a\":\"\xff\"}"},
    {"an array", "[1,2]"},
    {"only line noise", "\xff\xfe\xfd"},
};

}  // namespace

TEST_CASE("a line is decoded") {
    for (const auto& row : kGood) {
        CAPTURE(row.name);
        const auto decoded = decode_line({row.line, false});
        REQUIRE_MESSAGE(decoded, (decoded ? "" : decoded.error().detail));
        CHECK(decoded.value().values == row.decoded.values);
        CHECK(decoded.value().number == row.decoded.number);
        CHECK(decoded.value().boot == row.decoded.boot);
        CHECK(decoded.value().faults == row.decoded.faults);
        CHECK(decoded.value().refused == row.decoded.refused);
    }
}

TEST_CASE("a line that says nothing is refused") {
    for (const auto& row : kBad) {
        CAPTURE(row.name);
        const auto decoded = decode_line({row.line, false});
        REQUIRE_FALSE(decoded);
        CHECK(decoded.error().fault == base::Fault::malformed);
        CHECK_FALSE(decoded.error().detail.empty());
    }
}

TEST_CASE("the end of a torn line is never a reading, unless it is a whole object") {
    const std::string json = R"({"n":5,"a":{"in_temperature":7},"b":"{x}","humidity":45})";
    const std::string pairs = "n=5 in_temperature=7 humidity=45";
    for (std::size_t cut = 1; cut < json.size(); ++cut) {
        CAPTURE(cut);
        CHECK_FALSE(decode_line({json.substr(cut), true}));
    }
    for (std::size_t cut = 0; cut < pairs.size(); ++cut) {
        CAPTURE(cut);
        CHECK_FALSE(decode_line({pairs.substr(cut), true}));
    }
    CHECK(decode_line({json, true}).value().values.size() == 3);
    CHECK(decode_line({"ature\":3}" + json, true}).value().number == 5);
}

TEST_CASE("the beginning of a JSON line is never a reading") {
    const std::string json = R"({"n":5,"temperature":23.4,"humidity":45})";
    for (std::size_t size = 0; size < json.size(); ++size) {
        CHECK_FALSE(decode_line({json.substr(0, size), false}));
    }
}

TEST_CASE("no line, however broken, makes a value that is not finite") {
    const std::string letters = "0123456789..-+eE=:{}\"\",; nab\xff\t";
    std::size_t decoded_lines = 0;
    for (std::uint64_t seed = 0; seed < 20000; ++seed) {
        CAPTURE(seed);
        base::Random random(seed);
        std::string line = random.chance(1, 4) ? "{\"a\":" : "";
        for (auto left = random.below(40); left > 0; --left) {
            line += letters[random.below(letters.size())];
        }
        const auto decoded = decode_line({line, random.chance(1, 8)});
        if (!decoded) continue;
        ++decoded_lines;
        for (const auto& value : decoded.value().values) {
            CHECK((!value.value || std::isfinite(*value.value)));
        }
    }
    CHECK(decoded_lines > 1000);
}
