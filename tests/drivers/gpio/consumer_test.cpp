#include "drivers/gpio/consumer.hpp"

#include <doctest/doctest.h>

TEST_CASE("a line's consumer names the sensor, and its part where there are several lines") {
    CHECK(drivers::gpio::consumer_of("climate") == "leat:climate");
    CHECK(drivers::gpio::consumer_of("sonar", "echo") == "leat:sonar:echo");
}

TEST_CASE("a consumer belongs to the sensor that it names, and to no other") {
    for (const auto* consumer : {"leat:sonar", "leat:sonar:echo"}) {
        CHECK(drivers::gpio::is_of_agent(consumer));
        CHECK(drivers::gpio::is_of_sensor(consumer, "sonar"));
        CHECK_FALSE(drivers::gpio::is_of_sensor(consumer, "son"));
    }
    CHECK_FALSE(drivers::gpio::is_of_sensor("leat:sonar2", "sonar"));
    CHECK_FALSE(drivers::gpio::is_of_sensor("", "sonar"));
    CHECK_FALSE(drivers::gpio::is_of_agent("w1@4"));
}
