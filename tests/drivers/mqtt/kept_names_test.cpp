// Goal: a place keeps its name for ever. Method: names kept by one listener are handed to the next,
// which hears the same devices in another order or under other topics.

#include "drivers/mqtt/kept_names.hpp"

#include <doctest/doctest.h>

#include "drivers/mqtt/heard.hpp"

using drivers::mqtt::KeptNames;
using heard::Ear;

TEST_CASE("a place keeps its name, and a name its place") {
    KeptNames names;
    CHECK_FALSE(names.take_text());
    CHECK(names.name_of("a/x t", "x_t") == "x_t");
    names.keep("a/x t", "x_t");
    CHECK(names.name_of("a/x t", "other") == "x_t");
    const auto other = names.name_of("b/x t", "x_t");
    CHECK(other.starts_with("x_t-x"));
    names.keep("b/x t", "x_t");  // It is taken.
    CHECK(names.name_of("b/x t", "x_t") == other);
    const auto text = names.take_text();
    REQUIRE(text);
    CHECK(*text == R"({"x_t":"a/x t"})");
    CHECK_FALSE(names.take_text());
    const KeptNames again{*text};
    CHECK(again.name_of("a/x t", "other") == "x_t");
    CHECK(again.name_of("b/x t", "x_t") == other);
}

TEST_CASE("what is kept is bounded, and what cannot be read is forgotten") {
    KeptNames names;
    for (int i = 0; i < 2000; ++i) names.keep("p" + std::to_string(i), "n" + std::to_string(i));
    names.keep(std::string(1000, 'p'), "long");
    names.keep("\xff", "foreign");
    const KeptNames again{names.take_text().value_or("")};
    CHECK(again.name_of("p1023", "w") == "n1023");
    CHECK(again.name_of("p1024", "w") == "w");
    for (const char* text :
         {"{", "[]", "1", R"({"A B":"p"})", R"({"a":1})", R"({"a":{"b":"p"}})"}) {
        CAPTURE(text);
        CHECK(KeptNames{text}.name_of("p", "w") == "w");
    }
}

TEST_CASE("series stay the same when the topics are put in another order") {
    const std::string quantity = "quantity = \"t:Cel\"\n";
    Ear before{"format = \"plain\"\ntopics = [\"house/+/t\", \"garden/+/t\"]\n" + quantity};
    CHECK(before.accept({{"house/north/t", "1"}}) == "north_t 1 Cel\n");
    const auto names = before.take_names();
    REQUIRE(names);
    Ear after{"format = \"plain\"\ntopics = [\"garden/+/t\", \"house/+/t\"]\n" + quantity, *names};
    CHECK(after.accept({{"garden/north/t", "2"}}).starts_with("north_t-x"));
    CHECK(after.accept({{"house/north/t", "3"}}) == "north_t 3 Cel\n");
}

TEST_CASE("a new name of the operator takes effect") {
    const std::string keys = "format = \"json\"\ntopics = [\"w\"]\n[sensor.quantities]\n";
    Ear before{keys + "\"/a\" = \"one:V\"\n"};
    CHECK(before.accept({{"w", R"({"a":1})"}}) == "one 1 V\n");
    const auto names = before.take_names();
    Ear after{keys + "\"/a\" = \"two:V\"\n", names.value_or("")};
    CHECK(after.accept({{"w", R"({"a":1})"}}) == "two 1 V\n");
}
