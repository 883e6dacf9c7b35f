// Goal: members of a payload become the right series, whatever is around them. Method: messages as
// devices send them, in; lines of text out.

#include <doctest/doctest.h>

#include <string>

#include "drivers/mqtt/heard.hpp"

using heard::Ear;

TEST_CASE("members of a payload part the devices behind one topic") {
    Ear ear{
        "format = \"json\"\ntopics = [\"rtl_433/+/events\"]\nby = [\"model\", \"id\", "
        "\"channel\"]\n[sensor.quantities]\n\"/temperature_C\" = \"temperature:Cel\"\n"};
    const std::string topic = "rtl_433/pi/events";
    CHECK(ear.accept({{topic, R"({"model":"nexus","id":12,"channel":1,"temperature_C":5})"},
                      {topic, R"({"model":"nexus","id":13,"channel":1,"temperature_C":6})"},
                      {topic, R"({"model":"nexus","id":12,"channel":"1","temperature_C":7})"},
                      {topic, R"({"model":"nexus","id":12,"temperature_C":8})"}}) ==
          "pi_nexus_12_1_temperature 5 Cel\npi_nexus_13_1_temperature 6 Cel\n"
          "pi_nexus_12_1_temperature 7 Cel\npi_nexus_12_none_temperature 8 Cel\n");
    CHECK(ear.accept({{topic, R"({"model":"nexus","id":12,"channel":"none","temperature_C":9})"}})
              .starts_with("pi_nexus_12_none-x"));
    Ear nested{
        "format = \"json\"\ntopics = [\"v3/+/devices/+/up\"]\nby = "
        "[\"/end_device_ids/dev_eui\"]\n"
        "[sensor.quantities]\n\"/uplink_message/decoded_payload/temp\" = \"temperature:Cel\"\n"};
    CHECK(nested.accept(
              {{"v3/app/devices/d/up", R"({"end_device_ids":{"dev_eui":"70B3D57ED0041234"},)"
                                       R"("uplink_message":{"decoded_payload":{"temp":4.5}}})"}}) ==
          "app_d_70b3d57ed0041234_temperature 4.5 Cel\n");
}

TEST_CASE("a Tasmota sensor keeps its series by its Id when another one fails") {
    Ear ear{"format = \"tasmota\"\nby = [\"Id\"]\n"};
    CHECK(ear.accept({{"tele/b/SENSOR", R"({"DS18B20-1":{"Id":"01144A","Temperature":61},)"
                                        R"("DS18B20-2":{"Id":"0114C2","Temperature":48}})"},
                      {"tele/b/SENSOR", R"({"DS18B20":{"Id":"0114C2","Temperature":47}})"}}) ==
          "b_ds18b20_01144a_temperature 61 Cel\nb_ds18b20_0114c2_temperature 48 Cel\n"
          "b_ds18b20_0114c2_temperature 47 Cel\n");
}

TEST_CASE("a mapped value in degrees Fahrenheit is converted") {
    Ear ear{
        "format = \"json\"\ntopics = [\"w\"]\n"
        "[sensor.quantities]\n\"/temperature_F\" = \"temperature:degF\"\n"};
    CHECK(ear.accept({{"w", R"({"temperature_F":77})"}}) == "temperature 25 Cel\n");
}

TEST_CASE("a nested key of zigbee2mqtt can be named") {
    Ear ear{"format = \"zigbee2mqtt\"\n[sensor.quantities]\n\"color.x\" = \"color_x:/\"\n"};
    CHECK(ear.accept({{"zigbee2mqtt/lamp", R"({"color":{"x":0.25,"y":0.5}})"}}) ==
          "lamp_color_x 0.25 /\n");
}

TEST_CASE("an answer of Tasmota has the series of its telemetry") {
    Ear ear{"format = \"tasmota\"\ntopics = [\"tele/+/SENSOR\", \"stat/+/STATUS8\"]\n"};
    CHECK(ear.accept({{"tele/s/SENSOR", R"({"DS18B20":{"Temperature":50},"TempUnit":"F"})"},
                      {"stat/s/STATUS8",
                       R"({"StatusSNS":{"DS18B20":{"Temperature":59},"TempUnit":"F"}})"}}) ==
          "s_ds18b20_temperature 10 Cel\ns_ds18b20_temperature 15 Cel\n");
    CHECK(ear.quantities().size() == 1);
}

