#include "drivers/gpio/address.hpp"

#include <doctest/doctest.h>

#include <algorithm>

using drivers::gpio::LineAddress;

TEST_CASE("a line is a name, or a chip's label and a number") {
    const auto name = drivers::gpio::parse_line_address("GPIO4");
    REQUIRE(name);
    CHECK(name.value().name == "GPIO4");
    const auto number = drivers::gpio::parse_line_address("pinctrl-bcm2711:17");
    REQUIRE(number);
    CHECK(number.value().labels == std::vector<std::string>{"pinctrl-bcm2711"});
    CHECK(number.value().offset == 17);
    for (const char* text : {"", ":4", "label:", "label:x", "label:4x", "label:-1"}) {
        CAPTURE(text);
        CHECK_FALSE(drivers::gpio::parse_line_address(text));
    }
}

TEST_CASE("the header's pins are those of the Raspberry Pi") {
    // Spot checks from the printed pinout: pin, GPIO number.
    const std::pair<unsigned, unsigned> rows[] = {{3, 2},   {7, 4},   {11, 17}, {12, 18}, {13, 27},
                                                  {16, 23}, {18, 24}, {19, 10}, {26, 7},  {29, 5},
                                                  {32, 12}, {33, 13}, {35, 19}, {37, 26}, {40, 21}};
    for (const auto& row : rows) {
        const auto pin = row.first;
        const auto number = row.second;
        CAPTURE(pin);
        const auto address = drivers::gpio::header_pin_address(pin);
        REQUIRE(address);
        CHECK(address.value().offset == number);
    }
    for (const unsigned pin :
         {1U, 2U, 4U, 6U, 9U, 14U, 17U, 20U, 25U, 27U, 28U, 30U, 34U, 39U, 0U, 41U}) {
        CAPTURE(pin);
        CHECK_FALSE(drivers::gpio::header_pin_address(pin));
    }
    CHECK(drivers::gpio::header_pin_address(2).error().detail == "pin 2 is 5 V power");
}

TEST_CASE("every GPIO number is on the header once") {
    std::vector<unsigned> numbers;
    for (unsigned pin = 1; pin <= 40; ++pin) {
        if (const auto address = drivers::gpio::header_pin_address(pin)) {
            numbers.push_back(address.value().offset);
        }
    }
    std::sort(numbers.begin(), numbers.end());
    CHECK(numbers.size() == 26);
    CHECK(numbers.front() == 2);
    CHECK(numbers.back() == 27);
    CHECK(std::adjacent_find(numbers.begin(), numbers.end()) == numbers.end());
}

TEST_CASE("a line is named exactly once in the configuration") {
    struct Row {
        const char* toml;
        const char* complaint;
    };
    const Row rows[] = {{"line = \"GPIO4\"", ""},
                        {"header_pin = 7", ""},
                        {"", "name the line once"},
                        {"line = \"GPIO4\"\nheader_pin = 7", "name the line once"},
                        {"header_pin = 9", "pin 9 is ground"},
                        {"line = \"gpiochip:\"", "is no line"}};
    for (const auto& row : rows) {
        CAPTURE(row.toml);
        auto settings = base::Settings::parse(row.toml, "test.toml");
        REQUIRE(settings);
        auto table = std::move(settings).value();
        drivers::gpio::read_line_address(table, "line", "header_pin");
        const auto valid = table.check();
        CHECK(static_cast<bool>(valid) == (row.complaint[0] == '\0'));
        if (!valid) CHECK(valid.error().detail.find(row.complaint) != std::string::npos);
    }
}

TEST_CASE("the names that are most like the one asked for come first") {
    const auto names =
        drivers::gpio::nearest_first("gpio4", {"SDA1", "GPIO14", "GPIO5", "GPIO4", "ID_SD"});
    CHECK(names[0] == "GPIO4");
    CHECK(names.back() != "GPIO5");
}
