#include "drivers/tables/json_pointer.hpp"

#include <doctest/doctest.h>

using drivers::tables::JsonPointer;

namespace {

// The document of RFC 6901, section 5, with a list that is not all numbers and one that is.
constexpr const char* kDocument = R"({
  "foo": ["bar", "baz"], "": 0, "a/b": 1, "c%d": 2, "e^f": 3, "g|h": 4, "i\\j": 5, "k\"l": 6,
  " ": 7, "m~n": 8, "numbers": [10, 11, 12], "mixed": [{"deep": [1, {"x": 9}]}, null]})";

struct Found {
    const char* pointer;
    double number;
};

const Found kFound[] = {
    {"/", 0},     {"/a~1b", 1},       {"/c%d", 2},        {"/e^f", 3},
    {"/g|h", 4},  {"/i\\j", 5},       {"/k\"l", 6},       {"/ ", 7},
    {"/m~0n", 8}, {"/numbers/0", 10}, {"/numbers/2", 12}, {"/mixed/0/deep/1/x", 9},
};

const char* const kAbsent[] = {
    "/nothing",     "/foo/2",      "/foo/-",  "/foo/01",    "/numbers/3",
    "/numbers/0/x", "/numbers/-1", "/a~1b/x", "/mixed/1/x", "/foo/18446744073709551616"};

base::Json document() {
    auto parsed = base::parse_json(kDocument);
    REQUIRE(parsed);
    return std::move(parsed).value();
}

JsonPointer pointer(const std::string& text) {
    auto parsed = JsonPointer::parse(text);
    REQUIRE_MESSAGE(parsed, text);
    return std::move(parsed).value();
}

}  // namespace

TEST_CASE("a pointer finds what RFC 6901 says it finds") {
    for (const auto& row : kFound) {
        CAPTURE(row.pointer);
        const auto found = pointer(row.pointer).find(document());
        REQUIRE(found);
        CHECK(found->is_number());
        CHECK(found->number == row.number);
    }
    CHECK(pointer("/foo/1").find(document())->string == "baz");
    CHECK(pointer("").find(document())->is_object());
    CHECK(pointer("/mixed/1").find(document())->kind == base::Json::Kind::null);
}

TEST_CASE("a pointer finds nothing where there is nothing") {
    for (const auto* text : kAbsent) {
        CAPTURE(text);
        CHECK_FALSE(pointer(text).find(document()));
    }
}

TEST_CASE("a text that is not a pointer is refused, and the error shows how to write one") {
    for (const auto* text : {"temperature", "a/b", "/a~2", "/a~"}) {
        CAPTURE(text);
        const auto parsed = JsonPointer::parse(text);
        REQUIRE_FALSE(parsed);
        CHECK(parsed.error().detail.find("write \"/member\"") != std::string::npos);
    }
}
