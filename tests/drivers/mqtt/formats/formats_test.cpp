// Goal: each format's messages, as its devices send them, become the right values under the right
// names, and what is wrong in them is reported with its topic. Method: a table of cases per format.

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "drivers/mqtt/heard.hpp"

using heard::Ear;

namespace {

struct Case {
    const char* name;
    const char* topic;
    const char* payload;
    const char* said;
};

const char* const kZigbeeKeys = "format = \"zigbee2mqtt\"\n";

const Case kZigbee[] = {
    {"Aqara WSDCGQ11LM: climate on a battery", "zigbee2mqtt/livingroom",
     R"({"battery":97,"humidity":44.72,"linkquality":120,"pressure":1013.2,"temperature":27.34,)"
     R"("voltage":2995})",
     "livingroom_battery 97 %EL\nlivingroom_humidity 44.72 %RH\nlivingroom_linkquality 120 /\n"
     "livingroom_pressure 1013.2 hPa\nlivingroom_temperature 27.34 Cel\n"
     "livingroom_voltage 2995 mV\n"},
    {"Aqara RTCGQ11LM: motion", "zigbee2mqtt/hall motion",
     R"({"battery":100,"illuminance":13,"occupancy":true})",
     "hall_motion-xa94f3948_battery 100 %EL\nhall_motion-xa94f3948_illuminance 13 "
     "lx\nhall_motion-xa94f3948_occupancy 1 /\n"},
    {"a door contact", "zigbee2mqtt/front_door",
     R"({"battery_low":false,"contact":false,"tamper":true})",
     "front_door_battery_low 0 /\nfront_door_contact 0 /\nfront_door_tamper 1 /\n"},
    {"a metering plug: volts of the mains", "zigbee2mqtt/0xA4C1380D6E2F0001",
     R"({"current":0.43,"energy":12.07,"power":98.4,"state":"ON","voltage":231,"update":{)"
     R"("state":"idle"}})",
     "0xa4c1380d6e2f0001_current 0.43 A\n0xa4c1380d6e2f0001_energy 12.07 kWh\n"
     "0xa4c1380d6e2f0001_power 98.4 W\n0xa4c1380d6e2f0001_state 1 /\n"
     "0xa4c1380d6e2f0001_voltage 231 V\n"},
    {"a leak sensor", "zigbee2mqtt/cellar", R"({"water_leak":true})", "cellar_water_leak 1 /\n"},
    {"a value not heard yet is none", "zigbee2mqtt/new", R"({"temperature":null,"humidity":40})",
     "new_humidity 40 %RH\n"},
    {"a button measures nothing", "zigbee2mqtt/button", R"({"action":"single","battery":55})",
     "button_battery 55 %EL\n"},
    {"a lamp: only what is known", "zigbee2mqtt/lamp",
     R"({"state":"OFF","brightness":215,"color_temp":325,"color":{"x":0.4,"y":0.3}})",
     "lamp_state 0 /\n"},
    {"a flood sensor whose voltage is in millivolts without a battery beside it",
     "zigbee2mqtt/flood",
     R"({"battery_low":false,"linkquality":127,"tamper":false,"temperature":null,)"
     R"("voltage":3100,"water_leak":false})",
     "flood_battery_low 0 /\nflood_linkquality 127 /\nflood_tamper 0 /\nflood_voltage 3100 mV\n"
     "flood_water_leak 0 /\n"},
    {"millivolts with nothing beside them", "zigbee2mqtt/x", R"({"voltage":2900})",
     "x_voltage 2900 mV\n"},
    {"a battery's voltage in volts", "zigbee2mqtt/x", R"({"battery":80,"voltage":3.1})",
     "x_battery 80 %EL\nx_voltage 3.1 V\n"},
    {"an almost empty cell", "zigbee2mqtt/x", R"({"battery":0,"voltage":900})",
     "x_battery 0 %EL\nx_voltage 900 mV\n"},
    {"three phases of the mains", "zigbee2mqtt/x", R"({"voltage":401.5})", "x_voltage 401.5 V\n"},
    {"volts or millivolts, nobody knows", "zigbee2mqtt/x", R"({"voltage":900})",
     "! volts or millivolts: zigbee2mqtt/x voltage\n"},
    {"a raw illuminance beside one in lux", "zigbee2mqtt/x",
     R"({"illuminance":11500,"illuminance_lux":14})", "x_illuminance_lux 14 lx\n"},
    {"one value that is none", "zigbee2mqtt/x", R"({"temperature":NaN,"humidity":40})",
     "x_humidity 40 %RH\n! not a number: zigbee2mqtt/x temperature; it is \"NaN\"\n"},
    {"an empty object", "zigbee2mqtt/x", "{}", ""},
    {"a cover's state and a lock's are words", "zigbee2mqtt/blind",
     R"({"state":"OPEN","position":40})", "blind_position 40 /100\n"},
    {"a truth where a number should be", "zigbee2mqtt/x", R"({"temperature":true})",
     "! on or off, not a number: zigbee2mqtt/x temperature\n"},
    {"a number where a truth should be", "zigbee2mqtt/x", R"({"contact":7,"smoke":1})",
     "x_smoke 1 /\n! neither 0 nor 1: zigbee2mqtt/x contact\n"},
    {"a text where a number should be", "zigbee2mqtt/x", R"({"temperature":"warm"})",
     "! not a number: zigbee2mqtt/x temperature; it is \"warm\"\n"},
    {"a number alone", "zigbee2mqtt/x", "21.5", "! no JSON object: zigbee2mqtt/x\n"},
    {"no payload", "zigbee2mqtt/x", "", "! not JSON at byte 1: zigbee2mqtt/x\n"},
    {"cut off", "zigbee2mqtt/x", R"({"temperature":21)", "! not JSON at byte 18: zigbee2mqtt/x\n"},
    {"a member twice", "zigbee2mqtt/x", R"({"power":1,"current":2,"power":2})",
     "x_current 2 A\n! not a number: zigbee2mqtt/x power; it is \"1 and 2\"\n"},
    {"a member twice that says the same", "zigbee2mqtt/x", R"({"power":1,"power":1})",
     "x_power 1 W\n"},
    {"a member without a value", "zigbee2mqtt/x", R"({"temperature":,"humidity":40})",
     "x_humidity 40 %RH\n! not a number: zigbee2mqtt/x temperature; it is \"\"\n"},
    {"a comma too many", "zigbee2mqtt/x", R"({"humidity":40,})", "x_humidity 40 %RH\n"},
    {"a byte that is no UTF-8", "zigbee2mqtt/x", "{\"n\":\"K\xfc\",\"humidity\":40}",
     "x_humidity 40 %RH\n"},
    {"a decimal comma", "zigbee2mqtt/x", R"({"temperature":"21,5"})",
     "! a decimal comma: zigbee2mqtt/x temperature; decimal = \",\" reads it\n"},
    {"nested too deep", "zigbee2mqtt/x", R"({"a":[[[[[[[[[1]]]]]]]]]})",
     "! nested deeper than allowed: zigbee2mqtt/x\n"},
    {"a number beyond all", "zigbee2mqtt/x", R"({"power":1e999})",
     "! not a number: zigbee2mqtt/x power; it is \"1e999\"\n"},
};

const char* const kTasmotaKeys =
    "format = \"tasmota\"\ntopics = [\"tele/+/SENSOR\", \"tele/+/STATE\"]\n";

const Case kTasmota[] = {
    {"AM2301", "tele/bath/SENSOR",
     R"({"Time":"2024-01-05T10:11:12","AM2301":{"Temperature":24.3,"Humidity":56.1,)"
     R"("DewPoint":14.9},"TempUnit":"C"})",
     "bath_am2301_temperature 24.3 Cel\nbath_am2301_humidity 56.1 %RH\n"
     "bath_am2301_dew_point 14.9 Cel\n"},
    {"Fahrenheit and inches of mercury", "tele/porch/SENSOR",
     R"({"Time":"2024-01-05T10:11:12","BME280":{"Temperature":77.0,"Humidity":40.0,)"
     R"("DewPoint":50.0,"Pressure":30},"PressureUnit":"inHg","TempUnit":"F"})",
     "porch_bme280_temperature 25 Cel\nporch_bme280_humidity 40 %RH\n"
     "porch_bme280_dew_point 10 Cel\nporch_bme280_pressure 1015.9167 hPa\n"},
    {"two DS18B20 have a number each", "tele/boiler/SENSOR",
     R"({"Time":"2024-01-05T10:11:12","DS18B20-1":{"Id":"01144A","Temperature":61.4},)"
     R"("DS18B20-2":{"Id":"0114C2","Temperature":48.9},"TempUnit":"C"})",
     "boiler_ds18b20-1_temperature 61.4 Cel\nboiler_ds18b20-2_temperature 48.9 Cel\n"},
    {"a metering plug", "tele/plug/SENSOR",
     R"({"Time":"2024-01-05T10:11:12","ENERGY":{"TotalStartTime":"2023-01-01T00:00:00",)"
     R"("Total":12.375,"Yesterday":0.5,"Today":0.125,"Period":2,"Power":98,"ApparentPower":110,)"
     R"("ReactivePower":50,"Factor":0.89,"Voltage":231,"Current":0.476}})",
     "plug_energy_energy_total 12.375 kWh\nplug_energy_energy_yesterday 0.5 kWh\n"
     "plug_energy_energy_today 0.125 kWh\nplug_energy_power 98 W\n"
     "plug_energy_apparent_power 110 VA\nplug_energy_reactive_power 50 var\n"
     "plug_energy_power_factor 0.89 /\nplug_energy_voltage 231 V\nplug_energy_current 0.476 A\n"},
    {"a meter of three phases", "tele/meter/SENSOR",
     R"({"Time":"2024-01-05T10:11:12","ENERGY":{"Power":[100,0,55.5],"Voltage":[230,231,229]}})",
     "meter_energy_power_1 100 W\nmeter_energy_power_2 0 W\nmeter_energy_power_3 55.5 W\n"
     "meter_energy_voltage_1 230 V\nmeter_energy_voltage_2 231 V\nmeter_energy_voltage_3 229 V\n"},
    {"MH-Z19B and switches", "tele/office/SENSOR",
     R"({"Time":"2024-01-05T10:11:12","Switch1":"ON","Switch2":"OFF","MHZ19B":{"Model":"B",)"
     R"("CarbonDioxide":715,"Temperature":23.0},"TempUnit":"C"})",
     "office_switch1 1 /\noffice_switch2 0 /\noffice_mhz19b_co2 715 ppm\n"
     "office_mhz19b_temperature 23 Cel\n"},
    {"the device's own state", "tele/plug/STATE",
     R"({"Time":"2024-01-05T10:11:12","Uptime":"0T02:25:16","UptimeSec":8716,"Vcc":3.422,)"
     R"("Heap":27,"SleepMode":"Dynamic","POWER":"ON","Wifi":{"AP":1,"SSId":"home","RSSI":86,)"
     R"("Signal":-57}})",
     "plug_uptime 8716 s\nplug_vcc 3.422 V\nplug_power_state 1 /\nplug_wifi_signal -57 dBm\n"},
    {"a sensor that does not answer says null", "tele/bath2/SENSOR",
     R"({"Time":"2024-01-05T10:11:12","AM2301":{"Temperature":null,"Humidity":null,)"
     R"("DewPoint":null},"TempUnit":"C"})",
     "! the device could not read it: tele/bath2/SENSOR AM2301.Temperature\n"
     "! the device could not read it: tele/bath2/SENSOR AM2301.Humidity\n"
     "! the device could not read it: tele/bath2/SENSOR AM2301.DewPoint\n"},
    {"one of three sensors has no value", "tele/s/SENSOR",
     R"({"Time":"2018-10-31T11:57:31","SI7021-00":{"Temperature":17.1,"Humidity":70.0},)"
     R"("SI7021-02":{"Temperature":nan,"Humidity":nan},)"
     R"("SI7021-04":{"Temperature":10.0,"Humidity":59.7},"TempUnit":"C"})",
     "s_si7021-00_temperature 17.1 Cel\ns_si7021-00_humidity 70 %RH\n"
     "s_si7021-04_temperature 10 Cel\ns_si7021-04_humidity 59.7 %RH\n"
     "! not a number: tele/s/SENSOR SI7021-02.Temperature; it is \"nan\"\n"
     "! not a number: tele/s/SENSOR SI7021-02.Humidity; it is \"nan\"\n"},
    {"a device of the Zigbee bridge", "tele/bridge/SENSOR",
     R"({"ZbReceived":{"0x8F20":{"Device":"0x8F20","Name":"Kitchen","Temperature":21.5,)"
     R"("Humidity":40.5,"Power":1,"BatteryVoltage":2.9,"Endpoint":1,"LinkQuality":70}}})",
     "bridge_0x8f20_temperature 21.5 Cel\nbridge_0x8f20_humidity 40.5 %RH\n"
     "bridge_0x8f20_power_state 1 /\nbridge_0x8f20_battery_voltage 2.9 V\n"
     "bridge_0x8f20_linkquality 70 /\n"},
    {"a sensor inside another", "tele/hub/SENSOR",
     R"({"NODE":{"BME280":{"Temperature":50,"Pressure":750}},"TempUnit":"F",)"
     R"("PressureUnit":"mmHg"})",
     "hub_node_bme280_temperature 10 Cel\nhub_node_bme280_pressure 999.918 hPa\n"},
    {"a Bluetooth thermometer", "tele/ble/SENSOR",
     R"({"ATC21A4B2":{"mac":"a4c13821a4b2","Temperature":21.1,"Humidity":48.5,"DewPoint":9.8,)"
     R"("Battery":87,"RSSI":-71},"TempUnit":"C"})",
     "ble_atc21a4b2_temperature 21.1 Cel\nble_atc21a4b2_humidity 48.5 %RH\n"
     "ble_atc21a4b2_dew_point 9.8 Cel\nble_atc21a4b2_battery 87 %EL\n"},
    {"a unit that nobody knows is not guessed", "tele/odd/SENSOR",
     R"({"DS18B20":{"Temperature":10},"TempUnit":"R"})",
     "! unit not known: tele/odd/SENSOR DS18B20.Temperature; TempUnit is \"R\"; ignore = "
     "[\"TempUnit\"] if it is not its unit\n"},
    {"a temperature in a unit of pressure", "tele/odd/SENSOR",
     R"({"DS18B20":{"Temperature":10},"TempUnit":"hPa"})",
     "! the units contradict each other: tele/odd/SENSOR DS18B20.Temperature; TempUnit is "
     "\"hPa\"; ignore = [\"TempUnit\"] if it is not its unit\n"},
    {"distances of sensors that have them in cm", "tele/d/SENSOR",
     R"({"SR04":{"Distance":72.3},"VL53L0X":{"Distance":10.5}})",
     "d_sr04_distance 72.3 cm\nd_vl53l0x_distance 10.5 cm\n"},
    {"distances in mm and km", "tele/d/SENSOR",
     R"({"TOF10120":{"Distance":723},"VL53L1X":{"Distance":105},"AS3935":{"Distance":12}})", ""},
    {"a text where a number should be", "tele/odd/SENSOR", R"({"AM2301":{"Humidity":"wet"}})",
     "! not a number: tele/odd/SENSOR AM2301.Humidity; it is \"wet\"\n"},
    {"no JSON", "tele/odd/SENSOR", "Online", "! not JSON at byte 1: tele/odd/SENSOR\n"},
    {"a button that is held", "tele/odd/SENSOR", R"({"Switch1":"HOLD"})", ""},
    {"a list", "tele/odd/SENSOR", "[1]", "! no JSON object: tele/odd/SENSOR\n"},
};

const char* const kEsphomeKeys =
    "format = \"esphome\"\n[sensor.quantities]\nsoil = \"soil_moisture:/100\"\n";

const Case kEsphome[] = {
    {"a temperature", "bedroom/sensor/bedroom_temperature/state", "21.4",
     "bedroom_bedroom_temperature 21.4 Cel\n"},
    {"the signal", "bedroom/sensor/wifi_signal/state", "-61", "bedroom_wifi_signal -61 dBm\n"},
    {"a binary sensor", "hall/binary_sensor/pir/state", "ON", "hall_pir 1 /\n"},
    {"a binary sensor that ends", "hall/binary_sensor/pir/state", "OFF", "hall_pir 0 /\n"},
    {"what the operator named", "garden/sensor/soil/state", "37.5",
     "garden_soil_moisture 37.5 /100\n"},
    {"an id that says nothing", "garden/sensor/mystery/state", "5", ""},
    {"an id that only sounds like it", "garden/sensor/absolute_humidity/state", "9.1", ""},
    {"a code of a sensor that does not answer", "hall/sensor/humidity/state", "655.35",
     "! too high to be true: hall/sensor/humidity/state 655.35; it is 655.35\n"},
    {"a number with its unit", "hall/sensor/temperature/state", "70.7 °F",
     "hall_temperature 21.5 Cel\n"},
    {"a sensor that failed", "bedroom/sensor/bedroom_temperature/state", "nan",
     "! not a number: bedroom/sensor/bedroom_temperature/state nan\n"},
    {"a text", "bedroom/sensor/humidity/state", "wet\x01",
     "! not a number: bedroom/sensor/humidity/state wet\\x01\n"},
};

const char* const kPlainKeys =
    "format = \"plain\"\ntopics = [\"garden/+/temperature\"]\nquantity = \"temperature:Cel\"\n";

const Case kPlain[] = {
    {"a number", "garden/shed/temperature", "18.25", "shed_temperature 18.25 Cel\n"},
    {"with a newline", "garden/shed/temperature", "18\n", "shed_temperature 18 Cel\n"},
    {"capitals and spaces", "garden/Green House/temperature", "3",
     "green_house-x46b75800_temperature 3 Cel\n"},
    {"with its unit", "garden/shed/temperature", "18 C", "shed_temperature 18 Cel\n"},
    {"a decimal comma", "garden/shed/temperature", "21,5",
     "! a decimal comma: garden/shed/temperature 21,5; decimal = \",\" reads it\n"},
    {"on or off", "garden/shed/temperature", "ON",
     "! on or off, not a number: garden/shed/temperature ON\n"},
    {"nothing", "garden/shed/temperature", "", "! not a number: garden/shed/temperature\n"},
    {"not ours", "garden/shed/humidity", "5", "! not asked for: garden/shed/humidity\n"},
};

const char* const kJsonKeys = R"(format = "json"
topics = ["weather/+"]
[sensor.quantities]
"/main/temp" = "temperature:Cel"
"/wind/0" = "wind:m/s"
"/rain" = "rain:/"
)";

