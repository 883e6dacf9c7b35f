#include "drivers/core/pending.hpp"

#include <doctest/doctest.h>

namespace {

drivers::Measurement measured(double value) {
    return {.quantity = 0, .value = value, .taken = {}, .source_time = std::nullopt};
}

}  // namespace

TEST_CASE("what is pending is handed over once, oldest first, and no more than was asked for") {
    drivers::Pending pending(10);
    for (int i = 0; i < 5; ++i) pending.add(measured(i));
    const auto first = pending.take({}, 3);
    REQUIRE(first.measurements.size() == 3);
    CHECK(first.measurements[0].value == 0);
    CHECK(first.measurements[2].value == 2);
    CHECK(pending.take({}, 10).measurements.size() == 2);
    CHECK(pending.take({}, 10).measurements.empty());
}

TEST_CASE("measurements that are not collected are dropped, and the next harvest counts them") {
    drivers::Pending pending(3);
    for (int i = 0; i < 5; ++i) pending.add(measured(i));
    const auto harvest = pending.take({}, 10);
    REQUIRE(harvest.measurements.size() == 3);
    CHECK(harvest.measurements[0].value == 2);
    REQUIRE(harvest.failures.size() == 1);
    CHECK(harvest.failures[0].reason == "overrun: 2 not collected");
    CHECK(pending.take({}, 10).failures.empty());
}

TEST_CASE("failures that nobody collects are bounded too") {
    drivers::Pending pending(3);
    for (int i = 0; i < 100; ++i) pending.add(drivers::Failure{"checksum", {}, {}});
    const auto harvest = pending.take({}, 10);
    REQUIRE(harvest.failures.size() == 65);
    CHECK(harvest.failures.back().reason == "overrun: 36 not collected");
}
