// Goal: the readings of two devices are never mixed up because `by` misses them. Method: uplinks of
// gateways, with the members that name their devices in all the usual places.

#include "drivers/mqtt/formats/devices.hpp"

#include <doctest/doctest.h>

#include <string>

#include "drivers/mqtt/heard.hpp"

using heard::Ear;

namespace {

std::string keys_with(const std::string& by) {
    return "format = \"json\"\ntopics = [\"up\"]\n" + by +
           "[sensor.quantities]\n\"/object/temperature\" = \"temperature:Cel\"\n";
}

const heard::Said kChirpstack{
    "up",
    R"({"deduplicationId":"3ac7e3c4","deviceInfo":{"tenantId":"52f1","applicationId":"17c8",)"
    R"("deviceName":"barn","devEui":"0101010101010101"},"rxInfo":[{"gatewayId":"00","channel":2}],)"
    R"("object":{"temperature":21.5}})"};

}  // namespace

TEST_CASE("a reading that does not say which device it is of is refused, with the line to write") {
    Ear ear{keys_with("by = [\"devEui\"]\n")};
    CHECK(ear.accept({kChirpstack}) ==
          "! which device?: up: no \"devEui\"; by = [\"/deviceInfo/devEui\"] may be it\n");
    REQUIRE(ear.failures().size() == 1);
    CHECK(ear.failures().front().readings == 1);
    CHECK(ear.failures().front().cause == "which device?");
    Ear mended{keys_with("by = [\"/deviceInfo/devEui\"]\n")};
    CHECK(mended.accept({kChirpstack}) == "0101010101010101_temperature 21.5 Cel\n");
}

TEST_CASE("what there is instead of a member of `by` is found wherever devices have it") {
    struct Case {
        const char* by;
        const char* payload;
        const char* found;
    };
    const Case cases[] = {
        {"devEUI", R"({"deviceInfo":{"devEui":"01"},"object":{"temperature":1}})",
         "; by = [\"/deviceInfo/devEui\"] may be it"},
        {"DevEui", R"({"devEUI":"01","object":{"temperature":1}})",
         "; by = [\"devEUI\"] may be it"},
        {"/end_device_ids/deveui",
         R"({"end_device_ids":{"device_id":"d","dev_eui":"01"},"object":{"temperature":1}})",
         "; by = [\"/end_device_ids/dev_eui\"] may be it"},
        {"id", R"({"tenantId":"t","name":"barn","mac":"01","object":{"temperature":1}})",
         "; by = [\"mac\"] may be it"},
        {"id", R"({"id":"","rx":[{"id":1}],"object":{"temperature":1}})", ""},
        {"id", R"({"object":{"temperature":1,"battery":3}})", ""},
    };
    for (const auto& row : cases) {
        CAPTURE(row.payload);
        Ear ear{keys_with(std::string{"by = [\""} + row.by + "\"]\n")};
        CHECK(ear.accept({{"up", row.payload}}) ==
              std::string{"! which device?: up: no \""} + row.by + "\"" + row.found + "\n");
    }
}

TEST_CASE("a device that lacks one of several members has a series of its own") {
    Ear ear{keys_with("by = [\"model\", \"id\"]\n")};
    CHECK(ear.accept({{"up", R"({"model":"a","id":1,"object":{"temperature":1}})"},
                      {"up", R"({"model":"a","object":{"temperature":2}})"},
                      {"up", R"({"model":"a","device":{"id":3},"object":{"temperature":3}})"},
                      {"up", R"({"object":{"temperature":4}})"}}) ==
          "a_1_temperature 1 Cel\na_none_temperature 2 Cel\n"
          "! which device?: up: no \"id\"; by = [\"/device/id\"] may be it\n"
          "! which device?: up: no \"model\"\n");
}

TEST_CASE("a message with one device that is named and one that is not gives the first") {
    Ear ear{
        "format = \"json\"\ntopics = [\"s\"]\nby = [\"id\"]\n[sensor.quantities]\n"
        "\"/0/t\" = \"t:Cel\"\n\"/1/t\" = \"u:Cel\"\n\"/2/t\" = \"v:Cel\"\n"};
    CHECK(ear.accept({{"s", R"([{"id":"a","t":1},{"t":2},{"id":"c","t":3}])"}}) ==
          "a_t 1 Cel\nc_v 3 Cel\n! which device?: s: no \"id\"\n");
}

TEST_CASE("Tasmota's sensors stay apart by their numbers where they have no Id") {
    Ear ear{"format = \"tasmota\"\nby = [\"Id\"]\n"};
    CHECK(ear.accept({{"tele/b/SENSOR", R"({"DS18B20-1":{"Temperature":61},)"
                                        R"("DS18B20-2":{"Temperature":48},"Vcc":3.3})"}}) ==
          "b_ds18b20-1_none_temperature 61 Cel\nb_ds18b20-2_none_temperature 48 Cel\n"
          "b_none_vcc 3.3 V\n");
}

TEST_CASE("some identities are unique in the world, and others only beside a model") {
    for (const char* member : {"devEui", "/deviceInfo/dev_eui", "mac", "IEEE_addr", "device_id"}) {
        CAPTURE(member);
        CHECK(drivers::mqtt::is_unique(member));
    }
    for (const char* member : {"id", "model", "/device/channel", "name", "room"}) {
        CAPTURE(member);
        CHECK_FALSE(drivers::mqtt::is_unique(member));
    }
}