const Case kJson[] = {
    {"one of them is no number", "weather/roof", R"({"main":{"temp":-Infinity},"wind":[4.5]})",
     "roof_wind 4.5 m/s\n! not a number: weather/roof /main/temp; it is \"-Infinity\"\n"},
    {"a truth is no temperature", "weather/roof", R"({"main":{"temp":true},"rain":"ON"})",
     "roof_rain 1 /\n! on or off, not a number: weather/roof /main/temp\n"},
    {"several values", "weather/roof", R"({"main":{"temp":11.5},"wind":[4.5,270],"rain":true})",
     "roof_temperature 11.5 Cel\nroof_wind 4.5 m/s\nroof_rain 1 /\n"},
    {"some of them", "weather/roof", R"({"main":{"temp":11.25}})", "roof_temperature 11.25 Cel\n"},
    {"a number as text", "weather/roof", R"({"main":{"temp":"11.5"}})",
     "roof_temperature 11.5 Cel\n"},
    {"none of them", "weather/roof", R"({"clouds":8})",
     "! nothing where it points: weather/roof\n"},
    {"null", "weather/roof", R"({"rain":null})", "! not a number: weather/roof /rain\n"},
    {"an object with values of its own", "weather/roof",
     R"({"main":{"temp":{"c":1}},"rain":false})",
     "roof_rain 0 /\n! not a number: weather/roof /main/temp\n"},
    {"an object", "weather/roof", R"({"main":{"temp":{}}})",
     "! not a number: weather/roof /main/temp\n"},
    {"no JSON", "weather/roof", "{]", "! not JSON at byte 2: weather/roof\n"},
};

