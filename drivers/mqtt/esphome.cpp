// https://esphome.io/components/mqtt.html

#include "drivers/mqtt/payload.hpp"
#include "drivers/mqtt/sighting.hpp"
#include "drivers/mqtt/units.hpp"

namespace drivers {

namespace {

/// <topic_prefix>/<component>/<object>/state, one plain value a topic. What it is, ESPHome does not
/// say here: the operator does, or the end of the object's id.
class EsphomeDecoder final : public Decoder {
  public:
    explicit EsphomeDecoder(const MqttOptions& options) : options_(options) {}

    Decoded decode(const Letter& letter) override {
        Decoded decoded;
        constexpr std::size_t kLevelsAfterPrefix = 3;
        if (letter.topic.size() <= kLevelsAfterPrefix) return decoded;
        const auto prefix_levels = letter.topic.size() - kLevelsAfterPrefix;
        const auto& component = letter.topic[prefix_levels];
        const auto& object = letter.topic[prefix_levels + 1];
        auto quantity = quantity_of(component, object);
        if (!quantity) return decoded;
        const auto value = read_value(letter.payload);
        if (!value) {
            decoded.troubles.push_back(trouble("not a number", letter, letter.payload));
            return decoded;
        }
        quantity->name = quantity_name(letter, prefix_levels, {quantity->name});
        decoded.values.push_back({.origin = origin_of(letter),
                                  .quantity = std::move(*quantity),
                                  .value = value->number});
        return decoded;
    }

  private:
    std::optional<Quantity> quantity_of(const std::string& component,
                                        const std::string& object) const {
        if (const auto* mapped = options_.find_key(object)) return mapped_quantity(*mapped);
        if (options_.ignores(object)) return std::nullopt;
        constexpr KnownKey kSwitch{"", "", "state", "/", true};
        const bool is_truth = component == "binary_sensor" || component == "switch";
        const auto* known = is_truth ? &kSwitch : esphome_key(object);
        if (known == nullptr) return std::nullopt;
        auto quantity = known_quantity(*known);
        quantity.name = object;
        return quantity;
    }

    MqttOptions options_;
};

}  // namespace

std::unique_ptr<Decoder> make_esphome_decoder(const MqttOptions& options) {
    return std::make_unique<EsphomeDecoder>(options);
}

}  // namespace drivers
