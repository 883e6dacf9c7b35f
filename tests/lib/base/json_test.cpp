#include "base/json.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <string>
#include <vector>

using base::Json;
using base::JsonLimits;
using base::parse_json;

namespace {

std::string repeated(const std::string& text, std::size_t times) {
    std::string result;
    for (std::size_t i = 0; i < times; ++i) result += text;
    return result;
}

/// Why the text is refused; empty if it is not.
std::string refusal(std::string_view text, const JsonLimits& limits = {}) {
    const auto json = parse_json(text, limits);
    if (json) return {};
    CHECK(json.error().fault == base::Fault::malformed);
    CHECK_FALSE(json.error().detail.empty());
    return json.error().detail;
}

Json parsed(std::string_view text) {
    auto json = parse_json(text);
    REQUIRE_MESSAGE(json, text);
    return std::move(json).value();
}

}  // namespace

TEST_SUITE("base/json") {
    TEST_CASE("every kind of value is read as what it is") {
        const auto json = parsed(
            R"({"null":null,"truth":true,"number":-2.5,"text":"a\u00e4\n\"","numbers":[1,2.5,-3],)"
            R"("mixed":[1,"two",[3],{}],"empty":[],"object":{"inner":1}})");
        REQUIRE(json.is_object());
        CHECK(json.object.size() == 8);
        CHECK(json.object[2].key == "number");
        CHECK(json.find("null")->kind == Json::Kind::null);
        CHECK(json.find("truth")->boolean);
        CHECK(json.find("number")->number == -2.5);
        CHECK(json.find("text")->string == "a\xc3\xa4\n\"");
        CHECK(json.find("numbers")->numbers == std::vector<double>{1, 2.5, -3});
        CHECK(json.find("empty")->is_numbers());
        CHECK(json.find("object")->find("inner")->number == 1);
        CHECK(json.find("absent") == nullptr);
        CHECK(json.find("text")->find("x") == nullptr);
        const auto& mixed = *json.find("mixed");
        REQUIRE(mixed.kind == Json::Kind::array);
        REQUIRE(mixed.array.size() == 4);
        CHECK(mixed.numbers.empty());
        CHECK(mixed.array[0].number == 1);
        CHECK(mixed.array[1].string == "two");
        CHECK(mixed.array[2].numbers == std::vector<double>{3});
        CHECK(mixed.array[3].is_object());
    }

    TEST_CASE("a text may be a single value, with white space around it") {
        CHECK(parsed(" \t\r\n 5 \n").number == 5);
        CHECK(parsed("\"x\"").string == "x");
        CHECK(parsed("null").kind == Json::Kind::null);
    }

    TEST_CASE("what is not JSON is refused") {
        const std::vector<std::string> wrong{
            "",          " ",     "{",         "}",       "[1,]",      R"({"a":1,})",
            R"({"a"})",  "{a:1}", "01",        "+1",      ".5",        "1.",
            "0x10",      "1e",    "nul",       "True",    "NaN",       "Infinity",
            "-Infinity", "'a'",   "\"a",       R"("\x")", R"("\u12")", "[1 2]",
            "{} {}",     "1 2",   "[1]]",      "// a\n1", "/* a */ 1", "\"\n\"",
            "-",         "[",     R"({"a":})", "\"\t\"",  R"({1:2})",  ","};
        for (const auto& text : wrong) {
            CAPTURE(text);
            CHECK_FALSE(refusal(text).empty());
        }
    }

    TEST_CASE("a zero byte does not end the text: what follows it is not ignored") {
        for (const std::string_view text :
             {std::string_view{"{}\0garbage", 10}, std::string_view{"1\0", 2},
              std::string_view{"\0", 1}, std::string_view{"\"a\0b\"", 5}}) {
            CHECK_FALSE(refusal(text).empty());
        }
        CHECK(parsed(R"("a\u0000b")").string == std::string("a\0b", 3));
    }

    TEST_CASE("the refusal says what and where") {
        CHECK(refusal(R"({"a":1,"b":tru})") == "not JSON at byte 15");
        CHECK(refusal(R"({"a":1,"a":2})") == "duplicate key");
        CHECK(refusal("[1e999]") == "number out of range at byte 6");
        CHECK(refusal("[[1]]", {.bytes_max = 64, .depth_max = 1, .values_max = 64}) ==
              "nested deeper than allowed");
        CHECK(refusal("[1,2,3]", {.bytes_max = 64, .depth_max = 8, .values_max = 3}) ==
              "more values than allowed");
        CHECK(refusal("[1,2,3]", {.bytes_max = 6, .depth_max = 8, .values_max = 8}) ==
              "7 bytes, 6 are allowed");
    }

    TEST_CASE("a text at each limit is accepted, one beyond is not") {
        const JsonLimits limits{.bytes_max = 20, .depth_max = 3, .values_max = 5};
        CHECK(refusal("[[[1]]]", limits).empty());
        CHECK_FALSE(refusal("[[[[]]]]", limits).empty());
        CHECK_FALSE(refusal(R"([{"a":{"b":[]}}])", limits).empty());
        CHECK(refusal("[1,2,3,4]", limits).empty());
        CHECK_FALSE(refusal("[1,2,3,4,5]", limits).empty());
        CHECK(refusal("[[],[],[],[]]", limits).empty());
        CHECK_FALSE(refusal("[[],[],[],[],[]]", limits).empty());
        CHECK(refusal('"' + std::string(18, 'x') + '"', limits).empty());
        CHECK_FALSE(refusal('"' + std::string(19, 'x') + '"', limits).empty());
    }

    TEST_CASE("a million levels are refused safely, whatever the limits are") {
        constexpr std::size_t kLevels = 1'000'000;
        const JsonLimits wide{.bytes_max = 100'000'000, .depth_max = 8, .values_max = 10'000'000};
        CHECK(refusal(std::string(kLevels, '['), wide) == "nested deeper than allowed");
        CHECK(refusal(repeated(R"({"a":)", kLevels), wide) == "nested deeper than allowed");
        CHECK(refusal(std::string(kLevels, '[') + std::string(kLevels, ']'), wide) ==
              "nested deeper than allowed");
        CHECK(refusal(std::string(kLevels, '[')) == "1000000 bytes, 65536 are allowed");
    }

    TEST_CASE("keys are unique at every level, however they are written") {
        CHECK_FALSE(refusal(R"({"a":{"b":1,"b":1}})").empty());
        CHECK_FALSE(refusal(R"({"a":1,"\u0061":2})").empty());
        CHECK_FALSE(refusal(R"({"":1,"":2})").empty());
        CHECK(refusal(R"({"a":1,"A":2,"b":{"a":3}})").empty());
    }

    TEST_CASE("bytes that are not UTF-8 are refused, in values and in keys") {
        const std::vector<std::string> wrong{"\xff",
                                             "\xc3",
                                             "\x80",
                                             "\xc0\xaf",
                                             "\xe0\x80\xaf",
                                             "\xed\xa0\x80",
                                             "\xf4\x90\x80\x80",
                                             "\xf8\x88\x80\x80\x80",
                                             "a\xe2\x82",
                                             "\xc3\x28"};
        for (const auto& bytes : wrong) {
            CHECK_FALSE(refusal('"' + bytes + '"').empty());
            CHECK_FALSE(refusal("{\"" + bytes + "\":1}").empty());
        }
        for (const auto* escaped : {R"("\ud800")", R"("\udc00")", R"("\ud800\u0041")"}) {
            CHECK_FALSE(refusal(escaped).empty());
        }
        CHECK(parsed(R"("\ud83c\udf21")").string == "\xf0\x9f\x8c\xa1");
    }

    TEST_CASE("numbers are the nearest doubles, and finite") {
        CHECK(parsed("0.1").number == 0.1);
        CHECK(parsed("1e308").number == 1e308);
        CHECK(parsed("2.2250738585072014e-308").number == 2.2250738585072014e-308);
        CHECK(parsed("1e-999").number == 0);
        CHECK(std::signbit(parsed("-0.0").number));
        CHECK(parsed("-9223372036854775808").number == -0x1p63);
        CHECK(parsed("18446744073709551616").number == 0x1p64);
        CHECK(parsed(std::string(300, '9')).number == 1e300);
        for (const auto* wrong : {"1e309", "-1e309", "1e99999", "[1,2,1e400]"}) {
            CHECK_FALSE(refusal(wrong).empty());
        }
        CHECK_FALSE(refusal(std::string(400, '9')).empty());
    }

    TEST_CASE("a count is a whole number from 0 to 2^53-1, exactly") {
        struct Row {
            const char* text;
            bool count;
        };
        for (const auto& row : std::vector<Row>{{"0", true},
                                                {"1", true},
                                                {"1.0", true},
                                                {"1e3", true},
                                                {"9007199254740991", true},
                                                {"9007199254740992", false},
                                                {"9007199254740993", false},
                                                {"18446744073709551615", false},
                                                {"-1", false},
                                                {"0.5", false},
                                                {"9007199254740990.5", true},  // Rounds to even.
                                                {"\"1\"", false},
                                                {"true", false},
                                                {"[1]", false}}) {
            CAPTURE(row.text);
            CHECK(parsed(row.text).is_count() == row.count);
        }
        CHECK(parsed("9007199254740991").count() == 9'007'199'254'740'991U);
        CHECK(parsed("9007199254740989").count() == 9'007'199'254'740'989U);
    }

    TEST_CASE("any single flipped bit of a text is refused or read, and never crashes") {
        const std::string text = R"({"k":"data","t":1763630000000,)"
                                 R"("s":{"a.b":{"dt":[0,1],"v":[1.5,-2e3],"x":["\u00e4",null]}}})";
        for (std::size_t bit = 0; bit < text.size() * 8; ++bit) {
            auto flipped = text;
            flipped[bit / 8] =
                static_cast<char>(static_cast<unsigned char>(flipped[bit / 8]) ^ (1U << (bit % 8)));
            static_cast<void>(parse_json(flipped));
        }
        for (std::size_t size = 0; size < text.size(); ++size) {
            CHECK_FALSE(parse_json(std::string_view{text}.substr(0, size)));
        }
    }
}
