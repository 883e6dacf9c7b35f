#include "delivery/outbox/removal.hpp"

#include <doctest/doctest.h>

namespace {

wire::Gap gap_of(const delivery::Removal& removal) {
    const auto record = wire::decode_record(removal.line());
    REQUIRE(record);
    return std::get<wire::Gap>(record.value().body);
}

}  // namespace

TEST_CASE("a gap declares all times that are gone, in whatever order they were recorded") {
    delivery::Removal removal{wire::GapReason::evicted};
    removal.add(5, {.readings = 2, .first_ms = 3000, .last_ms = 5000}, "{}");
    removal.add(6, {.readings = 1, .first_ms = 1000, .last_ms = 2000}, "{}");  // A file of old.
    removal.add(7, {.readings = 4, .first_ms = 4000, .last_ms = 4500}, "{}");
    const auto gap = gap_of(removal);
    CHECK(gap.from == 5);
    CHECK(gap.to == 7);
    CHECK(gap.readings == 7);
    CHECK(gap.first == base::from_milliseconds(1000));
    CHECK(gap.last == base::from_milliseconds(5000));
    CHECK(removal.content().readings == 7);
    CHECK(removal.content().first_ms == 1000);
    CHECK(removal.content().last_ms == 5000);
}

TEST_CASE("records without readings change nothing in what a gap declares of the others") {
    delivery::Removal removal{wire::GapReason::evicted};
    removal.add(1, {}, "{}");
    removal.add(2, {.readings = 1, .first_ms = 1000, .last_ms = 2000}, "{}");
    removal.add(3, {}, "{}");
    CHECK(gap_of(removal).readings == 1);
    CHECK(gap_of(removal).first == base::from_milliseconds(1000));
    CHECK(gap_of(removal).last == base::from_milliseconds(2000));
    CHECK(removal.records() == 3);
}
