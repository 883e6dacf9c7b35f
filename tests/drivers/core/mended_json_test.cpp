#include "drivers/core/mended_json.hpp"

#include <doctest/doctest.h>

#include <string>

#include "base/json.hpp"

using drivers::mended_json;

namespace {

struct Case {
    std::string json;
    std::string mended;
};

}  // namespace

TEST_CASE("members of one name are one, and where they differ they are no number") {
    CHECK(mended_json(R"({"p":1,"t":2,"p":1})") == R"({"p":1,"t":2})");
    CHECK(mended_json(R"({"p":1,"p":2})") == R"({"p":"1 and 2"})");
    CHECK(mended_json(R"({"p":"a\"b","p":null,"p":3})") == R"({"p":"a\"b and null and 3"})");
    CHECK(mended_json(R"({"p":{"x":1},"p":2})") == R"({"p":"several values and 2"})");
    CHECK(mended_json(R"([{"s":{"p":1,"p":2}},{"p":1}])") == R"([{"s":{"p":"1 and 2"}},{"p":1}])");
}

TEST_CASE("what is no value becomes a text, and the rest stays") {
    for (const auto& row :
         {Case{R"({"t":nan,"h":45})", R"({"t":"nan","h":45})"},
          Case{R"([NaN, -Infinity, OVF, x_1, 21.5C, 0x1F])",
               R"(["NaN","-Infinity","OVF","x_1","21.5C","0x1F"])"},
          Case{R"([1e999, 021, +1, .5, 1., -, 1e308, -0.5, 0])",
               R"(["1e999","021","+1",".5","1.","-",1e308,-0.5,0])"},
          Case{R"({"t":,"h":45})", R"({"t":"","h":45})"},
          Case{R"({"h":45,"t": })", R"({"h":45,"t":""})"}, Case{"[,1,,2]", R"(["",1,"",2])"},
          Case{R"({"h":45,"l":[1,2, ], })", R"({"h":45,"l":[1,2]})"},
          Case{R"({"n":"Küche, nan: ","t":true})", R"({"n":"Küche, nan: ","t":true})"},
          Case{"{\"n\":\"a\tb\"}", R"({"n":"a\u0009b"})"},
          Case{R"( { "p" : 1 , "q" : [ ] , "r" : { } } )", R"({"p":1,"q":[],"r":{}})"}}) {
        CAPTURE(row.json);
        CHECK(mended_json(row.json) == row.mended);
        CHECK(base::parse_json(mended_json(row.json)));
    }
}

TEST_CASE("a byte that is no UTF-8 stays visible, and tells two names apart") {
    const auto json = base::parse_json(mended_json("{\"n\":\"a\xe4\",\"m\":\"a\xfc\"}"));
    REQUIRE(json);
    CHECK(json.value().find("n")->string == "a\\xe4");
    CHECK(json.value().find("m")->string == "a\\xfc");
}

TEST_CASE("what cannot be mended, or is nested too deep, stays as it is") {
    const std::string deep = std::string(40, '[') + std::string(40, ']');
    for (const auto& text :
         {std::string{}, std::string{"{"}, std::string{"{]"}, std::string{R"({"p"})"},
          std::string{R"({"p":1)"}, std::string{R"({"p":1}x)"}, std::string{R"("open)"},
          std::string{":"}, std::string{"{p:1}"}, std::string{"[1 2]"}, std::string{"Online"},
          std::string{R"({"t":21,5})"}, std::string{R"({"a":1}{"a":2})"}, deep}) {
        CAPTURE(text);
        CHECK(mended_json(text) == text);
    }
}
