#include "central/http/target.hpp"

#include <doctest/doctest.h>

TEST_CASE("a target is split and decoded") {
    const auto parsed = http::parse_target("/api/v1/windows?series=attic%2Fa.b&from=-6h&&x&y=1=2");
    REQUIRE(parsed);
    const auto& target = parsed.value();
    CHECK(target.path == "/api/v1/windows");
    CHECK(target.find("series") == "attic/a.b");
    CHECK(target.find("from") == "-6h");
    CHECK(target.find("x") == "");
    CHECK(target.find("y") == "1=2");
    CHECK_FALSE(target.find("to"));
}

TEST_CASE("a plus stays a plus, so that an offset need not be escaped") {
    const auto parsed = http::parse_target("/?from=2025-11-20T13:00:00+01:00");
    REQUIRE(parsed);
    CHECK(parsed.value().find("from") == "2025-11-20T13:00:00+01:00");
}

TEST_CASE("targets that could mean two things are refused") {
    std::string crowded = "/?";
    for (int i = 0; i < 65; ++i) crowded += "a=1&";
    for (const std::string& text :
         {std::string{}, std::string{"*"}, std::string{"nodes"}, std::string{"http://a/"},
          std::string{"/%"}, std::string{"/%2"}, std::string{"/%zz"}, std::string{"/%00"},
          std::string{"/?a=%0d%0a"}, std::string{"/?%g1=1"}, std::string{"/\x7f"}, crowded}) {
        CAPTURE(text);
        CHECK_FALSE(http::parse_target(text));
    }
}

TEST_CASE("an unknown parameter is a problem that names the nearest") {
    const auto target = http::parse_target("/?sereis=attic/a.b").value();
    const auto problem = http::check_parameters(target, {{"series"}, {"from"}});
    REQUIRE(problem);
    CHECK(problem->status == 400);
    CHECK(problem->detail == "sereis: unknown; did you mean \"series\"?");
    REQUIRE(problem->errors.size() == 1);
    CHECK(problem->errors[0].parameter == "sereis");
}

TEST_CASE("a parameter may repeat only where that means something") {
    const auto target = http::parse_target("/?a=1&a=2").value();
    CHECK(http::check_parameters(target, {{"a"}}));
    CHECK_FALSE(http::check_parameters(target, {{"a", true}}));
    CHECK(target.all("a") == std::vector<std::string>{"1", "2"});
}