template <std::size_t size>
void check(const char* keys, const Case (&cases)[size]) {
    for (const auto& row : cases) {
        CAPTURE(row.name);
        CHECK(Ear{keys}.accept({{row.topic, row.payload}}) == row.said);
    }
}

}  // namespace

TEST_CASE("zigbee2mqtt's device states") {
    check(kZigbeeKeys, kZigbee);
}

TEST_CASE("Tasmota's telemetry") {
    check(kTasmotaKeys, kTasmota);
}

TEST_CASE("ESPHome's states") {
    check(kEsphomeKeys, kEsphome);
}

TEST_CASE("plain numbers") {
    check(kPlainKeys, kPlain);
}

TEST_CASE("JSON by pointer") {
    check(kJsonKeys, kJson);
}

TEST_CASE("zigbee2mqtt's own topics and commands are not the state of a device") {
    Ear ear{"format = \"zigbee2mqtt\"\ntopics = [\"zigbee2mqtt/#\"]\n"};
    CHECK(ear.accept({{"zigbee2mqtt/bridge/info", R"({"version":"2.1.0"})"},
                      {"zigbee2mqtt/bridge/logging", "no json"},
                      {"zigbee2mqtt/lamp/set", R"({"state":"ON"})"},
                      {"zigbee2mqtt/lamp/get", R"({"state":""})"}})
              .empty());
    CHECK(ear.accept({{"zigbee2mqtt/kitchen/sensor", R"({"temperature":19})"}}) ==
          "kitchen__sensor_temperature 19 Cel\n");
    CHECK(ear.accept({{"zigbee2mqtt/kitchen/sensor/availability", R"({"state":"offline"})"}}) ==
          "! offline: zigbee2mqtt/kitchen/sensor\n");
}

