#include "drivers/serial/fields.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "drivers/core/names.hpp"

namespace drivers::serial {

namespace {

base::Error refusal(std::string_view key, std::string_view what) {
    return {base::Fault::malformed, fmt::format("{} \"{}\"", what, shown(key))};
}

}  // namespace

Fields::Fields(const FieldOptions& options) : accept_any_(options.accept_any) {
    for (const auto& mapping : options.mappings) add(mapping.key, mapping.meaning);
    for (const auto& key : options.ignored) places_[key] = std::nullopt;
}

base::Result<std::optional<Fields::Place>> Fields::find(std::string_view key) {
    if (const auto known = places_.find(key); known != places_.end()) return known->second;
    return add_unknown(std::string{key});
}

base::Result<std::optional<Fields::Place>> Fields::add_unknown(const std::string& key) {
    auto meaning = meaning_of_key(key);
    if (!meaning && accept_any_) meaning = meaning_of_any(key);
    if (!meaning) return refusal(key, "unknown key");
    if (quantities_.size() >= kSeriesMax) return refusal(key, "one series too many:");
    const auto& name = meaning->quantity.name;
    const bool exists = std::any_of(quantities_.begin(), quantities_.end(),
                                    [&](const Quantity& other) { return other.name == name; });
    if (exists) return refusal(key, "a second key for the series " + name + ":");
    return std::optional<Place>{add(key, std::move(*meaning))};
}

Fields::Place Fields::add(const std::string& key, Meaning meaning) {
    const Place place{.quantity = quantities_.size(), .scale = meaning.scale};
    quantities_.push_back(std::move(meaning.quantity));
    places_[key] = place;
    return place;
}

}  // namespace drivers::serial
