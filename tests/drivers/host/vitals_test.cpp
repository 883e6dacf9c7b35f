#include "drivers/host/vitals.hpp"

#include <doctest/doctest.h>

#include <cmath>

TEST_CASE("the load is the first field of loadavg") {
    CHECK(drivers::host::parse_load("0.52 0.58 0.59 1/467 12345\n").value() == 0.52);
    CHECK(drivers::host::parse_load("12.00 1 1 1/1 1").value() == 12);
    for (const char* text : {"", "\n", "load", "-1 0 0", "nan 0 0"}) {
        CAPTURE(text);
        CHECK_FALSE(drivers::host::parse_load(text));
    }
}

TEST_CASE("used memory is what is not available") {
    const char* meminfo =
        "MemTotal:        4000 kB\nMemFree:          100 kB\nMemAvailable:    1000 kB\n";
    CHECK(drivers::host::parse_memory_used(meminfo).value() == 0.75);
    struct Case {
        const char* name;
        const char* text;
    };
    const Case cases[] = {
        {"empty", ""},
        {"no MemAvailable: a kernel before 3.14", "MemTotal: 4000 kB\nMemFree: 100 kB\n"},
        {"no MemTotal", "MemAvailable: 4000 kB\n"},
        {"a total of 0", "MemTotal: 0 kB\nMemAvailable: 0 kB\n"},
        {"no number", "MemTotal: many\nMemAvailable: few\n"},
        {"the key only within a line", "XMemTotal: 4000\nMemAvailable: 1 kB\n"},
    };
    for (const auto& one : cases) {
        CAPTURE(one.name);
        CHECK_FALSE(drivers::host::parse_memory_used(one.text));
    }
}

TEST_CASE("processors are the numbered lines of stat") {
    CHECK(drivers::host::count_processors("cpu  1 2\ncpu0 1\ncpu1 1\nintr 5\n") == 2);
    CHECK(drivers::host::count_processors("cpu0 1\n") == 1);
    CHECK(drivers::host::count_processors("cpu  1 2\nxcpu0\n") == 0);
    CHECK(drivers::host::count_processors("cpu") == 0);
    CHECK(drivers::host::count_processors("") == 0);
}

TEST_CASE("millidegrees become degrees, below zero too") {
    CHECK(drivers::host::parse_millidegrees("48312\n").value() == 48.312);
    CHECK(drivers::host::parse_millidegrees("-5500\n").value() == -5.5);
    CHECK_FALSE(drivers::host::parse_millidegrees("\n"));
}

TEST_CASE("the used share of a real disk is one") {
    const auto used = drivers::host::disk_used("/");
    REQUIRE(used);
    CHECK(used.value() >= 0);
    CHECK(used.value() <= 1);
    CHECK_FALSE(drivers::host::disk_used("/no/such/mount/point"));
}
