#include "drivers/tail/logfmt.hpp"

#include <doctest/doctest.h>

#include "base/random.hpp"
#include "drivers/tables/csv.hpp"

using Pairs = std::vector<drivers::tail::LogfmtPair>;

TEST_CASE("a line of logfmt gives its pairs") {
    struct Case {
        const char* name;
        const char* line;
        Pairs pairs;
    };
    const Case cases[] = {
        {"nothing", "", {}},
        {"blanks", " \t ", {}},
        {"plain", "a=1 b=two", {{"a", "1"}, {"b", "two"}}},
        {"blanks around", "  a=1\t\tb=2 ", {{"a", "1"}, {"b", "2"}}},
        {"quoted", "a=\"x y\" b=2", {{"a", "x y"}, {"b", "2"}}},
        {"escaped", R"(a="\"x\\\n" b=2)", {{"a", "\"x\\\n"}, {"b", "2"}}},
        {"empty values", "a= b=\"\"", {{"a", ""}, {"b", ""}}},
        {"a key alone", "a b=2", {{"a", "true"}, {"b", "2"}}},
        {"equal signs in a value", "a=x=y", {{"a", "x=y"}}},
        {"a quote within a bare value", "a=6\"x", {{"a", "6\"x"}}},
        {"twice", "a=1 a=2", {{"a", "1"}, {"a", "2"}}},
    };
    for (const auto& one : cases) {
        CAPTURE(one.name);
        Pairs pairs{{"left", "over"}};
        REQUIRE(drivers::tail::read_logfmt(one.line, pairs));
        CHECK(pairs == one.pairs);
    }
}

TEST_CASE("a line that is not logfmt is refused, and the error says why") {
    struct Case {
        const char* line;
        const char* reason;
    };
    const Case cases[] = {
        {"a=\"x", "a quote is not closed: \"x"},
        {"a=\"x\\", "a quote is not closed: \"x\\"},
        {"a=\"x\"y", "something follows a closing quote: y"},
        {"=1", "a key is missing before: =1"},
        {"\"a\"=1", "a key is missing before: \"a\"=1"},
        {"a\"b=1", "a quote within a key: \"b=1"},
    };
    for (const auto& one : cases) {
        Pairs pairs;
        const auto status = drivers::tail::read_logfmt(one.line, pairs);
        REQUIRE_FALSE(status);
        CHECK(status.error().detail == one.reason);
    }
    std::string many;
    for (std::size_t i = 0; i <= drivers::tables::kFieldsMax; ++i) many += "a=1 ";
    Pairs pairs;
    CHECK_FALSE(drivers::tail::read_logfmt(many, pairs));
}

TEST_CASE("any pairs that are written quoted are read back") {
    base::Random random(5);
    const std::string letters = "ab =\"\\\t;";
    for (int i = 0; i < 5000; ++i) {
        Pairs written(random.below(5));
        std::string line;
        for (std::size_t k = 0; k < written.size(); ++k) {
            written[k].key = "k" + std::to_string(k);
            line += " " + written[k].key + "=\"";
            for (auto left = random.below(6); left > 0; --left) {
                const char c = letters[random.below(letters.size())];
                written[k].value += c;
                if (c == '"' || c == '\\') line += '\\';
                line += c;
            }
            line += '"';
        }
        Pairs read;
        REQUIRE(drivers::tail::read_logfmt(line, read));
        CHECK(read == written);
    }
}