TEST_CASE("a topic without wildcards needs no device in the name") {
    Ear ear{"format = \"zigbee2mqtt\"\ntopics = [\"zigbee2mqtt/livingroom\"]\n"};
    CHECK(ear.accept({{"zigbee2mqtt/livingroom", R"({"temperature":20})"}}) ==
          "temperature 20 Cel\n");
}

TEST_CASE("Homie's values are explained by the attributes below them") {
    Ear ear{"format = \"homie\"\n"};
    CHECK(ear.accept({{"homie/therm/air/temperature/$datatype", "float", true},
                      {"homie/therm/air/temperature/$unit", "°C", true},
                      {"homie/therm/air/humidity/$datatype", "integer", true},
                      {"homie/therm/air/humidity/$unit", "%", true},
                      {"homie/therm/air/open/$datatype", "boolean", true},
                      {"homie/therm/air/mode/$datatype", "enum", true},
                      {"homie/therm/air/count/$datatype", "integer", true},
                      {"homie/therm/air/odd/$datatype", "float", true},
                      {"homie/therm/air/odd/$unit", "furlong", true},
                      {"homie/therm/$fw/name", "firmware", true},
                      {"homie/therm/air/$name", "The air", true}})
              .empty());
    CHECK(ear.accept({{"homie/therm/air/temperature", "21.5"},
                      {"homie/therm/air/humidity", "45"},
                      {"homie/therm/air/open", "true"},
                      {"homie/therm/air/mode", "eco"},
                      {"homie/therm/air/count", "7"}}) ==
          "therm_air_temperature 21.5 Cel\ntherm_air_humidity 45 %RH\ntherm_air_open 1 /\n"
          "therm_air_count 7 /\n");
    CHECK(ear.accept({{"homie/therm/air/odd", "3"},
                      {"homie/therm/air/unknown", "3"},
                      {"homie/therm/air/temperature", "warm"}}) ==
          "! unit not known: homie/therm/air/odd furlong\n"
          "! no $datatype: homie/therm/air/unknown\n"
          "! not a number: homie/therm/air/temperature warm\n");
}

