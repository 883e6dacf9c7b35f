#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "drivers/core/driver.hpp"
#include "drivers/core/units.hpp"

namespace drivers::mqtt {

/// What a key of a payload is known to mean. Units are SenML's (RFC 8428 and RFC 8798).
struct KnownKey {
    std::string_view key;
    std::string_view name;
    std::string_view kind;
    std::string_view unit;

    /// 1 or 0, written as a boolean or as ON and OFF.
    bool truth = false;
};

/// What a member of a zigbee2mqtt device's state means, or nullptr. `voltage` is in V; the decoder
/// recognises a battery's, which is in mV.
const KnownKey* zigbee2mqtt_key(std::string_view key);

/// What a member of a sensor in Tasmota's telemetry means, or nullptr.
const KnownKey* tasmota_key(std::string_view key);

/// What a member of a device behind Tasmota's Zigbee bridge means, or nullptr.
const KnownKey* tasmota_zigbee_key(std::string_view key);

/// What the end of an ESPHome object id means ("bedroom_temperature"), in ESPHome's own default
/// unit, or nullptr. No energy and no distance: its components send Wh or kWh, and m, cm, mm or km.
const KnownKey* esphome_key(std::string_view object);

/// The unit in which a value is recorded that a device sends in another one: a pressure in hPa, °F
/// in Cel, gallons in l. One of SenML stays as it is: mV, kWh, Pa. By the one table of
/// drivers/core/units.
std::optional<Unit> recorded_unit(std::string_view written);

/// The quantity of a known key; a truth has its range.
Quantity known_quantity(const KnownKey& known);

/// Whether a quantity is a truth.
bool is_truth(const Quantity& quantity);

}  // namespace drivers::mqtt
