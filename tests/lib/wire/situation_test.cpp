// Goal: what a declaration says of where its series is arrives as it was said; anything else is
// refused, and a declaration that says nothing stays one that says nothing.

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <string>
#include <vector>

#include "wire/identity.hpp"
#include "wire/limits.hpp"
#include "wire/record.hpp"

namespace {

wire::SeriesDeclaration declaration_of(std::optional<wire::Situation> situation) {
    return {.series = "a.b",
            .quantity = "b",
            .unit = "m",
            .driver = "x",
            .least = {},
            .most = {},
            .resolution = {},
            .period = {},
            .situation = std::move(situation)};
}

std::string line_with(const std::string& members) {
    return R"({"k":"series","series":"a.b","quantity":"b","unit":"m","driver":"x")" + members + "}";
}

std::string synced(const std::string& members) {
    return line_with(R"(,"t":1,"clk":"synced")" + members);
}

std::string tags_of(std::size_t count) {
    std::string tags;
    for (std::size_t i = 0; i < count; ++i) tags += fmt::format("{}\"t{:02}\"", i ? "," : "", i);
    return tags;
}

base::Result<std::optional<wire::Situation>> read(const std::string& line) {
    auto record = wire::decode_record(line);
    if (!record) return record.error();
    return std::get<wire::SeriesDeclaration>(record.value().body).situation;
}

}  // namespace

TEST_SUITE("wire/situation") {
    TEST_CASE("a situation comes back as it was written, with every clock") {
        std::vector<std::string> all;
        for (std::size_t i = 0; i < wire::kTagsMax; ++i) all.push_back(fmt::format("t{:02}", i));
        const std::vector<wire::Situation> situations{
            {.at = base::from_milliseconds(1'763'630'000'000),
             .boot = "b",
             .location = "/house/attic",
             .tags = {"TI-4711", "owner=grid"},
             .since_boot = std::chrono::milliseconds{97'000}},
            {.at = base::from_milliseconds(5'300),
             .clock = wire::ClockState::boot,
             .boot = "0f6c1d7e",
             .location = {},
             .tags = all},
            {.at = base::from_milliseconds(-1),
             .clock = wire::ClockState::holdover,
             .boot = {},
             .location = "/a/a/a/a/a/a/a/a",
             .tags = {}}};
        for (const auto& written : situations) {
            const auto line = wire::encode_record({.body = declaration_of(written), .origin = {}});
            CAPTURE(line);
            const auto found = read(line);
            REQUIRE(found);
            REQUIRE(found.value());
            CHECK(found.value()->at == written.at);
            CHECK(found.value()->clock == written.clock);
            CHECK(found.value()->boot == written.boot);
            CHECK(found.value()->location == written.location);
            CHECK(found.value()->tags == written.tags);
            CHECK(found.value()->since_boot == written.since_boot);
        }
    }

    TEST_CASE("without a time nothing is said, and no time is written") {
        const auto line = wire::encode_record({.body = declaration_of({}), .origin = {}});
        CHECK(line == line_with(""));
        for (const std::string members : {"", R"(,"location":"/a","tags":["x"])"}) {
            const auto found = read(line_with(members));
            REQUIRE(found);
            CHECK_FALSE(found.value());
        }
    }

    TEST_CASE("no tags may be written as an empty list") {
        const auto found = read(synced(R"(,"tags":[])"));
        REQUIRE(found);
        REQUIRE(found.value());
        CHECK(found.value()->tags.empty());
    }

    TEST_CASE("a situation that breaks a rule is refused") {
        struct Row {
            const char* name;
            std::string line;
            const char* reason;
        };
        const std::vector<Row> rows{
            {"no clock", line_with(R"(,"t":1,"location":"/a")"), "clk"},
            {"a boot without a name", line_with(R"(,"t":1,"clk":"boot")"), "boot id"},
            {"a time before the boot", line_with(R"(,"t":-1,"clk":"boot","boot":"b")"),
             "before the boot"},
            {"a time that is a text", line_with(R"(,"t":"1","clk":"synced")"), "t is not"},
            {"a location without a slash", synced(R"(,"location":"attic")"), "location"},
            {"a location that is a number", synced(R"(,"location":5)"), "location is not a text"},
            {"a location that ends in a slash", synced(R"(,"location":"/attic/")"), "location"},
            {"a location upwards", synced(R"(,"location":"/house/..")"), "location"},
            {"a location too deep", synced(R"(,"location":"/a/a/a/a/a/a/a/a/a")"), "location"},
            {"a location too long",
             synced(R"(,"location":"/)" + std::string(wire::kLocationBytesMax, 'a') + "\""),
             "location is too long"},
            {"tags that are a text", synced(R"(,"tags":"x")"), "tags"},
            {"tags that are numbers", synced(R"(,"tags":[1])"), "tags"},
            {"tags that are an object", synced(R"(,"tags":{"x":"y"})"), "tags"},
            {"a tag that is no text", synced(R"(,"tags":["x",1])"), "tags"},
            {"a tag with a blank", synced(R"(,"tags":["a b"])"), "tags"},
            {"a tag twice", synced(R"(,"tags":["x","x"])"), "tags"},
            {"tags out of order", synced(R"(,"tags":["y","x"])"), "tags"},
            {"a tag too many", synced(R"(,"tags":[)" + tags_of(wire::kTagsMax + 1) + "]"), "tags"},
            {"a tag too long",
             synced(R"(,"tags":[")" + std::string(wire::kNameBytesMax + 1, 'x') + "\"]"), "tags"},
        };
        for (const auto& row : rows) {
            CAPTURE(row.name);
            const auto found = read(row.line);
            REQUIRE_FALSE(found);
            CHECK(found.error().fault == base::Fault::malformed);
            CAPTURE(found.error().detail);
            CHECK(found.error().detail.find(row.reason) != std::string::npos);
        }
        CHECK(read(synced(R"(,"tags":[)" + tags_of(wire::kTagsMax) + "]")));
    }

    TEST_CASE("locations and tags are exactly those of the specification") {
        for (const auto* good : {"/a", "/house/attic", "/0/b_c/d-e", "/a/b/c/d/e/f/g/h"}) {
            CAPTURE(good);
            CHECK(wire::is_location(good));
        }
        for (const auto* bad : {"", "/", "a", "a/b", "//a", "/a//b", "/a/", "/A", "/a b", "/a.b",
                                "/_a", "/\xc3\xa9", "/a/b/c/d/e/f/g/h/i"}) {
            CAPTURE(bad);
            CHECK_FALSE(wire::is_location(bad));
        }
        CHECK(wire::is_location("/" + std::string(63, 'a')));
        CHECK_FALSE(wire::is_location("/" + std::string(64, 'a')));
        CHECK_FALSE(wire::is_location(std::string("/a\0b", 4)));
        for (const auto* good : {"a", "TI-4711", "owner=grid", "a.b:c_d", "9"}) {
            CAPTURE(good);
            CHECK(wire::is_tag(good));
        }
        for (const auto* bad : {"", "-a", "=a", "a b", "a/b", "a,b", "\xc3\xa9", "a\n"}) {
            CAPTURE(bad);
            CHECK_FALSE(wire::is_tag(bad));
        }
        CHECK(wire::are_tags({}));
        CHECK(wire::are_tags({"B", "a"}));
        CHECK_FALSE(wire::are_tags({"a", "B"}));
        CHECK_FALSE(wire::are_tags({"a", "a"}));
    }
}