TEST_CASE("messages of real devices and gateways, by pointers") {
    struct Case {
        const char* name;
        const char* keys;
        const char* topic;
        const char* payload;
        const char* said;
    };
    const Case cases[] = {
        {"Shelly Plus Plug S: status/switch:0",
         "topics = [\"+/status/switch:0\"]\n[sensor.quantities]\n\"/apower\" = \"power:W\"\n"
         "\"/aenergy/total\" = \"energy:Wh\"\n\"/temperature/tC\" = \"temperature:Cel\"\n"
         "\"/output\" = \"output:/\"\n",
         "shellyplusplugs-b0b21c1234ab/status/switch:0",
         R"({"id":0,"source":"init","output":true,"apower":8.9,"voltage":237.5,"current":0.04,)"
         R"("aenergy":{"total":6.532,"by_minute":[45.199,47.141,88.397],"minute_ts":1626935779},)"
         R"("temperature":{"tC":23.5,"tF":74.3}})",
         "shellyplusplugs-b0b21c1234ab_output 1 /\nshellyplusplugs-b0b21c1234ab_power 8.9 W\n"
         "shellyplusplugs-b0b21c1234ab_energy 6.532 Wh\n"
         "shellyplusplugs-b0b21c1234ab_temperature 23.5 Cel\n"},
        {"Shelly Plus H&T: events/rpc",
         "topics = [\"+/events/rpc\"]\nby = [\"/src\"]\n[sensor.quantities]\n"
         "\"/params/temperature:0/tC\" = \"temperature:Cel\"\n",
         "ht/events/rpc",
         R"({"src":"shellyplusht-08b61fcb7f3c","dst":"ht/events","method":"NotifyFullStatus",)"
         R"("params":{"ts":1.6,"temperature:0":{"id":0,"tC":22.1,"tF":71.8},"humidity:0":{"id":0,)"
         R"("rh":42.5}}})",
         "ht_shellyplusht-08b61fcb7f3c_temperature 22.1 Cel\n"},
        {"rtl_433: Acurite in both units",
         "topics = [\"rtl_433/+/events\"]\nby = [\"id\"]\n[sensor.quantities]\n"
         "\"/temperature_F\" = \"temperature:degF\"\n\"/battery_ok\" = \"battery_ok:/\"\n",
         "rtl_433/pi/events",
         R"({"time":"2023-01-05 10:11:12","model":"Acurite-Tower","id":5105,"channel":"A",)"
         R"("battery_ok":1,"temperature_F":68,"humidity":44,"mic":"CHECKSUM"})",
         "pi_5105_battery_ok 1 /\npi_5105_temperature 20 Cel\n"},
        {"ChirpStack: an uplink",
         "topics = [\"application/+/device/+/event/up\"]\n[sensor.quantities]\n"
         "\"/object/temperature\" = \"temperature:Cel\"\n\"/rxInfo/0/rssi\" = \"rssi:dBm\"\n",
         "application/1/device/A84041FFFF180001/event/up",
         R"({"deviceInfo":{"devEui":"a84041ffff180001"},"fCnt":7,"object":{"temperature":18.25},)"
         R"("rxInfo":[{"gatewayId":"x","rssi":-97,"snr":7.5,"channel":2}]})",
         "1_a84041ffff180001_temperature 18.25 Cel\n1_a84041ffff180001_rssi -97 dBm\n"},
        {"Theengs and OpenMQTTGateway: a thermometer over Bluetooth",
         "topics = [\"home/+/BTtoMQTT/+\"]\n[sensor.quantities]\n\"/tempc\" = "
         "\"temperature:Cel\"\n\"/hum\" = \"humidity:%RH\"\n",
         "home/omg/BTtoMQTT/A4C138123456",
         R"({"id":"A4:C1:38:12:34:56","name":"ATC","rssi":-71,"model":"LYWSD03MMC","tempc":21.4,)"
         R"("tempf":70.52,"hum":NaN,"batt":87,"volt":2.941})",
         "omg_a4c138123456_temperature 21.4 Cel\n"
         "! not a number: home/omg/BTtoMQTT/A4C138123456 /hum; it is \"NaN\"\n"},
    };
    for (const auto& row : cases) {
        CAPTURE(row.name);
        Ear ear{std::string{"format = \"json\"\n"} + row.keys};
        CHECK(ear.accept({{row.topic, row.payload}}) == row.said);
    }
}
