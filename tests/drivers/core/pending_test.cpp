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

TEST_CASE("measurements that are not collected fail for their own quantity, when they were taken") {
    drivers::Pending pending(3);
    const base::Instant taken{std::chrono::seconds{7}};
    for (std::size_t i = 0; i < 6; ++i) {
        pending.add(drivers::Measurement{.quantity = i % 2,
                                         .value = static_cast<double>(i),
                                         .taken = taken,
                                         .source_time = std::nullopt});
    }
    const auto harvest = pending.take(taken + std::chrono::hours{1}, 10);
    REQUIRE(harvest.measurements.size() == 3);
    CHECK(harvest.measurements[0].value == 3);
    REQUIRE(harvest.failures.size() == 2);
    CHECK(harvest.failures[0].reason == "overrun: 2 not collected");
    CHECK(harvest.failures[0].cause == "overrun");
    CHECK(harvest.failures[0].readings == 2);
    CHECK(harvest.failures[0].quantities == std::vector<std::size_t>{0});
    CHECK(harvest.failures[0].taken == taken);
    CHECK(harvest.failures[1].readings == 1);
    CHECK(harvest.failures[1].quantities == std::vector<std::size_t>{1});
    CHECK(pending.take({}, 10).failures.empty());
}

TEST_CASE("of the failures that nobody collects, all are counted, each for its quantities") {
    drivers::Pending pending(3);
    for (int i = 0; i < 100; ++i) pending.add(drivers::Failure{"checksum", {}, {}});
    pending.add(drivers::Failure{.reason = "no number", .taken = {}, .quantities = {2}});
    for (int i = 0; i < 70; ++i) {
        pending.add(drivers::Failure{.reason = "restarted", .taken = {}, .readings = 0});
    }
    const auto harvest = pending.take({}, 10);
    REQUIRE(harvest.failures.size() == 66);
    CHECK(harvest.failures[64].reason == "overrun: 100 not collected");
    CHECK(harvest.failures[64].quantities.empty());
    CHECK(harvest.failures[65].readings == 1);
    CHECK(harvest.failures[65].quantities == std::vector<std::size_t>{2});
}
