#include "central/validation/set_aside.hpp"

#include <doctest/doctest.h>

using namespace validation;

namespace {

SetAside some() {
    return {.series = "climate.temperature",
            .breach = Breach::range,
            .places = {0, 1, 2, 7, 9, 10},
            .at = base::from_milliseconds(1'763'640'000'000),
            .before = Point{.at = base::from_milliseconds(-5), .value = 20.1},
            .unit = "a unit=b at=c"};
}

}  // namespace

TEST_CASE("what was set aside is written as this") {
    CHECK(
        to_text(some()) ==
        "climate.temperature#0-2,7,9-10 range at=1763640000000 before=-5:20.1 unit=a unit=b at=c");
}

TEST_CASE("what was set aside is read as it was written") {
    auto aside = some();
    CHECK(parse_set_aside(to_text(aside)) == aside);
    for (const double value : {0.1 + 0.2, -1e150, 5e-324, 1.0 / 3}) {
        aside.before->value = value;
        CHECK(parse_set_aside(to_text(aside)) == aside);
    }
    aside.unit = "";
    CHECK(parse_set_aside(to_text(aside)) == aside);
    aside.unit.reset();
    CHECK(parse_set_aside(to_text(aside)) == aside);
    aside.before.reset();
    aside.places = {599};
    aside.breach = Breach::unit;
    CHECK(parse_set_aside(to_text(aside)) == aside);
}

TEST_CASE("a column, a reason of failures and all of a record are no readings of a column") {
    for (const char* text :
         {"", "climate.temperature", "climate.temperature no #1 range at=1", "#1 range at=1",
          "climate#1 range at=1", "a.b# range at=1", "a.b#1 odd at=1", "a.b#1 range",
          "a.b#1 range at=", "a.b#1 range at=1 before=1", "a.b#1 range at=1 before=1:inf",
          "a.b#1 range at=1 more", "a.b#2-1 range at=1", "a.b#1,1 range at=1", "a.b#600 range at=1",
          "a.b#-1 range at=1", "a.b#0-99999999999 range at=1"}) {
        CAPTURE(text);
        CHECK_FALSE(parse_set_aside(text));
    }
}
