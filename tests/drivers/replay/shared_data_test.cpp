// Reads a real data set when it is there: occupancy/occupancy.csv below $LEAT_TEST_DATA (UCI
// Machine Learning Repository, "Occupancy Detection", datatraining.txt; Candanedo and Feldheim
// 2016).

#include <doctest/doctest.h>

#include <filesystem>

#include "drivers/core/configured_driver.hpp"
#include "support/test_data.hpp"

namespace {

std::string occupancy_file() {
    return support::test_data_folder() + "/occupancy/occupancy.csv";
}

}  // namespace

TEST_CASE("the office's 8143 rows are 40715 readings, with the sample as it is delivered") {
    if (!std::filesystem::exists(occupancy_file())) {
        MESSAGE("skipped: no occupancy/occupancy.csv in LEAT_TEST_DATA or ../shared/data");
        return;
    }
    std::string sample{drivers::find_driver_kind("replay")->sample};
    const std::string name = "\"occupancy.csv\"";
    sample.replace(sample.find(name), name.size(), "\"" + occupancy_file() + "\"");
    const support::ManualClock clock;
    const auto driver = configured::must_make(sample, clock);
    std::size_t readings = 0;
    std::size_t harvests = 0;
    double occupied = 0;
    base::EventTime first;
    base::EventTime last;
    for (bool finished = false; !finished; ++harvests) {
        const auto harvest = driver->collect(clock.instant(), 600);
        CHECK(harvest.failures.empty());
        for (const auto& one : harvest.measurements) {
            if (readings++ == 0) first = one.source_time.value();
            last = one.source_time.value();
            if (one.quantity == 4) occupied += one.value;
        }
        finished = harvest.finished;
    }
    CHECK(readings == 40'715);
    CHECK(harvests == 68);
    CHECK(occupied == 1729);
    CHECK(base::to_milliseconds(first) == 1'423'072'260'000);  // 2015-02-04 17:51:00
    CHECK(base::to_milliseconds(last) == 1'423'560'780'000);   // 2015-02-10 09:33:00
}