TEST_CASE("Homie's Fahrenheit and percentages get the right units") {
    Ear ear{"format = \"homie\"\ntopics = [\"homie/therm/+/+\"]\n"};
    ear.accept({{"homie/therm/air/temperature/$datatype", "float", true},
                {"homie/therm/air/temperature/$unit", "°F", true},
                {"homie/therm/power/battery/$datatype", "integer", true},
                {"homie/therm/power/battery/$unit", "%", true},
                {"homie/therm/blind/position/$datatype", "integer", true},
                {"homie/therm/blind/position/$unit", "%", true}});
    CHECK(ear.accept({{"homie/therm/air/temperature", "77"},
                      {"homie/therm/power/battery", "88"},
                      {"homie/therm/blind/position", "30"}}) ==
          "air_temperature 25 Cel\npower_battery 88 %EL\nblind_position 30 /100\n");
}

TEST_CASE("a Homie thermometer's F is a degree, and any other F is not") {
    Ear ear{"format = \"homie\"\n"};
    ear.accept({{"homie/d/n/temperature/$datatype", "float", true},
                {"homie/d/n/temperature/$unit", "F", true},
                {"homie/d/n/store/$datatype", "float", true},
                {"homie/d/n/store/$unit", "F", true}});
    CHECK(ear.accept({{"homie/d/n/temperature", "77"}, {"homie/d/n/store", "1"}}) ==
          "d_n_temperature 25 Cel\n! unit not known: homie/d/n/store F\n");
}

