// https://homieiot.github.io/specification/spec-core-v4_0_0/ (and 3.0.1)

#include <map>
#include <utility>

#include "drivers/core/names.hpp"
#include "drivers/mqtt/formats/naming.hpp"
#include "drivers/mqtt/formats/payload.hpp"
#include "drivers/mqtt/formats/sighting.hpp"
#include "drivers/mqtt/formats/units.hpp"

namespace drivers::mqtt {

namespace {

constexpr std::size_t kPropertiesMax = 1024;
constexpr std::size_t kAttributeBytesMax = 64;

/// What a device's retained attributes say about a property.
struct Property {
    std::string datatype;
    std::string unit;
};

/// SenML has percentages of their own for relative humidity and for the charge of a battery.
std::string_view percent_of(std::string_view property) {
    if (property.find("humidity") != std::string_view::npos) return "%RH";
    if (property.find("battery") != std::string_view::npos) return "%EL";
    return "/100";
}

/// "F" is °F of a thermometer, and farad of anything else: known only where the name tells.
std::optional<Unit> unit_of(const std::string& unit, std::string_view property) {
    const bool warm = safe_name(property).find("temp") != std::string::npos;
    if (unit == "F" && !warm) return std::nullopt;
    return recorded_unit(unit.empty() ? "#" : unit);
}

/// homie/<device>/<node>/<property> has one plain value, described by $datatype and $unit below it.
class HomieDecoder final : public Decoder {
  public:
    explicit HomieDecoder(const Options& options)
        : options_(options), naming_(options, {.levels_behind = 1, .names_are_free = true}) {}

    std::optional<std::string> learn(const std::vector<std::string>& topic,
                                     std::string_view payload) override {
        const auto name = join_levels({topic.begin(), topic.end() - 1});
        if (payload.size() > kAttributeBytesMax) return "attribute too long: " + shown(name);
        if (properties_.size() >= kPropertiesMax && !properties_.contains(name)) {
            return "too many properties: " + shown(name);
        }
        auto& property = properties_[name];
        if (topic.back() == "$unit") property.unit = payload;
        if (topic.back() == "$datatype") property.datatype = payload;
        return std::nullopt;
    }

    Decoded decode(const Letter& letter) override {
        Decoded decoded;
        for (const auto& level : letter.topic) {
            if (level.starts_with('$')) return decoded;  // An attribute of a device or a node.
        }
        if (options_.ignores(letter.topic.back())) return decoded;
        const auto found = properties_.find(join_levels(letter.topic));
        const auto* mapped = options_.find_key(letter.topic.back());
        if (mapped != nullptr) {
            add(named_meaning(*mapped), letter, decoded);
        } else if (found == properties_.end() || found->second.datatype.empty()) {
            decoded.troubles.push_back(trouble("no $datatype", letter));
        } else {
            add_property(found->second, letter, decoded);
        }
        return decoded;
    }

  private:
    void add_property(const Property& property, const Letter& letter, Decoded& decoded) const {
        const auto& name = letter.topic.back();
        const bool truth = property.datatype == "boolean";
        const bool number = property.datatype == "float" || property.datatype == "integer" ||
                            property.datatype == "percent";
        if (!truth && !number) return;  // An enumeration, a colour or a text is not a measurement.
        const bool percent = property.unit == "%" || property.datatype == "percent";
        const auto sent = unit_of(property.unit, name);
        if (!truth && !percent && !sent) {
            decoded.troubles.push_back(trouble("unit not known", letter, property.unit));
            return;
        }
        const auto unit = percent ? percent_of(name) : truth ? "/" : sent->unit;
        const KnownKey known{.key = name, .name = name, .kind = name, .unit = unit, .truth = truth};
        auto meaning = known_meaning(known);
        if (!percent && !truth) meaning.scale = sent->scale;
        add(std::move(meaning), letter, decoded);
    }

    void add(Meaning meaning, const Letter& letter, Decoded& decoded) const {
        const auto fit = fitting(meaning, read_said(letter.payload, options_.decimal_comma));
        auto& quantity = meaning.quantity;
        quantity.name = naming_.name(letter, {}, distinct_name(quantity.name));
        decoded.values.push_back(sighting(letter, {}, {}, meaning, fit));
    }

    Options options_;
    Naming naming_;
    std::map<std::string, Property> properties_;
};

}  // namespace

std::unique_ptr<Decoder> make_homie_decoder(const Options& options) {
    return std::make_unique<HomieDecoder>(options);
}

}  // namespace drivers::mqtt
