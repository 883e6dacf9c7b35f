#include "drivers/core/bare_words.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "base/json.hpp"

using drivers::with_quoted_words;

namespace {

struct Case {
    const char* json;
    const char* quoted;
};

const std::vector<Case> kCases{
    {R"({"t":nan,"h":45})", R"({"t":"nan","h":45})"},
    {R"({"t":NaN,"h":-Infinity,"p":+inf})", R"({"t":"NaN","h":"-Infinity","p":"+inf"})"},
    {R"([nan, 1, OVF ,None])", R"(["nan", 1, "OVF" ,"None"])"},
    {R"({"nan":1,"text":"nan, inf \" nan"})", R"({"nan":1,"text":"nan, inf \" nan"})"},
    {R"({"a":true,"b":null,"c":-1.5e-3,"d":false})",
     R"({"a":true,"b":null,"c":-1.5e-3,"d":false})"},
    {R"({"t":1e999,"h":-2E400,"p":1e308,"q":12})",
     R"({"t":"1e999","h":"-2E400","p":1e308,"q":12})"},
    {R"({"a":nano,"b":x})", R"({"a":nano,"b":x})"},
    {R"({"a":"open)", R"({"a":"open)"},
    {R"({"a":"end\)", R"({"a":"end\)"},
    {"", ""},
    {"-", "-"},
};

}  // namespace

TEST_CASE("a word for a number that is missing is quoted, and nothing else changes") {
    for (const auto& row : kCases) {
        CAPTURE(row.json);
        CHECK(with_quoted_words(row.json) == row.quoted);
    }
}

TEST_CASE("one bad number does not cost its neighbours") {
    const auto json = base::parse_json(with_quoted_words(R"({"t":nan,"h":45})"));
    REQUIRE(json);
    CHECK(json.value().find("h")->number == 45);
    CHECK(json.value().find("t")->string == "nan");
}
