// https://www.zigbee2mqtt.io/guide/usage/mqtt_topics_and_messages.html

#include <utility>

#include "drivers/mqtt/formats/naming.hpp"
#include "drivers/mqtt/formats/payload.hpp"
#include "drivers/mqtt/formats/sighting.hpp"
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

/// A device's state is one JSON object, whose members have zigbee2mqtt's own names.
class Zigbee2mqttDecoder final : public Decoder {
  public:
    explicit Zigbee2mqttDecoder(const Options& options)
        : options_(options), naming_(options, {.known = zigbee2mqtt_key}) {}

    Decoded decode(const Letter& letter) override {
        Decoded decoded;
        if (!is_state(letter)) return decoded;
        const auto document = read_json(letter, decoded);
        if (!document) return decoded;
        if (!document->is_object()) {
            decoded.troubles.push_back(trouble("no JSON object", letter));
            return decoded;
        }
        if (!read_source_time(options_, *document, letter, decoded)) return decoded;
        for (const auto& [key, value] : document->object) {
            add_member(key, value, *document, letter, decoded);
        }
        return decoded;
    }

  private:
    std::optional<Meaning> meaning_of(const std::string& key, const Json& document) const {
        if (const auto* mapped = options_.find_key(key)) return named_meaning(*mapped);
        const auto* known = options_.ignores(key) ? nullptr : zigbee2mqtt_key(key);
        if (known == nullptr) return std::nullopt;
        auto meaning = known_meaning(*known);
        // A battery's voltage is in mV, the mains' in V.
        if (key == "voltage" && document.find("battery") != nullptr) meaning.quantity.unit = "mV";
        return meaning;
    }

    void add_member(const std::string& key, const Json& json, const Json& document,
                    const Letter& letter, Decoded& decoded) const {
        auto meaning = meaning_of(key, document);
        // null: the device has not sent this yet.
        if (!meaning || json.kind == Json::Kind::null) return;
        const auto value = read_value(json);
        // The state of a cover or a lock is a word, not a measurement.
        if (!value && json.is_string() && meaning->quantity.kind == "state") return;
        const auto number = fitting(*meaning, value);
        if (!number) {
            decoded.troubles.push_back(trouble("not a number", letter, key));
            return;
        }
        auto& quantity = meaning->quantity;
        quantity.name = naming_.name(letter, {}, quantity.name);
        decoded.values.push_back(
            {.origin = origin_of(letter, key), .quantity = std::move(quantity), .value = *number});
    }

    Options options_;
    Naming naming_;
};

}  // namespace

std::unique_ptr<Decoder> make_zigbee2mqtt_decoder(const Options& options) {
    return std::make_unique<Zigbee2mqttDecoder>(options);
}

}  // namespace drivers::mqtt
