// Goal: nothing that could be measured is passed over in silence, and nothing is said twice.
// Method: messages in, the lines of the log out.

#include "drivers/mqtt/remarks.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>

#include "drivers/mqtt/heard.hpp"
#include "support/captured.hpp"

using heard::Ear;

namespace {

/// What is logged meanwhile, of the lines that warn.
std::string warned(Ear& ear, const std::vector<heard::Said>& messages) {
    const support::Captured captured{2};
    ear.accept(messages);
    std::string result;
    std::string text = captured.text();
    for (std::size_t at = 0; at < text.size();) {
        const auto end = std::min(text.find('\n', at), text.size());
        const auto line = text.substr(at, end - at);
        const auto event = line.find("event=");
        if (line.find("level=warn") != std::string::npos) result += line.substr(event) + "\n";
        at = end + 1;
    }
    return result;
}

std::size_t count(const std::string& text, const std::string& wanted) {
    std::size_t found = 0;
    for (auto at = text.find(wanted); at != std::string::npos; at = text.find(wanted, at + 1)) {
        ++found;
    }
    return found;
}

}  // namespace

TEST_CASE("a number that no rule takes is told once, with what to write to take it") {
    Ear ear{"format = \"tasmota\"\n"};
    const heard::Said said{"tele/bridge/SENSOR",
                           R"({"ZbReceived":{"0x8F20":{"Temperature":21.5,"Tuya/0102":7}}})"};
    CHECK(warned(ear, {said}) ==
          "event=\"not measured: ZbReceived.0x8F20.Tuya/0102\" topic=tele/bridge/SENSOR "
          "to_take=\"[sensor.quantities] \\\"ZbReceived.0x8F20.Tuya/0102\\\" = "
          "\\\"tuya_0102:/\\\" (each with its right unit)\" "
          "to_leave_out=\"ignore = [\\\"ZbReceived.0x8F20.Tuya/0102\\\"]\"\n");
    CHECK(warned(ear, {said}).empty());
    Ear taken{
        "format = \"tasmota\"\n[sensor.quantities]\n"
        "\"ZbReceived.0x8F20.Tuya/0102\" = \"tuya_0102:/\"\n"};
    CHECK(warned(taken, {said}).empty());
    CHECK(taken.accept({said}) ==
          "bridge_0x8f20_temperature 21.5 Cel\nbridge_0x8f20_tuya_0102 7 /\n");
    Ear ignored{"format = \"tasmota\"\nignore = [\"ZbReceived.0x8F20\"]\n"};
    CHECK(warned(ignored, {said}).empty());
}

TEST_CASE("every format tells what it passes over") {
    struct Case {
        const char* keys;
        heard::Said said;
        const char* told;
    };
    const Case cases[] = {
        {"format = \"zigbee2mqtt\"\n",
         {"zigbee2mqtt/lamp", R"({"brightness":215,"color":{"x":0.4},"state":"ON","mode":"a"})"},
         "not measured: brightness, color.x\""},
        {"format = \"esphome\"\n", {"node/sensor/lux/state", "30"}, "lux:lx"},
        {"format = \"esphome\"\n",
         {"node/sensor/living_room_temp/state", "21.5"},
         "not measured: living_room_temp\""},
        {"format = \"json\"\ntopics = [\"s\"]\n[sensor.quantities]\n\"/apower\" = \"power:W\"\n",
         {"s", R"({"id":0,"apower":8.9,"aenergy":{"total":6.5,"by_minute":[45,0]},"ts":1.5})"},
         "not measured: /aenergy/total, /aenergy/by_minute/0, /aenergy/by_minute/1, /ts\""},
        {"format = \"json\"\ntopics = [\"s\"]\n[sensor.quantities]\n\"/a\" = \"a:W\"\n",
         {"s", R"({"a":1,"temperature_F":70})"},
         "temperature_f:degF"},
    };
    for (const auto& row : cases) {
        CAPTURE(row.told);
        Ear ear{row.keys};
        const auto text = warned(ear, {row.said});
        CAPTURE(text);
        CHECK(text.find(row.told) != std::string::npos);
    }
}

TEST_CASE("what is told is bounded, and that is told too") {
    Ear ear{"format = \"zigbee2mqtt\"\n"};
    std::vector<heard::Said> messages;
    for (int i = 0; i < 400; ++i) {
        messages.push_back({"zigbee2mqtt/x", fmt::format(R"({{"k{}":1}})", i)});
    }
    const auto text = warned(ear, messages);
    CHECK(count(text, "event=\"not measured:") == 256);
    CHECK(count(text, "more numbers are not measured than are told") == 1);
}

TEST_CASE("a member that names another device in each message is told once, with the cure") {
    const std::string keys =
        "format = \"json\"\ntopics = [\"e\"]\n"
        "[sensor.quantities]\n\"/temperature_C\" = \"temperature:Cel\"\n";
    Ear ear{keys};
    const heard::Said one{"e", R"({"id":12,"temperature_C":5,"rx":[{"channel":1}]})"};
    const heard::Said other{"e", R"({"id":13,"temperature_C":6,"rx":[{"channel":2}]})"};
    CHECK(warned(ear, {one, one}).find("several devices") == std::string::npos);
    const auto text = warned(ear, {other, one, other});
    CHECK(text ==
          "event=\"values of several devices are in one series: id was 12 and is 13\" topic=e "
          "to_part_them=\"by = [\\\"id\\\"]\"\n");
    Ear parted{"by = [\"id\"]\n" + keys};
    CHECK(warned(parted, {one, other}).find("several devices") == std::string::npos);
    CHECK(parted.accept({one, other}) == "12_temperature 5 Cel\n13_temperature 6 Cel\n");
}
