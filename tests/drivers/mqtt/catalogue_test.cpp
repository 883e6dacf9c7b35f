#include "drivers/mqtt/catalogue.hpp"

#include <doctest/doctest.h>

#include <string>

namespace {

using drivers::mqtt::Catalogue;
using drivers::mqtt::KeptNames;
using drivers::mqtt::Sighting;

Sighting seen(const std::string& device) {
    Sighting sighting{.origin = "up /t", .quantity = {}};
    sighting.quantity.name = "kitchen-x01234567_t";
    sighting.quantity.unit = "Cel";
    sighting.device = device;
    return sighting;
}

}  // namespace

TEST_CASE("a second device with the mark of the first is refused") {
    Catalogue catalogue{48, KeptNames{}};
    CHECK(catalogue.place_of(seen("one"), "up"));
    const auto second = catalogue.place_of(seen("other"), "up");
    REQUIRE_FALSE(second);
    CHECK(second.error().detail == "kitchen-x01234567_t is the name of two devices; rename one");
    CHECK(catalogue.place_of(seen("one"), "up"));
}
