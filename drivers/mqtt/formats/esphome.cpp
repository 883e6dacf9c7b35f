// https://esphome.io/components/mqtt.html

#include <utility>

#include "drivers/mqtt/formats/payload.hpp"
#include "drivers/mqtt/formats/sighting.hpp"
#include "drivers/mqtt/formats/units.hpp"

namespace drivers::mqtt {

namespace {

/// <topic_prefix>/<component>/<object>/state has one plain value. ESPHome does not say what it is;
/// the operator does, or the end of the object's id.
class EsphomeDecoder final : public Decoder {
  public:
    explicit EsphomeDecoder(Options options) : options_(std::move(options)) {}

    Decoded decode(const Letter& letter) override {
        Decoded decoded;
        constexpr std::size_t kLevelsAfterPrefix = 3;
        if (letter.topic.size() <= kLevelsAfterPrefix) return decoded;
        const auto prefix_levels = letter.topic.size() - kLevelsAfterPrefix;
        const auto& component = letter.topic[prefix_levels];
        const auto& object = letter.topic[prefix_levels + 1];
        auto meaning = meaning_of(component, object);
        if (!meaning) return decoded;
        const auto number = fitting(*meaning, read_value(letter.payload));
        if (!number) {
            decoded.troubles.push_back(trouble("not a number", letter, letter.payload));
            return decoded;
        }
        auto& quantity = meaning->quantity;
        quantity.name = quantity_name(letter, prefix_levels, {quantity.name});
        decoded.values.push_back(
            {.origin = origin_of(letter), .quantity = std::move(quantity), .value = *number});
        return decoded;
    }

  private:
    std::optional<Meaning> meaning_of(const std::string& component,
                                      const std::string& object) const {
        if (const auto* mapped = options_.find_key(object)) return named_meaning(*mapped);
        if (options_.ignores(object)) return std::nullopt;
        constexpr KnownKey kSwitch{"", "", "state", "/", true};
        const bool binary = component == "binary_sensor" || component == "switch";
        const auto* known = binary ? &kSwitch : esphome_key(object);
        if (known == nullptr) return std::nullopt;
        auto meaning = known_meaning(*known);
        meaning.quantity.name = object;
        return meaning;
    }

    Options options_;
};

}  // namespace

std::unique_ptr<Decoder> make_esphome_decoder(const Options& options) {
    return std::make_unique<EsphomeDecoder>(options);
}

}  // namespace drivers::mqtt
