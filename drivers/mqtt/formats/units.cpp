#include "drivers/mqtt/formats/units.hpp"

#include <algorithm>
#include <array>

namespace drivers::mqtt {

namespace {

constexpr bool kTruth = true;

constexpr std::array<KnownKey, 38> kZigbee2mqtt{{
    {"temperature", "temperature", "temperature", "Cel"},
    {"device_temperature", "device_temperature", "temperature", "Cel"},
    {"local_temperature", "local_temperature", "temperature", "Cel"},
    {"humidity", "humidity", "humidity", "%RH"},
    {"soil_moisture", "soil_moisture", "soil_moisture", "/100"},
    {"pressure", "pressure", "pressure", "hPa"},
    {"illuminance", "illuminance", "illuminance", "lx"},
    {"illuminance_lux", "illuminance_lux", "illuminance", "lx"},
    {"co2", "co2", "co2", "ppm"},
    {"pm25", "pm25", "pm25", "ug/m3"},
    {"pm10", "pm10", "pm10", "ug/m3"},
    {"noise", "noise", "noise", "dB"},
    {"battery", "battery", "battery", "%EL"},
    {"voltage", "voltage", "voltage", "V"},
    {"current", "current", "current", "A"},
    {"power", "power", "power", "W"},
    {"energy", "energy", "energy", "kWh"},
    {"ac_frequency", "ac_frequency", "frequency", "Hz"},
    {"power_factor", "power_factor", "power_factor", "/"},
    {"position", "position", "position", "/100"},
    {"pi_heating_demand", "pi_heating_demand", "heating_demand", "/100"},
    {"occupied_heating_setpoint", "occupied_heating_setpoint", "setpoint", "Cel"},
    {"current_heating_setpoint", "current_heating_setpoint", "setpoint", "Cel"},
    {"linkquality", "linkquality", "linkquality", "/"},
    {"occupancy", "occupancy", "occupancy", "/", kTruth},
    {"presence", "presence", "presence", "/", kTruth},
    {"contact", "contact", "contact", "/", kTruth},
    {"vibration", "vibration", "vibration", "/", kTruth},
    {"water_leak", "water_leak", "water_leak", "/", kTruth},
    {"smoke", "smoke", "smoke", "/", kTruth},
    {"gas", "gas", "gas", "/", kTruth},
    {"carbon_monoxide", "carbon_monoxide", "carbon_monoxide", "/", kTruth},
    {"tamper", "tamper", "tamper", "/", kTruth},
    {"battery_low", "battery_low", "battery_low", "/", kTruth},
    {"state", "state", "state", "/", kTruth},
    {"state_l1", "state_l1", "state", "/", kTruth},
    {"state_l2", "state_l2", "state", "/", kTruth},
    {"state_left", "state_left", "state", "/", kTruth},
}};

constexpr std::array<KnownKey, 31> kTasmota{{
    {"Temperature", "temperature", "temperature", "Cel"},
    {"DewPoint", "dew_point", "temperature", "Cel"},
    {"Humidity", "humidity", "humidity", "%RH"},
    {"Pressure", "pressure", "pressure", "hPa"},
    {"SeaPressure", "sea_pressure", "pressure", "hPa"},
    {"Illuminance", "illuminance", "illuminance", "lx"},
    {"CarbonDioxide", "co2", "co2", "ppm"},
    {"eCO2", "eco2", "co2", "ppm"},
    {"PM1", "pm1", "pm1", "ug/m3"},
    {"PM2.5", "pm25", "pm25", "ug/m3"},
    {"PM10", "pm10", "pm10", "ug/m3"},
    {"Moisture", "moisture", "soil_moisture", "/100"},
    {"Total", "energy_total", "energy", "kWh"},
    {"Yesterday", "energy_yesterday", "energy", "kWh"},
    {"Today", "energy_today", "energy", "kWh"},
    {"Power", "power", "power", "W"},
    {"ApparentPower", "apparent_power", "apparent_power", "VA"},
    {"ReactivePower", "reactive_power", "reactive_power", "var"},
    {"Factor", "power_factor", "power_factor", "/"},
    {"Frequency", "frequency", "frequency", "Hz"},
    {"Voltage", "voltage", "voltage", "V"},
    {"Current", "current", "current", "A"},
    {"Vcc", "vcc", "voltage", "V"},
    {"Signal", "signal", "signal", "dBm"},
    {"Battery", "battery", "battery", "%EL"},
    {"Distance", "distance", "distance", "cm"},
    {"TVOC", "tvoc", "tvoc", "ppb"},
    {"UptimeSec", "uptime", "uptime", "s"},
    {"POWER", "power_state", "state", "/", kTruth},
    {"Switch", "switch", "state", "/", kTruth},
    {"Occupancy", "occupancy", "occupancy", "/", kTruth},
}};

// What Tasmota's Zigbee bridge sends; Power is a switch there.
constexpr std::array<KnownKey, 16> kTasmotaZigbee{{
    {"Temperature", "temperature", "temperature", "Cel"},
    {"Humidity", "humidity", "humidity", "%RH"},
    {"Pressure", "pressure", "pressure", "hPa"},
    {"Illuminance", "illuminance", "illuminance", "lx"},
    {"BatteryPercentage", "battery", "battery", "%EL"},
    {"BatteryVoltage", "battery_voltage", "voltage", "V"},
    {"LinkQuality", "linkquality", "linkquality", "/"},
    {"ActivePower", "active_power", "power", "W"},
    {"RMSVoltage", "rms_voltage", "voltage", "V"},
    {"RMSCurrent", "rms_current", "current", "A"},
    {"Power", "power_state", "state", "/", kTruth},
    {"Occupancy", "occupancy", "occupancy", "/", kTruth},
    {"Contact", "contact", "contact", "/", kTruth},
    {"Water", "water_leak", "water_leak", "/", kTruth},
    {"Fire", "smoke", "smoke", "/", kTruth},
    {"CO", "carbon_monoxide", "carbon_monoxide", "/", kTruth},
}};

constexpr std::array<KnownKey, 16> kEsphome{{
    {"temperature", "", "temperature", "Cel"},
    {"humidity", "", "humidity", "%RH"},
    {"pressure", "", "pressure", "hPa"},
    {"illuminance", "", "illuminance", "lx"},
    {"co2", "", "co2", "ppm"},
    {"pm_1_0", "", "pm1", "ug/m3"},
    {"pm_2_5", "", "pm25", "ug/m3"},
    {"pm_10_0", "", "pm10", "ug/m3"},
    {"voltage", "", "voltage", "V"},
    {"current", "", "current", "A"},
    {"power", "", "power", "W"},
    {"frequency", "", "frequency", "Hz"},
    {"wifi_signal", "", "signal", "dBm"},
    {"battery_level", "", "battery", "%EL"},
    {"soil_moisture", "", "soil_moisture", "/100"},
    {"uptime", "", "uptime", "s"},
}};

/// With this word before it, what ends like a key is another thing, or in another unit.
struct OtherThing {
    std::string_view word;
    std::string_view key;  // Empty: any.
};
constexpr std::array kOtherThings{OtherThing{"offset", ""},
                                  OtherThing{"delta", ""},
                                  OtherThing{"diff", ""},
                                  OtherThing{"difference", ""},
                                  OtherThing{"threshold", ""},
                                  OtherThing{"raw", ""},
                                  OtherThing{"calibration", ""},
                                  OtherThing{"color", "temperature"},
                                  OtherThing{"colour", "temperature"},
                                  OtherThing{"correlated", "temperature"},
                                  OtherThing{"fahrenheit", "temperature"},
                                  OtherThing{"kelvin", "temperature"},
                                  OtherThing{"f", "temperature"},
                                  OtherThing{"k", "temperature"},
                                  OtherThing{"absolute", "humidity"},
                                  OtherThing{"abs", "humidity"},
                                  OtherThing{"specific", "humidity"},
                                  OtherThing{"soil", "humidity"},
                                  OtherThing{"reactive", "power"},
                                  OtherThing{"apparent", "power"},
                                  OtherThing{"rf", "power"},
                                  OtherThing{"tx", "power"},
                                  OtherThing{"transmit", "power"},
                                  OtherThing{"radio", "power"},
                                  OtherThing{"signal", "power"},
                                  OtherThing{"water", "pressure"},
                                  OtherThing{"oil", "pressure"},
                                  OtherThing{"tyre", "pressure"},
                                  OtherThing{"tire", "pressure"},
                                  OtherThing{"gas", "pressure"},
                                  OtherThing{"pump", "pressure"},
                                  OtherThing{"pipe", "pressure"},
                                  OtherThing{"tank", "pressure"},
                                  OtherThing{"boiler", "pressure"},
                                  OtherThing{"vacuum", "pressure"},
                                  OtherThing{"differential", "pressure"},
                                  OtherThing{"sound", "pressure"},
                                  OtherThing{"blood", "pressure"},
                                  OtherThing{"uv", "illuminance"},
                                  OtherThing{"wifi", "frequency"}};

// What devices send in one of these is recorded in it.
constexpr std::array<std::string_view, 31> kRecorded{
    "Cel", "K",   "hPa", "Pa",  "lx", "lm",  "V",  "mV", "A",  "mA",  "W",
    "kW",  "VA",  "kVA", "var", "Wh", "kWh", "Ah", "J",  "Hz", "ppm", "ug/m3",
    "dB",  "dBm", "cm",  "mm",  "km", "min", "h",  "m3", "l"};

// And in another one in the first of these that measures the same.
constexpr std::array<std::string_view, 3> kConverted{"Cel", "hPa", "l"};

template <std::size_t size>
const KnownKey* find_key(const std::array<KnownKey, size>& keys, std::string_view key) {
    const auto found =
        std::find_if(keys.begin(), keys.end(), [&](const auto& known) { return known.key == key; });
    return found == keys.end() ? nullptr : &*found;
}

bool ends_with_word(std::string_view text, std::string_view word) {
    if (!text.ends_with(word)) return false;
    return text.size() == word.size() || text[text.size() - word.size() - 1] == '_';
}

/// "reactive_power" is no power, and "water_pressure" seldom in hPa.
bool is_other_thing(std::string_view object, std::string_view key) {
    auto rest = object.substr(0, object.size() - key.size());
    while (!rest.empty()) {
        const auto word = rest.substr(0, rest.find('_'));
        const bool is_other =
            std::any_of(kOtherThings.begin(), kOtherThings.end(), [&](const OtherThing& other) {
                return other.word == word && (other.key.empty() || other.key == key);
            });
        if (is_other) return true;
        rest.remove_prefix(std::min(word.size() + 1, rest.size()));
    }
    return false;
}

}  // namespace

const KnownKey* zigbee2mqtt_key(std::string_view key) {
    return find_key(kZigbee2mqtt, key);
}

const KnownKey* tasmota_key(std::string_view key) {
    return find_key(kTasmota, key);
}

const KnownKey* tasmota_zigbee_key(std::string_view key) {
    return find_key(kTasmotaZigbee, key);
}

const KnownKey* esphome_key(std::string_view object) {
    const auto found = std::find_if(kEsphome.begin(), kEsphome.end(), [&](const auto& known) {
        return ends_with_word(object, known.key);
    });
    if (found != kEsphome.end() && is_other_thing(object, found->key)) return nullptr;
    return found == kEsphome.end() ? nullptr : &*found;
}

std::optional<Unit> recorded_unit(std::string_view written) {
    if (written == "#") return Unit{.unit = "/"};
    for (const auto unit : kRecorded) {
        if (conversion(written, unit) == Scale{}) return Unit{.unit = unit};
    }
    for (const auto unit : kConverted) {
        if (const auto scale = conversion(written, unit))
            return Unit{.unit = unit, .scale = *scale};
    }
    return clear_unit(written);
}

Quantity known_quantity(const KnownKey& known) {
    Quantity quantity{.name = std::string{known.name},
                      .kind = std::string{known.kind},
                      .unit = std::string{known.unit},
                      .least = {},
                      .most = {},
                      .resolution = {}};
    if (known.truth) {
        quantity.least = 0;
        quantity.most = 1;
        quantity.resolution = 1;
    }
    return quantity;
}

bool is_truth(const Quantity& quantity) {
    return quantity.least == 0 && quantity.most == 1 && quantity.resolution == 1;
}

}  // namespace drivers::mqtt
