#include "drivers/gpio/place.hpp"

#include <doctest/doctest.h>

namespace {

using drivers::gpio::ClosedDevice;
using drivers::gpio::LineAddress;
using drivers::gpio::Survey;
using drivers::gpio::SurveyedChip;

SurveyedChip chip(std::string path, std::string label, const std::vector<std::string>& names) {
    SurveyedChip result{.path = std::move(path), .label = std::move(label), .lines = {}};
    for (const auto& name : names) {
        result.lines.push_back({.offset = static_cast<unsigned>(result.lines.size()),
                                .name = name,
                                .used = false,
                                .consumer = {},
                                .output = false});
    }
    return result;
}

LineAddress address(const std::string& text) {
    auto parsed = drivers::gpio::parse_line_address(text);
    REQUIRE(parsed);
    return std::move(parsed).value();
}

const Survey kBoard{.chips = {chip("/dev/gpiochip0", "pinctrl-bcm2711",
                                   {"SDA1", "SCL1", "GPIO2", "GPIO4", "GPIO14", "GPIO17"}),
                              chip("/dev/gpiochip1", "raspberrypi-exp-gpio", {"BT_ON"})},
                    .closed = {}};

std::string refusal(const LineAddress& wanted, const Survey& survey) {
    const auto place = drivers::gpio::find_place(wanted, survey, "/dev");
    return place ? std::string{} : place.error().detail;
}

}  // namespace

TEST_CASE("a line is found by its name, by chip label and number, and by its header pin") {
    const auto by_name = drivers::gpio::find_place(address("GPIO17"), kBoard, "/dev");
    REQUIRE(by_name);
    CHECK(by_name.value().chip == "/dev/gpiochip0");
    CHECK(by_name.value().offset == 5);
    const auto by_number =
        drivers::gpio::find_place(address("raspberrypi-exp-gpio:0"), kBoard, "/dev");
    REQUIRE(by_number);
    CHECK(by_number.value().chip == "/dev/gpiochip1");
    const auto by_pin =
        drivers::gpio::find_place(drivers::gpio::header_pin_address(3).value(), kBoard, "/dev");
    REQUIRE(by_pin);
    CHECK(by_pin.value().offset == 2);
}

TEST_CASE("a line that is not there says which are, nearest first, or what to write instead") {
    const Survey nameless{.chips = {chip("/dev/gpiochip0", "10011000.gpio", {"", ""})},
                          .closed = {}};
    const Survey twice{.chips = {chip("/dev/gpiochip0", "mcp23017", {"A0", "A1"}),
                                 chip("/dev/gpiochip1", "mcp23018", {"A0"})},
                       .closed = {}};
    const Survey denied{.chips = {}, .closed = {{.path = "/dev/gpiochip0", .group = "gpio"}}};
    struct Row {
        const char* name;
        const char* asked;
        const Survey& survey;
        const char* said;
    };
    const Row rows[] = {
        {"two letters swapped", "GPOI17", kBoard,
         "no line is called GPOI17; the nearest are GPIO17, GPIO2, GPIO4, GPIO14"},
        {"a bare number", "4", kBoard, "no line is called 4; the nearest are GPIO4"},
        {"another library's name", "BCM14", kBoard, "the nearest are GPIO14"},
        {"a kernel without names", "GPIO4", nameless, "(\"10011000.gpio:4\")"},
        {"a chip's number", "gpiochip1:0", kBoard, "write \"raspberrypi-exp-gpio:0\""},
        {"too high a number", "pinctrl-bcm2711:6", kBoard, "has 6 lines, counted from 0"},
        {"another board's chip", "pinctrl-rp1:4", kBoard,
         "wanted pinctrl-rp1, found pinctrl-bcm2711"},
        {"a name on two chips", "A0", twice, "write \"mcp23017:0\" or \"mcp23018:0\""},
        {"no permission", "GPIO4", denied,
         "no permission for /dev/gpiochip0: it belongs to the group gpio: usermod -aG gpio USER"},
        {"no chip", "GPIO4", {}, "no GPIO chip in /dev"},
    };
    for (const auto& row : rows) {
        CAPTURE(row.name);
        const auto said = refusal(address(row.asked), row.survey);
        CAPTURE(said);
        CHECK(said.find(row.said) != std::string::npos);
    }
}

TEST_CASE("what may change by itself is transient, the rest is for the operator") {
    const auto fault = [](const std::string& asked, const Survey& survey) {
        return drivers::gpio::find_place(address(asked), survey, "/dev").error().fault;
    };
    CHECK(fault("GPIO4", {}) == base::Fault::transient);
    CHECK(fault("GPOI4", kBoard) == base::Fault::misconfigured);
    CHECK(drivers::gpio::line_in_use(address("GPIO4"), "x").fault == base::Fault::transient);
}

TEST_CASE("a survey knows the consumer of a line") {
    auto survey = kBoard;
    auto& line = survey.chips.front().lines.front();
    line.used = true;
    line.consumer = "leat:climate";
    const auto whole = address(survey.chips.front().label + ":" + std::to_string(line.offset));
    CHECK(drivers::gpio::consumer_of_line(whole, survey) == "leat:climate");
    line.used = false;
    CHECK(drivers::gpio::consumer_of_line(whole, survey).empty());
    CHECK(drivers::gpio::consumer_of_line(address("GPIO99"), survey).empty());
}

TEST_CASE("a busy line says who has it and how to get it back") {
    const std::pair<const char*, const char*> rows[] = {
        {"dht11@4", "remove dtoverlay=dht11 from /boot/firmware/config.txt"},
        {"dht11@4", "backend = \"iio\""},
        {"w1@4", "dtoverlay=w1-gpio"},
        {"onewire@4", "dtoverlay=w1-gpio"},
        {"spi0 CS0", "dtparam=spi=on"},
        {"ACT", "a light of the board"},
        {"sysfs", "unexport"},
        {"leat:climate", "two [[sensor]] tables name this line, or another leat-agent"},
        {"blink.py", "end that program (gpioinfo shows who has which line)"},
        {"", "end that program"},
    };
    for (const auto& [consumer, cure] : rows) {
        const auto said = drivers::gpio::line_in_use(address("GPIO4"), consumer).detail;
        CAPTURE(said);
        CHECK(said.starts_with(std::string{"GPIO4 is in use by \""} + consumer + "\": "));
        CHECK(said.find(cure) != std::string::npos);
    }
}

TEST_CASE("a device that no group may open comes with the commands that give it one") {
    const auto cure = drivers::gpio::permission_cure({.path = "/dev/gpiochip0", .group = {}});
    CHECK(cure.find("chgrp gpio /dev/gpiochip0") != std::string::npos);
    CHECK(cure.find("GROUP=\"gpio\"") != std::string::npos);
}
