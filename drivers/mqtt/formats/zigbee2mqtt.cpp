// https://www.zigbee2mqtt.io/guide/usage/mqtt_topics_and_messages.html

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "drivers/mqtt/formats/document_decoder.hpp"
#include "drivers/mqtt/formats/units.hpp"

namespace drivers::mqtt {

namespace {

using base::Json;

/// Whether the message is a device's state, unlike others below the base topic.
bool is_state(const Letter& letter) {
    const auto wild = letter.filter.wild_levels(letter.topic, letter.topic.size());
    const auto& last = letter.topic.back();
    if (!wild.empty() && wild.front() == "bridge") return false;
    return last != "set" && last != "get" && last != "availability";
}

bool has_battery(const Json& state) {
    constexpr std::array kBattery{"battery", "battery_low", "battery_state"};
    return std::any_of(kBattery.begin(), kBattery.end(),
                       [&](const char* key) { return state.find(key) != nullptr; });
}

/// zigbee2mqtt does not say whether a voltage is a battery's, in mV, or the mains', in V; a few
/// batteries' are in V, too. The value decides, and what stands beside it where the value cannot.
/// Empty when neither does.
std::string_view unit_of_voltage(double voltage, const Json& state) {
    constexpr double kBatteryMost = 100;  // V
    constexpr double kMainsMost = 500;    // V; 400 between two phases.
    constexpr double kSurelyMillivolts = 1000;
    const auto size = std::abs(voltage);
    if (size >= kSurelyMillivolts) return "mV";
    if (has_battery(state)) return size == 0 || size >= kBatteryMost ? "mV" : "V";
    return size <= kMainsMost ? "V" : "";
}

/// A device's state is one JSON object, whose members have zigbee2mqtt's own names.
class Zigbee2mqttDecoder final : public DocumentDecoder {
  public:
    explicit Zigbee2mqttDecoder(const Options& options)
        : DocumentDecoder(options, {.known = zigbee2mqtt_key}) {}

  protected:
    bool is_wanted(const Letter& letter) const override { return is_state(letter); }

    bool is_expected(DocumentReading& reading) const override {
        if (reading.document.is_object()) return true;
        reading.decoded.troubles.push_back(trouble("no JSON object", reading.letter));
        return false;
    }

    Verdict accept(const Leaf& leaf, DocumentReading& reading) const override {
        const auto& json = leaf.value;
        const bool is_known = options().find_key(key_of(leaf)) != nullptr;
        if (!is_known && has_other_use(leaf)) return Verdict::left_out;
        auto meaning = meaning_of(leaf, reading.document);
        if (!meaning) return Verdict::unknown;
        // null: the device has not sent this yet.
        if (json.kind == Json::Kind::null) return Verdict::left_out;
        // The state of a cover or a lock is a word, not a measurement.
        if (!said(leaf).value && json.is_string() && meaning->quantity.kind == "state") {
            return Verdict::left_out;
        }
        if (const auto device = device_of(leaf, reading)) {
            add(leaf, *device, std::move(*meaning), reading);
        }
        return Verdict::taken;
    }

  private:
    bool has_other_use(const Leaf& leaf) const {
        return leaf.path.empty() || is_ignored(leaf) || leaf.path.back() == "last_seen" ||
               options().parts_by(leaf.path.back(), pointed(leaf.path));
    }

    std::optional<Meaning> meaning_of(const Leaf& leaf, const Json& state) const {
        const auto key = key_of(leaf);
        if (const auto* mapped = options().find_key(key)) return named_meaning(*mapped);
        const auto* known = leaf.path.size() == 1 ? zigbee2mqtt_key(key) : nullptr;
        if (known == nullptr) return std::nullopt;
        // With this beside it, the illuminance is what the sensor has measured, in no unit.
        if (key == "illuminance" && state.find("illuminance_lux") != nullptr) return std::nullopt;
        return known_meaning(*known);
    }

    void add(const Leaf& leaf, const Device& device, Meaning meaning,
             DocumentReading& reading) const {
        const auto& letter = reading.letter;
        const auto key = key_of(leaf);
        auto fit = fit_in(meaning, leaf);
        auto& quantity = meaning.quantity;
        quantity.name = naming().name(letter, device.parts, quantity.name);
        if (key == "voltage" && !meaning.named && fit.number) {
            const auto unit = unit_of_voltage(*fit.number, reading.document);
            if (unit.empty()) {
                fit = {.number = {}, .why = "volts or millivolts"};
            } else {
                quantity.unit = std::string{unit};
            }
        }
        reading.add(sighting(letter, key, device, meaning, fit));
    }
};

}  // namespace

std::unique_ptr<Decoder> make_zigbee2mqtt_decoder(const Options& options) {
    return std::make_unique<Zigbee2mqttDecoder>(options);
}

}  // namespace drivers::mqtt
