#include "drivers/simulator/air.hpp"

#include <doctest/doctest.h>

TEST_CASE("moist air is as the tables have it") {
    // Saturation over water: 2339 Pa at 20 Cel, 611 Pa at 0 Cel; 17.3 g/m3 at 20 Cel.
    CHECK(drivers::simulator::saturation_pressure_pa(20) == doctest::Approx(2339).epsilon(0.005));
    CHECK(drivers::simulator::saturation_pressure_pa(0) == doctest::Approx(611).epsilon(0.005));
    CHECK(drivers::simulator::absolute_humidity(20, 100) == doctest::Approx(17.3).epsilon(0.005));
}

TEST_CASE("relative and absolute humidity convert back and forth") {
    for (double temperature = -10; temperature <= 50; temperature += 5) {
        for (double relative = 5; relative <= 100; relative += 5) {
            const double absolute = drivers::simulator::absolute_humidity(temperature, relative);
            CHECK(drivers::simulator::relative_humidity(temperature, absolute) ==
                  doctest::Approx(relative));
        }
    }
}

TEST_CASE("the same water in warmer air is less relative humidity") {
    for (double temperature = -10; temperature < 50; temperature += 0.5) {
        CHECK(drivers::simulator::relative_humidity(temperature, 8) >
              drivers::simulator::relative_humidity(temperature + 0.5, 8));
    }
}
