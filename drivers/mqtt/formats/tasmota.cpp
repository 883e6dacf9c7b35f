// https://tasmota.github.io/docs/MQTT/

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "drivers/core/names.hpp"
#include "drivers/mqtt/formats/document_decoder.hpp"
#include "drivers/mqtt/formats/units.hpp"
#include "drivers/mqtt/options/device_levels.hpp"

namespace drivers::mqtt {

namespace {

using base::Json;

/// "Switch2" is "Switch" and "2".
std::pair<std::string, std::string> without_number(const std::string& key) {
    const auto end = key.find_last_not_of("0123456789");
    const auto size = end == std::string::npos ? 0 : end + 1;
    return {key.substr(0, size), key.substr(size)};
}

/// "AM2301" is am2301: Tasmota writes the names of sensors in capitals, and of addresses 0x76.
std::string sensor_name(const std::string& key) {
    auto usual = safe_name(key);
    std::transform(usual.begin(), usual.end(), usual.begin(), [](char c) {
        return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    });
    if (const auto at = usual.find("-0X"); at != std::string::npos) usual[at + 2] = 'x';
    const bool is_usual = key == usual || key == "Wifi";
    return is_usual ? distinct_name(safe_name(key)) : marked_name(key, key);
}

/// "DS18B20-2" is one of several DS18B20.
std::string without_index(const std::string& sensor) {
    const auto [word, number] = without_number(sensor);
    return !number.empty() && word.size() > 1 && word.ends_with('-')
               ? word.substr(0, word.size() - 1)
               : sensor;
}

std::string phase_name(const std::string& quantity, std::size_t phase) {
    const auto name = fmt::format("{}_{}", quantity, phase);
    return is_name(name) ? name : marked_name(name, name);
}

/// What Tasmota puts around a device of its Zigbee bridge.
constexpr const char* kZigbee = "ZbReceived";

/// A member of a message, without the number of its element.
struct Member {
    JsonPath path;
    std::optional<std::size_t> phase;  // A meter with several phases sends a list.
    bool is_zigbee = false;

    explicit Member(const Leaf& leaf) : path(leaf.path) {
        if (leaf.is_element && path.size() > 1) {
            phase = std::stoul(path.back()) + 1;
            path.pop_back();
        }
        is_zigbee = path.size() > 1 && path.front() == kZigbee;
    }
    const std::string& key() const { return path.back(); }
    /// The objects around it that say what it is of.
    JsonPath sensors() const { return {path.begin() + (is_zigbee ? 1 : 0), path.end() - 1}; }
};

/// Whether a distance is of a sensor that Tasmota may have in another unit than cm: TOF10120 and
/// VL53L1X have mm, AS3935 km.
bool has_unsure_unit(const Member& member) {
    if (!member.key().starts_with("Distance")) return false;
    const auto sensors = member.sensors();
    const bool is_in_cm = !sensors.empty() && (sensors.back().starts_with("SR04") ||
                                               sensors.back().starts_with("VL53L0X"));
    return !is_in_cm;
}

/// Telemetry is a JSON object with one object for each sensor, and some values of the device
/// itself.
class TasmotaDecoder final : public DocumentDecoder {
  public:
    explicit TasmotaDecoder(const Options& options)
        : DocumentDecoder(options, {.levels_behind = 1}) {}

  protected:
    bool is_expected(DocumentReading& reading) const override {
        if (reading.document.is_object()) return true;
        reading.decoded.troubles.push_back(trouble("no JSON object", reading.letter));
        return false;
    }

    /// "DS18B20-2" tells it from "DS18B20-1".
    bool has_other_names() const override { return true; }

    /// The answer to a question (`stat/+/STATUS8`) has what telemetry has in an object of its own.
    const Json& body_of(const Json& document) const override {
        for (const auto* wrapper : {"StatusSNS", "StatusSTS"}) {
            const auto* inner = document.find(wrapper);
            if (inner != nullptr && inner->is_object()) return *inner;
        }
        return document;
    }

