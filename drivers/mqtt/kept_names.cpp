#include "drivers/mqtt/kept_names.hpp"

#include <utility>

#include "base/json.hpp"
#include "base/log.hpp"
#include "base/utf8.hpp"
#include "drivers/core/names.hpp"

namespace drivers::mqtt {

namespace {

constexpr std::size_t kNamesMax = 1024;
constexpr std::size_t kPlaceBytesMax = 512;
constexpr base::JsonLimits kLimits{
    .bytes_max = 2 * 1024 * 1024, .depth_max = 1, .values_max = 1025};

/// Whether JSON gives the text back as it was.
}  // namespace

KeptNames::KeptNames(std::string_view text) {
    if (text.empty()) return;
    const auto json = base::parse_json(text, kLimits);
    if (!json || !json.value().is_object()) {
        base::log_warn("the kept names of mqtt cannot be read; the rules give them again",
                       {{"reason", json ? "not an object" : json.error().detail}});
        return;
    }
    for (const auto& [name, place] : json.value().object) {
        if (is_name(name) && place.is_string()) keep(place.string, name);
    }
    is_new_ = false;
}

std::string KeptNames::name_of(const std::string& place, const std::string& wanted) const {
    if (const auto kept = names_.find(place); kept != names_.end()) return kept->second;
    const auto owner = places_.find(wanted);
    return owner == places_.end() ? wanted : marked_name(wanted, place);
}

void KeptNames::keep(const std::string& place, const std::string& name) {
    const bool fits =
        names_.size() < kNamesMax && place.size() <= kPlaceBytesMax && base::is_utf8(place);
    if (!fits || names_.contains(place) || places_.contains(name)) return;
    names_.emplace(place, name);
    places_.emplace(name, place);
    is_new_ = true;
}

std::optional<std::string> KeptNames::take_text() {
    if (!std::exchange(is_new_, false)) return std::nullopt;
    base::JsonWriter json;
    json.begin_object();
    for (const auto& [name, place] : places_) json.member(name, place);
    json.end_object();
    return json.take();
}

}  // namespace drivers::mqtt
