// https://tasmota.github.io/docs/MQTT/

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "drivers/core/names.hpp"
#include "drivers/mqtt/formats/naming.hpp"
#include "drivers/mqtt/formats/payload.hpp"
#include "drivers/mqtt/formats/sighting.hpp"
#include "drivers/mqtt/formats/units.hpp"

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
    return key == usual || key == "Wifi" ? safe_name(key) : marked_name(key, key);
}

std::string phase_name(const std::string& quantity, std::size_t phase) {
    const auto name = fmt::format("{}_{}", quantity, phase);
    return is_name(name) ? name : marked_name(name, name);
}

/// The units of a message's temperatures and pressures; nullptr for an unknown one.
struct MessageUnits {
    const Conversion* temperature = nullptr;
    const Conversion* pressure = nullptr;

    explicit MessageUnits(const Json& document)
        : temperature(conversion(document, "TempUnit", "C")),
          pressure(conversion(document, "PressureUnit", "hPa")) {}

    static const Conversion* conversion(const Json& document, const char* key,
                                        const char* fallback) {
        const auto* written = document.find(key);
        if (written == nullptr) return find_conversion(fallback);
        return written->is_string() ? find_conversion(written->string) : nullptr;
    }
};

/// A message that is being decoded.
struct Reading {
    const Letter& letter;
    MessageUnits units;
    Decoded& decoded;

    void refuse(std::string_view why, const std::string& path) {
        decoded.troubles.push_back(trouble(why, letter, path));
    }
};

/// Telemetry is a JSON object with one object for each sensor, and some values of the device
/// itself.
class TasmotaDecoder final : public Decoder {
  public:
    explicit TasmotaDecoder(const Options& options)
        : options_(options), naming_(options, {.levels_behind = 1}) {}

    Decoded decode(const Letter& letter) override {
        Decoded decoded;
        const auto document = read_json(letter, decoded);
        if (!document) return decoded;
        if (!document->is_object()) {
            decoded.troubles.push_back(trouble("no JSON object", letter));
            return decoded;
        }
        Reading reading{letter, MessageUnits{*document}, decoded};
        for (const auto& [key, value] : document->object) {
            if (!value.is_object()) add_member({}, key, value, reading);
            for (const auto& [inner, measured] : value.object)
                add_member(key, inner, measured, reading);
        }
        return decoded;
    }

  private:
    /// What the operator says of "AM2301.Temperature" or "Temperature", else what is known.
    std::optional<Meaning> meaning_of(const std::string& path, const std::string& key) const {
        for (const auto& text : {path, key}) {
            if (const auto* mapped = options_.find_key(text)) return named_meaning(*mapped);
        }
        if (options_.ignores(path) || options_.ignores(key)) return std::nullopt;
        if (const auto* known = tasmota_key(key)) return known_meaning(*known);
        const auto [word, number] = without_number(key);
        const auto* known = number.empty() ? nullptr : tasmota_key(word);
        if (known == nullptr || !known->truth) return std::nullopt;
        auto meaning = known_meaning(*known);
        meaning.quantity.name += number;
        return meaning;
    }

    void add_member(const std::string& sensor, const std::string& key, const Json& json,
                    Reading& reading) const {
        const auto path = sensor.empty() ? key : sensor + "." + key;
        auto meaning = meaning_of(path, key);
        if (!meaning) return;
        auto& quantity = meaning->quantity;
        const auto& letter = reading.letter;
        const auto inner =
            sensor.empty() ? std::vector<std::string>{} : std::vector{sensor_name(sensor)};
        quantity.name = naming_.name(letter, inner, quantity.name);
        if (json.is_numbers()) return add_phases(quantity, json, path, reading);
        const auto value = read_value(json);
        // A button's state is a word ("HOLD"), not a measurement.
        if (!value && json.is_string() && quantity.kind == "state") return;
        const auto number = fitting(*meaning, value);
        if (number) return add(quantity, *number, path, reading);
        const bool failed = json.kind == Json::Kind::null;
        reading.refuse(failed ? "the device could not read it" : "not a number", path);
    }

    /// A meter with several phases sends a list.
    static void add_phases(const Quantity& quantity, const Json& json, const std::string& path,
                           Reading& reading) {
        for (std::size_t i = 0; i < json.numbers.size(); ++i) {
            auto phase = quantity;
            phase.name = phase_name(quantity.name, i + 1);
            add(std::move(phase), json.numbers[i], fmt::format("{}[{}]", path, i), reading);
        }
    }

    static void add(Quantity quantity, double value, const std::string& path, Reading& reading) {
        const bool warm = quantity.kind == "temperature" && quantity.unit == "Cel";
        const bool pressed = quantity.kind == "pressure" && quantity.unit == "hPa";
        if (warm || pressed) {
            const auto* conversion = warm ? reading.units.temperature : reading.units.pressure;
            if (conversion == nullptr || conversion->unit != quantity.unit) {
                return reading.refuse("unit not known", path);
            }
            value = (*conversion)(value);
        }
        reading.decoded.values.push_back({.origin = origin_of(reading.letter, path),
                                          .quantity = std::move(quantity),
                                          .value = value});
    }

    Options options_;
    Naming naming_;
};

}  // namespace

std::unique_ptr<Decoder> make_tasmota_decoder(const Options& options) {
    return std::make_unique<TasmotaDecoder>(options);
}

}  // namespace drivers::mqtt