    Verdict accept(const Leaf& leaf, DocumentReading& reading) const override {
        if (leaf.path.empty()) return Verdict::left_out;
        const Member member{leaf};
        auto meaning = named_by_operator(member);
        if (!meaning && has_other_use(leaf, member)) return Verdict::left_out;
        if (!meaning) meaning = meaning_of(member);
        if (!meaning) return Verdict::unknown;
        // A button's state is a word ("HOLD"), not a measurement.
        if (!said(leaf).value && leaf.value.is_string() && meaning->quantity.kind == "state") {
            return Verdict::left_out;
        }
        if (const auto device = device_of(leaf, reading)) {
            add(leaf, member, *device, std::move(*meaning), reading);
        }
        return Verdict::taken;
    }

  private:
    /// What the operator says of "AM2301.Temperature" or "Temperature".
    std::optional<Meaning> named_by_operator(const Member& member) const {
        for (const auto& text : {dotted(member.path), member.key()}) {
            if (const auto* mapped = options().find_key(text)) return named_meaning(*mapped);
        }
        return std::nullopt;
    }

    bool has_other_use(const Leaf& leaf, const Member& member) const {
        return is_ignored(leaf) || options().ignores(member.key()) ||
               options().parts_by(member.key(), pointed(leaf.path));
    }

    static std::optional<Meaning> meaning_of(const Member& member) {
        const auto& key = member.key();
        if (member.is_zigbee) {
            const auto* known = tasmota_zigbee_key(key);
            return known == nullptr ? std::nullopt : std::optional{known_meaning(*known)};
        }
        if (has_unsure_unit(member)) return std::nullopt;
        if (const auto* known = tasmota_key(key)) return known_meaning(*known);
        const auto [word, number] = without_number(key);
        const auto* known = number.empty() ? nullptr : tasmota_key(word);
        if (known == nullptr) return std::nullopt;
        auto meaning = known_meaning(*known);
        meaning.quantity.name += number;
        return meaning;
    }

    void add(const Leaf& leaf, const Member& member, const Device& device, Meaning meaning,
             DocumentReading& reading) const {
        const auto path = dotted(leaf.path);
        auto& quantity = meaning.quantity;
        quantity.name = naming().name(reading.letter, inner_names(member, device), quantity.name);
        if (member.phase) quantity.name = phase_name(quantity.name, *member.phase);
        const auto fit = fit_of(leaf, meaning, reading);
        auto result = sighting(reading.letter, path, device, meaning, fit);
        result.origin = origin_of(reading.letter, member, leaf, device) + place_end(meaning);
        if (leaf.value.kind == Json::Kind::null) {
            result.trouble = trouble("the device could not read it", reading.letter, path);
        }
        reading.add(std::move(result));
    }

    /// The sensors' names, and what `by` says. Tasmota numbers sensors of one kind anew when one of
    /// them fails; what names each of them takes the number's place.
    std::vector<std::string> inner_names(const Member& member, const Device& device) const {
        std::vector<std::string> names;
        for (const auto& sensor : member.sensors()) {
            const auto name = device.is_named ? without_index(sensor) : sensor;
            names.push_back(member.is_zigbee ? distinct_name(name) : sensor_name(name));
        }
        names.insert(names.end(), device.parts.begin(), device.parts.end());
        return names;
    }

    /// Telemetry and answers of one device are the same place.
    std::string origin_of(const Letter& letter, const Member& member, const Leaf& leaf,
                          const Device& device) const {
        auto place = device_levels(Format::tasmota, letter.topic);
        for (const auto& sensor : member.sensors()) {
            place.push_back(device.is_named ? without_index(sensor) : sensor);
        }
        place.insert(place.end(), device.parts.begin(), device.parts.end());
        place.push_back(member.phase ? dotted({member.key(), leaf.path.back()}) : member.key());
        return join_levels(place);
    }
};

}  // namespace

std::unique_ptr<Decoder> make_tasmota_decoder(const Options& options) {
    return std::make_unique<TasmotaDecoder>(options);
}

}  // namespace drivers::mqtt