TEST_CASE("the operator's names take precedence, and ignored keys are left out") {
    Ear zigbee{
        "format = \"zigbee2mqtt\"\nignore = [\"linkquality\", \"battery\"]\n"
        "[sensor.quantities]\nilluminance = \"light:/\"\ncalibration = \"offset:K\"\n"};
    CHECK(zigbee.accept({{"zigbee2mqtt/x",
                          R"({"illuminance":7,"calibration":0.5,"linkquality":9,"battery":3})"}}) ==
          "x_light 7 /\nx_offset 0.5 K\n");
    Ear tasmota{
        "format = \"tasmota\"\nignore = [\"DewPoint\"]\n"
        "[sensor.quantities]\n\"ANALOG.A0\" = \"level:/\"\n"};
    CHECK(tasmota.accept({{"tele/x/SENSOR", R"({"ANALOG":{"A0":512},"AM2301":{"DewPoint":3}})"}}) ==
          "x_analog_level 512 /\n");
}

TEST_CASE("the messages' own time is used when the operator trusts it") {
    Ear ear{"format = \"zigbee2mqtt\"\ntime_pointer = \"/last_seen\"\n"};
    CHECK(ear.accept({{"zigbee2mqtt/x",
                       R"({"last_seen":"2024-01-05T11:11:12+01:00","temperature":1})"}}) ==
          "x_temperature 1 Cel\n");
    CHECK(ear.source_times() == std::vector<std::int64_t>{1'704'449'472'000});
    CHECK(ear.accept({{"zigbee2mqtt/x", R"({"temperature":1})"},
                      {"zigbee2mqtt/x", R"({"last_seen":"today","temperature":1})"},
                      {"zigbee2mqtt/x", R"({"last_seen":null,"temperature":1})"}}) ==
          "! no time: zigbee2mqtt/x\n! time not understood: zigbee2mqtt/x\n"
          "! time not understood: zigbee2mqtt/x\n");
    Ear again{"format = \"zigbee2mqtt\"\ntime_pointer = \"/last_seen\"\n"};
    const heard::Said said{"zigbee2mqtt/x",
                           R"({"last_seen":"2024-01-05T11:11:12Z","temperature":1})"};
    const heard::Said other{"zigbee2mqtt/x",
                            R"({"last_seen":"2024-01-05T11:11:12Z","temperature":2})"};
    CHECK(again.accept({said, said, other, said}) ==
          "x_temperature 1 Cel\nx_temperature 2 Cel\nx_temperature 1 Cel\n");
    Ear epoch{
        "format = \"json\"\ntopics = [\"w\"]\ntime_pointer = \"/t\"\ntime_format = \"unix_ms\"\n"
        "[sensor.quantities]\n\"/v\" = \"v:V\"\n"};
    CHECK(epoch.accept({{"w", R"({"t":1704449472123,"v":2})"}}) == "v 2 V\n");
    CHECK(epoch.source_times() == std::vector<std::int64_t>{1'704'449'472'123});
    Ear arrival{"format = \"zigbee2mqtt\"\n"};
    arrival.accept({{"zigbee2mqtt/x", R"({"last_seen":"2024-01-05T11:11:12Z","temperature":1})"}});
    CHECK(arrival.source_times() == std::vector<std::int64_t>{0});
}
