#include "agent/homeassistant/home_assistant.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "base/json.hpp"
#include "base/text.hpp"

namespace agent {

namespace {

using base::JsonWriter;

/// A value older than this many periods is shown as unknown.
constexpr int kPeriodsToStale = 3;
constexpr base::Duration kStaleMin = std::chrono::seconds{10};

struct Spelling {
    std::string_view senml;
    std::string_view shown;
};

/// Units that Home Assistant spells differently; `/` has none there. All others are the same.
constexpr std::array kUnits{
    Spelling{"Cel", "°C"},      Spelling{"%RH", "%"},     Spelling{"%EL", "%"},
    Spelling{"/", ""},          Spelling{"/100", "%"},    Spelling{"count", ""},
    Spelling{"l", "L"},         Spelling{"m2", "m²"},     Spelling{"m3", "m³"},
    Spelling{"m/s2", "m/s²"},   Spelling{"W/m2", "W/m²"}, Spelling{"m3/s", "m³/s"},
    Spelling{"lat", "°"},       Spelling{"lon", "°"},     Spelling{"Ohm", "Ω"},
    Spelling{"ug/m3", "µg/m³"},
};

struct Class {
    std::string_view quantity;
    std::string_view unit;  // SenML: a class accepts certain units only.
    std::string_view device_class;
};

constexpr std::array kClasses{
    Class{"temperature", "Cel", "temperature"},
    Class{"temperature", "K", "temperature"},
    Class{"humidity", "%RH", "humidity"},
    Class{"distance", "m", "distance"},
    Class{"distance", "cm", "distance"},
    Class{"distance", "mm", "distance"},
    Class{"distance", "km", "distance"},
    Class{"light", "lx", "illuminance"},
    Class{"illuminance", "lx", "illuminance"},
    Class{"pressure", "Pa", "pressure"},
    Class{"pressure", "hPa", "pressure"},
    Class{"voltage", "V", "voltage"},
    Class{"voltage", "mV", "voltage"},
    Class{"current", "A", "current"},
    Class{"current", "mA", "current"},
    Class{"power", "W", "power"},
    Class{"power", "kW", "power"},
    Class{"frequency", "Hz", "frequency"},
    Class{"speed", "m/s", "speed"},
    Class{"weight", "kg", "weight"},
    Class{"weight", "g", "weight"},
    Class{"co2", "ppm", "carbon_dioxide"},
    Class{"battery", "%EL", "battery"},
    Class{"soil_moisture", "/100", "moisture"},
    Class{"rssi", "dBm", "signal_strength"},
    Class{"irradiance", "W/m2", "irradiance"},
};

struct Truth {
    std::string_view quantity;
    std::string_view device_class;  // Empty: no class fits; on or off is all there is to say.
};

/// Quantities of the unit `/` that are 0 or 1, never in between.
constexpr std::array kTruths{
    Truth{"motion", "motion"},       Truth{"occupied", "occupancy"},
    Truth{"occupancy", "occupancy"}, Truth{"presence", "presence"},
    Truth{"contact", "opening"},     Truth{"opening", "opening"},
    Truth{"door", "door"},           Truth{"window", "window"},
    Truth{"smoke", "smoke"},         Truth{"water_leak", "moisture"},
    Truth{"vibration", "vibration"}, Truth{"tamper", "tamper"},
    Truth{"battery_low", "battery"}, Truth{"in_range", ""},
};

std::string_view unit_shown(std::string_view senml) {
    const auto* found = std::find_if(kUnits.begin(), kUnits.end(),
                                     [&](const Spelling& unit) { return unit.senml == senml; });
    return found == kUnits.end() ? senml : found->shown;
}

std::string_view device_class_of(const wire::SeriesDeclaration& series) {
    const auto* found = std::find_if(kClasses.begin(), kClasses.end(), [&](const Class& known) {
        return known.quantity == series.quantity && known.unit == series.unit;
    });
    return found == kClasses.end() ? std::string_view{} : found->device_class;
}

/// Null when the series is a number rather than a yes or no.
const Truth* truth_of(const wire::SeriesDeclaration& series) {
    const auto* found = std::find_if(kTruths.begin(), kTruths.end(), [&](const Truth& known) {
        return series.unit == "/" && known.quantity == series.quantity;
    });
    return found == kTruths.end() ? nullptr : found;
}

base::Duration stale_after(const wire::SeriesDeclaration& series) {
    const auto period = series.period.value_or(base::Duration::zero());
    if (period <= base::Duration::zero()) return base::Duration::zero();
    return std::max(kPeriodsToStale * period, kStaleMin);
}

/// Every message on the state topic holds every series, so a dead sensor's last value would look
/// fresh for ever. Its time is compared with the newest one in the same message, so no two clocks
/// need to agree.
std::string value_template(const wire::SeriesDeclaration& series, bool is_truth) {
    const auto stale = stale_after(series);
    const auto fresh =
        stale > base::Duration::zero()
            ? fmt::format(" and value_json.values() | map(attribute='t') | max - r.t < {}",
                          stale.count())
            : std::string{};
    const auto* shown = is_truth ? "('ON' if r.value >= 0.5 else 'OFF')" : "r.value";
    return fmt::format("{{% set r = value_json['{}'] %}}{{{{ {} if r is defined{} else None }}}}",
                       series.series, shown, fresh);
}

void add_series(JsonWriter& json, const AnnouncedNode& announced,
                const wire::SeriesDeclaration& series) {
    const auto* truth = truth_of(series);
    const auto device_class = truth != nullptr ? truth->device_class : device_class_of(series);
    auto name = series.series;
    std::replace(name.begin(), name.end(), '.', ' ');
    json.key(series.series).begin_object();
    json.member("platform", truth != nullptr ? "binary_sensor" : "sensor").member("name", name);
    json.member("unique_id", fmt::format("leat_{}_{}", announced.node, series.series));
    if (!device_class.empty()) json.member("device_class", device_class);
    if (truth == nullptr) {
        const auto unit = unit_shown(series.unit);
        if (!unit.empty()) json.member("unit_of_measurement", unit);
        json.member("state_class", "measurement");
    }
    const auto stale = stale_after(series);
    if (stale > base::Duration::zero()) {
        json.member("expire_after", std::chrono::ceil<std::chrono::seconds>(stale).count());
    }
    json.member("value_template", value_template(series, truth != nullptr)).end_object();
}

/// What a person wants to know about the node itself. The will has no such members.
void add_diagnostics(JsonWriter& json, const AnnouncedNode& announced) {
    const auto begin = [&](const char* key, const char* name, const char* path) {
        json.key(key).begin_object().member("platform", "sensor").member("name", name);
        json.member("unique_id", fmt::format("leat_{}_{}", announced.node, key));
        json.member("entity_category", "diagnostic");
        json.member("state_topic", announced.topics.status(announced.node));
        json.member("value_template",
                    fmt::format("{{{{ value_json.{} if value_json.{} is defined else None }}}}",
                                path, key));
    };
    begin("clock", "clock", "clock");
    json.member("device_class", "enum").key("options").begin_array();
    for (const auto* word : {"synced", "holdover", "boot"}) json.value(word);
    json.end_array().end_object();
    begin("outbox", "records waiting", "outbox.records");
    json.member("state_class", "measurement").end_object();
}

void add_availability(JsonWriter& json, const AnnouncedNode& announced) {
    json.key("availability").begin_array().begin_object();
    json.member("topic", announced.topics.status(announced.node));
    json.member("value_template",
                "{{ 'online' if value_json.state in ['ready', 'sleeping'] else 'offline' }}");
    json.end_object().end_array();
}

}  // namespace

std::string discovery_topic(const std::string& prefix, const std::string& node) {
    return fmt::format("{}/device/leat_{}/config", prefix, node);
}

std::string encode_discovery(const AnnouncedNode& announced,
                             const std::vector<wire::SeriesDeclaration>& series) {
    JsonWriter json;
    json.begin_object().key("device").begin_object();
    json.key("identifiers").begin_array().value("leat_" + announced.node).end_array();
    json.member("name", announced.node).member("manufacturer", "leat");
    json.member("model", "leat-agent").member("sw_version", announced.version).end_object();
    json.key("origin").begin_object().member("name", "leat-agent");
    json.member("sw_version", announced.version).end_object();
    json.member("state_topic", announced.topics.state(announced.node)).member("qos", 1);
    add_availability(json, announced);
    json.key("components").begin_object();
    const auto count = std::min(series.size(), kAnnouncedSeriesMax);
    for (std::size_t i = 0; i < count; ++i) add_series(json, announced, series[i]);
    add_diagnostics(json, announced);
    return json.end_object().end_object().take();
}

}  // namespace agent
