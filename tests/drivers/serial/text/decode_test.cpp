#include "drivers/serial/text/decode.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <cmath>
#include <optional>
#include <string>
#include <vector>

#include "base/random.hpp"

using drivers::serial::DecodedLine;
using drivers::serial::Line;
using Value = DecodedLine::Value;
using Kind = Value::Kind;
using Texts = std::vector<std::string>;

namespace {

base::Result<DecodedLine> decode_line(const Line& line) {
    return drivers::serial::decode_line(line, {});
}

/// "key=number", "key=missing", "key=text".
Texts shown(const DecodedLine& line) {
    Texts texts;
    for (const auto& value : line.values) {
        const auto what = value.kind == Kind::number ? fmt::format("{}", value.number) + value.unit
                          : value.kind == Kind::missing ? "missing"
                                                        : "text";
        texts.push_back(value.key + "=" + what);
    }
    return texts;
}

struct Good {
    std::string name;
    std::string line;
    Texts values{};
    std::optional<std::uint64_t> number{};
    std::optional<std::string> boot{};
    Texts faults{};
    Texts refused{};
    std::string remark{};
};

const std::vector<Good> kGood{
    {"JSON", R"({"n":7,"temperature":23.4,"humidity":45})", {"temperature=23.4", "humidity=45"}, 7},
    {"members within members, in order",
     R"({"a":{"b":1,"c":{"d":2}},"e":3})",
     {"a.b=1", "a.c.d=2", "e=3"}},
    {"truth and numbers as text", R"({"a":true,"b":false,"c":"-2.5e1"})", {"a=1", "b=0", "c=-25"}},
    {"numbers with units as text",
     R"({"a":"23.4 °C","b":"45%","c":"4x"})",
     {"a=23.4°C", "b=45%", "c=text"}},
    {"what is no number",
     R"({"a":null,"b":"on","d":"nan","e":""})",
     {"a=missing", "b=text", "d=missing", "e=missing"}},
    {"a list",
     R"({"a":[{"id":1,"t":2}],"b":1})",
     {"b=1"},
     {},
     {},
     {},
     {"\"a\" is a list, which is no reading; print a key for each number of it"}},
    {"NaN as JSON",
     R"({"temperature":nan,"humidity":45,"p":-Infinity,"q":OVF})",
     {"temperature=missing", "humidity=45", "p=missing", "q=missing"}},
    {"a fault", R"({"n":8,"fault":"dht: checksum"})", {}, 8, {}, {"dht: checksum"}},
    {"errors that are none", R"({"error":0,"fault":null,"a":1})", {"a=1"}},
    {"errors without a text", R"({"error":true,"fault":""})", {}, {}, {}, {"1", "fault"}},
    {"a beginning", R"({"boot":"leat_node 1","n":0})", {}, 0, "leat_node 1"},
    {"a beginning by a number", R"({"boot":3})", {}, {}, "3"},
    {"a number that does not count",
     R"({"n":1.5,"a":1})",
     {"a=1"},
     {},
     {},
     {},
     {"n is no whole number"}},
    {"an inner n is a value", R"({"a":{"n":1}})", {"a.n=1"}},
    {"an empty object", "{}"},
    {"blanks around it", "\t {\"a\":1} ", {"a=1"}},
    {"line noise before it", "\xff\xfe~{\"a\":1}", {"a=1"}},
    {"pairs", "n=7 temperature=23.4 humidity=45", {"temperature=23.4", "humidity=45"}, 7},
    {"a number of a pair that does not count",
     "n=-1 a=1",
     {"a=1"},
     {},
     {},
     {},
     {"n is no whole number"}},
    {"a fault to the end of the line",
     "n=3 fault=dht: checksum, again",
     {},
     3,
     {},
     {"dht: checksum, again"}},
    {"an error that is none", "error=0"},
    {"an error in capitals", "Error: Could not read", {}, {}, {}, {"Could not read"}},
    {"a failure in words", "Read DHT11 failed, err=16", {}, {}, {}, {"Read DHT11 failed, err=16"}},
    {"a beginning as a pair", "boot: my node", {}, {}, "my node"},
    {"a label in another alphabet", "Влажность: 45", {"Влажность=45"}},
    {"a greeting", "Setup done", {}, {}, {}, {}, {}, "Setup done"},
    {"a ruler", "--------"},
    {"only blanks", " \t"},
};

struct Bad {
    std::string name;
    std::string line;
};

const std::vector<Bad> kBad{
    {"a sign without a key", "=5"},
    {"half of JSON", R"({"a":1)"},
    {"the other half of JSON", R"({:1})"},
    {"a word that is no number", R"({"temperature":nano})"},
    {"two objects in a line", R"({"a":1}{"a":2})"},
    {"a key twice", R"({"a":1,"a":2})"},
    {"too deep", R"({"a":{"b":{"c":{"d":{"e":1}}}}})"},
    {"broken UTF-8", "{\"a\":\"\xff\"}"},
    {"an array", "[1,2]"},
    {"only line noise", "\xff\xfe\xfd"},
    {"line noise among letters", "ab\xfe\xfdxy"},
    {"a number in a greeting", "Found 1 devices"},
    {"a number glued to a word", "=23cm!"},
};

}  // namespace

TEST_CASE("a line is decoded") {
    for (const auto& row : kGood) {
        CAPTURE(row.name);
        const auto decoded = decode_line({row.line, false});
        REQUIRE_MESSAGE(decoded, (decoded ? "" : decoded.error().detail));
        CHECK(shown(decoded.value()) == row.values);
        CHECK(decoded.value().number == row.number);
        CHECK(decoded.value().boot == row.boot);
        CHECK(decoded.value().faults == row.faults);
        CHECK(decoded.value().refused == row.refused);
        CHECK(decoded.value().remark == row.remark);
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
    for (std::size_t size = 1; size < json.size(); ++size) {
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
            CHECK(std::isfinite(value.number));
            CHECK(std::isfinite(value.resolution));
        }
    }
    CHECK(decoded_lines > 300);
}
