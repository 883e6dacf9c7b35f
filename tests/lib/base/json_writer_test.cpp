#include <doctest/doctest.h>

#include <cmath>
#include <cstring>
#include <limits>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "base/random.hpp"

using base::JsonWriter;

namespace {

template <class Value>
std::string written(Value value) {
    return JsonWriter{}.value(value).take();
}

}  // namespace

TEST_SUITE("base/json_writer") {
    TEST_CASE("commas stand between members and items, and nowhere else") {
        JsonWriter json;
        json.begin_object().member("a", 1).key("b").begin_array();
        json.value(1).value("two").null().value(true).begin_object().end_object();
        json.begin_array().end_array().end_array();
        json.key("c").begin_object().member("d", false).end_object().member("e", "f").end_object();
        CHECK(json.text() == R"({"a":1,"b":[1,"two",null,true,{},[]],"c":{"d":false},"e":"f"})");
    }

    TEST_CASE("a writer whose text was taken starts again") {
        JsonWriter json;
        json.begin_object().end_object();
        CHECK(json.take() == "{}");
        CHECK(json.text().empty());
        json.begin_array().value(1).end_array();
        CHECK(json.take() == "[1]");
    }

    TEST_CASE("whole numbers keep every digit") {
        CHECK(written(std::numeric_limits<std::int64_t>::min()) == "-9223372036854775808");
        CHECK(written(std::numeric_limits<std::uint64_t>::max()) == "18446744073709551615");
        CHECK(written(-7) == "-7");
    }

    TEST_CASE("a number is written in the shortest form that reads back the same") {
        CHECK(written(0.1) == "0.1");
        CHECK(written(23.4) == "23.4");
        CHECK(written(1e300) == "1e+300");
        CHECK(written(0.0) == "0");
        CHECK(written(1.0 / 3) == "0.3333333333333333");
        CHECK(written(std::numeric_limits<double>::max()) == "1.7976931348623157e+308");
        CHECK(written(std::numeric_limits<double>::denorm_min()) == "5e-324");
    }

    TEST_CASE("any finite double comes back with the same bits") {
        base::Random random{3};
        std::vector<double> numbers{-0.0, 0.0, 5e-324, -5e-324, 1e22, 0x1p53, 0x1p53 + 2, -1e15};
        for (int i = 0; i < 20'000; ++i) {
            const auto bits = random.next();
            double number = 0;
            std::memcpy(&number, &bits, sizeof number);
            if (std::isfinite(number)) numbers.push_back(number);
        }
        for (const double number : numbers) {
            const auto text = written(number);
            const auto back = base::parse_json(text);
            REQUIRE_MESSAGE(back, text);
            REQUIRE(std::memcmp(&back.value().number, &number, sizeof number) == 0);
        }
    }

    TEST_CASE("a number that JSON cannot write becomes null") {
        CHECK(written(std::numeric_limits<double>::infinity()) == "null");
        CHECK(written(-std::numeric_limits<double>::infinity()) == "null");
        CHECK(written(std::numeric_limits<double>::quiet_NaN()) == "null");
    }

    TEST_CASE("texts are escaped, and always valid") {
        CHECK(written("a\"b\\c/d") == R"("a\"b\\c/d")");
        CHECK(written("\n\t\r\b\f\x01") == R"("\n\t\r\b\f\u0001")");
        CHECK(written("\xc3\xa4") == "\"\xc3\xa4\"");
        CHECK(written("\xff") == "\"\xef\xbf\xbd\"");
        CHECK(JsonWriter{}.begin_object().member("a\"\xff", 1).end_object().take() ==
              "{\"a\\\"\xef\xbf\xbd\":1}");
    }

    TEST_CASE("every character of ASCII reads back as itself") {
        for (int code = 1; code <= 127; ++code) {
            const auto c = static_cast<char>(code);
            const auto text = std::string{"a"} + c + "b";
            const auto back = base::parse_json(written(std::string_view{text}));
            REQUIRE(back);
            CHECK(back.value().string == text);
        }
    }

    TEST_CASE("any bytes at all become a text that reads back") {
        base::Random random{4};
        for (int i = 0; i < 2'000; ++i) {
            std::string bytes;
            for (auto left = random.below(20); left > 0; --left) {
                bytes += static_cast<char>(random.below(256));
            }
            const auto text = written(std::string_view{bytes});
            REQUIRE(base::parse_json(text));
        }
    }
}
