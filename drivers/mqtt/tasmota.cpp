// https://tasmota.github.io/docs/MQTT/

#include <fmt/format.h>

#include "drivers/mqtt/payload.hpp"
#include "drivers/mqtt/sighting.hpp"
#include "drivers/mqtt/units.hpp"
#include "drivers/names.hpp"

namespace drivers {

namespace {

using base::Json;

/// "Switch2" is a Switch, its name then "switch2".
std::pair<std::string, std::string> without_number(const std::string& key) {
    const auto end = key.find_last_not_of("0123456789");
    const auto size = end == std::string::npos ? 0 : end + 1;
    return {key.substr(0, size), key.substr(size)};
}

/// In what units a message says its temperatures and pressures; nothing for a name that is not
/// known.
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

/// Telemetry: a JSON object that holds one object a sensor, and some values of the device's own.
class TasmotaDecoder final : public Decoder {
  public:
    explicit TasmotaDecoder(const MqttOptions& options) : options_(options) {}

    Decoded decode(const Letter& letter) override {
        Decoded decoded;
        const auto document = read_json(letter, decoded);
        if (!document) return decoded;
        if (!document->is_object()) {
            decoded.troubles.push_back(trouble("no JSON object", letter));
            return decoded;
        }
        const MessageUnits units{*document};
        for (const auto& [key, value] : document->object) {
            if (!value.is_object()) {
                take({}, key, value, units, letter, decoded);
                continue;
            }
            for (const auto& [inner, measured] : value.object) {
                take(key, inner, measured, units, letter, decoded);
            }
        }
        return decoded;
    }

  private:
    /// By "AM2301.Temperature" or "Temperature" when the operator named it, else by what is known.
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

    void take(const std::string& sensor, const std::string& key, const Json& json,
              const MessageUnits& units, const Letter& letter, Decoded& decoded) const {
        const auto path = sensor.empty() ? key : sensor + "." + key;
        auto meaning = meaning_of(path, key);
        if (!meaning) return;
        auto& quantity = meaning->quantity;
        quantity.name = quantity_name(letter, letter.topic.size() - 1, {sensor, quantity.name});
        if (json.is_numbers()) return add_phases(quantity, json, units, path, letter, decoded);
        const auto value = read_value(json);
        // A button's state is a word of its own ("HOLD"): not measured.
        if (!value && json.is_string() && quantity.kind == "state") return;
        if (const auto number = fitting(*meaning, value)) {
            return add(quantity, *number, units, path, letter, decoded);
        }
        const auto* why =
            json.kind == Json::Kind::null ? "the device could not read it" : "not a number";
        decoded.troubles.push_back(trouble(why, letter, path));
    }

    /// A meter of several phases says a list.
    void add_phases(const Quantity& quantity, const Json& json, const MessageUnits& units,
                    const std::string& path, const Letter& letter, Decoded& decoded) const {
        for (std::size_t i = 0; i < json.numbers.size(); ++i) {
            auto phase = quantity;
            phase.name = safe_name(fmt::format("{}_{}", quantity.name, i + 1));
            add(phase, json.numbers[i], units, fmt::format("{}[{}]", path, i), letter, decoded);
        }
    }

    void add(Quantity quantity, double value, const MessageUnits& units, const std::string& path,
             const Letter& letter, Decoded& decoded) const {
        const bool warm = quantity.kind == "temperature" && quantity.unit == "Cel";
        const bool pressed = quantity.kind == "pressure" && quantity.unit == "hPa";
        if (warm || pressed) {
            const auto* conversion = warm ? units.temperature : units.pressure;
            if (conversion == nullptr || conversion->unit != quantity.unit) {
                decoded.troubles.push_back(trouble("unit not known", letter, path));
                return;
            }
            value = (*conversion)(value);
        }
        decoded.values.push_back(
            {.origin = origin_of(letter, path), .quantity = std::move(quantity), .value = value});
    }

    MqttOptions options_;
};

}  // namespace

std::unique_ptr<Decoder> make_tasmota_decoder(const MqttOptions& options) {
    return std::make_unique<TasmotaDecoder>(options);
}

}  // namespace drivers
