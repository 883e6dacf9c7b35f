// https://esphome.io/components/mqtt.html

#include <utility>

#include "drivers/core/likely_unit.hpp"
#include "drivers/core/names.hpp"
#include "drivers/mqtt/formats/naming.hpp"
#include "drivers/mqtt/formats/payload.hpp"
#include "drivers/mqtt/formats/sighting.hpp"
#include "drivers/mqtt/formats/units.hpp"

namespace drivers::mqtt {

namespace {

constexpr std::size_t kLevelsAfterPrefix = 3;

/// The object's part of a name. Objects of two components may have one id: those of a sensor come
/// first.
std::string object_name(const std::string& component, const std::string& object) {
    const bool is_sensor = component == "sensor" || esphome_key(object) == nullptr;
    return is_sensor ? distinct_name(object) : marked_name(object, component + "/" + object);
}

/// <topic_prefix>/<component>/<object>/state has one plain value. ESPHome does not say what it is;
/// the operator does, or the end of the object's id.
class EsphomeDecoder final : public Decoder {
  public:
    explicit EsphomeDecoder(const Options& options)
        : options_(options),
          naming_(options, {.levels_behind = kLevelsAfterPrefix, .names_are_free = true}) {}

    Decoded decode(const Letter& letter) override {
        Decoded decoded;
        if (letter.topic.size() <= kLevelsAfterPrefix) return decoded;
        const auto prefix_levels = letter.topic.size() - kLevelsAfterPrefix;
        const auto& component = letter.topic[prefix_levels];
        const auto& object = letter.topic[prefix_levels + 1];
        auto meaning = meaning_of(component, object);
        const auto said = read_said(letter.payload, options_.decimal_comma);
        if (!meaning) {
            if (said.value && !said.value->truth && !options_.ignores(object)) {
                decoded.passed_over.push_back({.key = object,
                                               .name = safe_name(object),
                                               .unit = std::string{likely_unit(object)}});
            }
            return decoded;
        }
        const auto number = fitting(*meaning, said);
        auto& quantity = meaning->quantity;
        quantity.name = naming_.name(letter, {}, quantity.name);
        decoded.values.push_back(sighting(letter, {}, {}, *meaning, number));
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
        meaning.quantity.name = object_name(component, object);
        return meaning;
    }

    Options options_;
    Naming naming_;
};

}  // namespace

std::unique_ptr<Decoder> make_esphome_decoder(const Options& options) {
    return std::make_unique<EsphomeDecoder>(options);
}

}  // namespace drivers::mqtt
