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
          "\\\"tuya_0102:…\\\" (with its unit for each …)\" "
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
    // The node's status says it, too, again after an hour.
    Ear status{keys};
    CHECK(status.accept({one, other, one, other}) ==
          "temperature 5 Cel\ntemperature 6 Cel\ntemperature 5 Cel\ntemperature 6 Cel\n"
          "! several devices in one series: id was 12 and is 13; by = [\"id\"] parts them\n");
    CHECK(status.failures().front().readings == 0);
    Ear parted{"by = [\"id\"]\n" + keys};
    CHECK(warned(parted, {one, other}).find("several devices") == std::string::npos);
    CHECK(parted.accept({one, other}) == "12_temperature 5 Cel\n13_temperature 6 Cel\n");
}

TEST_CASE("what tells devices apart is watched wherever it is, and called as `by` wants it") {
    struct Case {
        const char* name;
        const char* one;
        const char* other;
        const char* line;
    };
    const Case cases[] = {
        {"ChirpStack",
         R"({"deduplicationId":"1","deviceInfo":{"deviceName":"a","devEui":"01"},"t":1})",
         R"({"deduplicationId":"2","deviceInfo":{"deviceName":"b","devEui":"02"},"t":1})",
         R"(by = [\"/deviceInfo/devEui\"])"},
        {"The Things Stack", R"({"end_device_ids":{"device_id":"a","join_eui":"1"},"t":1})",
         R"({"end_device_ids":{"device_id":"b","join_eui":"2"},"t":1})",
         R"(by = [\"/end_device_ids/device_id\"])"},
        {"rtl_433", R"({"model":"Nexus","id":1,"channel":1,"t":1})",
         R"({"model":"Acurite","id":2,"channel":2,"t":1})",
         R"(by = [\"model\", \"id\", \"channel\"])"},
        {"zigbee2mqtt", R"({"device":{"friendlyName":"a","ieeeAddr":"0x1"},"t":1})",
         R"({"device":{"friendlyName":"b","ieeeAddr":"0x2"},"t":1})",
         R"(by = [\"/device/ieeeAddr\"])"},
        {"a nested id", R"({"device":{"id":1},"t":1})", R"({"device":{"id":2},"t":1})",
         R"(by = [\"/device/id\"])"},
        {"a friendly name", R"({"friendly_name":"a","t":1})", R"({"friendly_name":"b","t":1})",
         R"(by = [\"friendly_name\"])"},
        {"a serial number", R"({"sn":"a","t":1})", R"({"sn":"b","t":1})", R"(by = [\"sn\"])"},
        {"a room", R"({"room":"a","t":1})", R"({"room":"b","t":1})", R"(by = [\"room\"])"},
        {"a channel", R"({"ch":1,"t":1})", R"({"ch":2,"t":1})", R"(by = [\"ch\"])"},
        {"an EUI", R"({"eui":"1","t":1})", R"({"eui":"2","t":1})", R"(by = [\"eui\"])"},
        {"a sender", R"({"from":1,"t":1})", R"({"from":2,"t":1})", R"(by = [\"from\"])"},
        {"a probe", R"({"probe":1,"t":1})", R"({"probe":2,"t":1})", R"(by = [\"probe\"])"},
        {"a place", R"({"location":"a","t":1})", R"({"location":"b","t":1})",
         R"(by = [\"location\"])"},
    };
    for (const auto& row : cases) {
        CAPTURE(row.name);
        Ear ear{"format = \"json\"\ntopics = [\"e\"]\n[sensor.quantities]\n\"/t\" = \"t:Cel\"\n"};
        const auto text = warned(ear, {{"e", row.one}, {"e", row.other}, {"e", row.one}});
        CAPTURE(text);
        CHECK(count(text, "several devices") == 1);
        CHECK(text.find(row.line) != std::string::npos);
    }
}

TEST_CASE("what another device has with it, or no device has, is no identity") {
    for (
        const std::string pair :
        {R"({"message_id":1,"t":1}|{"message_id":2,"t":1})",
         R"({"rxInfo":[{"gatewayId":"a","channel":1}],"t":1}|{"rxInfo":[{"gatewayId":"b"}],"t":1})",
         R"({"gateway_id":"a","t":1}|{"gateway_id":"b","t":1})",
         R"({"wifi":{"channel":1},"t":1}|{"wifi":{"channel":2},"t":1})",
         R"({"deduplicationId":"a","t":1}|{"deduplicationId":"b","t":1})"}) {
        CAPTURE(pair);
        const auto bar = pair.find('|');
        Ear ear{"format = \"json\"\ntopics = [\"e\"]\n[sensor.quantities]\n\"/t\" = \"t:Cel\"\n"};
        const auto text = warned(ear, {{"e", pair.substr(0, bar)}, {"e", pair.substr(bar + 1)}});
        CHECK(text.find("several devices") == std::string::npos);
    }
}

TEST_CASE("a second member that varies is added to what `by` has") {
    Ear ear{
        "format = \"json\"\ntopics = [\"e\"]\nby = [\"model\"]\n"
        "[sensor.quantities]\n\"/t\" = \"t:Cel\"\n"};
    const auto text = warned(
        ear, {{"e", R"({"model":"a","id":1,"t":1})"}, {"e", R"({"model":"a","id":2,"t":1})"}});
    CHECK(text.find(R"(by = [\"model\", \"id\"])") != std::string::npos);
}

TEST_CASE("a unit is proposed only where the name is surely that") {
    Ear ear{"format = \"json\"\ntopics = [\"e\"]\n[sensor.quantities]\n\"/t\" = \"t:Cel\"\n"};
    const auto text =
        warned(ear, {{"e", R"({"t":1,"tempf":70,"power_outage_count":3,"color_temp":325,)"
                           R"("battery_ok":1,"linkquality":80,"pressure":1,"id":7})"}});
    CHECK(text.find("/tempf\\\" = \\\"tempf:degF") != std::string::npos);
    CHECK(text.find("power_outage_count:/") != std::string::npos);
    CHECK(text.find("color_temp:…") != std::string::npos);
    CHECK(text.find("battery_ok:/") != std::string::npos);
    CHECK(text.find("linkquality:/") != std::string::npos);
    CHECK(text.find("pressure:…") != std::string::npos);
    CHECK(text.find("/id") == std::string::npos);
}

TEST_CASE("a message that lacks a member of `by` is told once in the log") {
    Ear ear{
        "format = \"json\"\ntopics = [\"e\"]\nby = [\"devEui\"]\n"
        "[sensor.quantities]\n\"/t\" = \"t:Cel\"\n"};
    const heard::Said said{"e", R"({"deviceInfo":{"devEui":"01"},"t":1})"};
    CHECK(warned(ear, {said, said}) ==
          "event=\"readings are refused: no \\\"devEui\\\" says which device they are of\" topic=e "
          "to_mend=\"by = [\\\"/deviceInfo/devEui\\\"]\"\n");
}
