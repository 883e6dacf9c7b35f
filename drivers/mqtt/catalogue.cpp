#include "drivers/mqtt/catalogue.hpp"

#include <fmt/format.h>

#include <utility>

#include "base/log.hpp"
#include "base/utf8.hpp"
#include "drivers/core/names.hpp"

namespace drivers::mqtt {

namespace {

constexpr std::size_t kOriginShownMax = 200;

}  // namespace

base::Result<Catalogue::Place> Catalogue::place_of(const Sighting& sighting,
                                                   std::string_view topic) {
    auto quantity = sighting.quantity;
    quantity.name = kept_.name_of(sighting.origin, quantity.name);
    const auto& name = quantity.name;
    const auto found = entries_.find(name);
    if (found == entries_.end()) return add(std::move(quantity), sighting, topic);
    const auto& entry = found->second;
    if (entry.origin != sighting.origin) {
        return base::Error{base::Fault::malformed,
                           fmt::format("{} is {} already, not {}", name, shown(entry.origin),
                                       shown(sighting.origin))};
    }
    if (entry.device != sighting.device) {
        return base::Error{base::Fault::malformed,
                           fmt::format("{} is the name of two devices; rename one", name)};
    }
    const auto& unit = quantities_[entry.index].unit;
    if (unit == sighting.quantity.unit) return Place{.index = entry.index};
    const auto scale = conversion(sighting.quantity.unit, unit);
    if (scale) return Place{.index = entry.index, .scale = *scale};
    return base::Error{base::Fault::malformed, fmt::format("{} was in {} and is in {} now", name,
                                                           unit, sighting.quantity.unit)};
}

base::Result<Catalogue::Place> Catalogue::add(Quantity quantity, const Sighting& sighting,
                                              std::string_view topic) {
    if (quantities_.size() >= quantities_max_) {
        return base::Error{base::Fault::exhausted, fmt::format("more than {} quantities: {}",
                                                               quantities_max_, quantity.name)};
    }
    const auto index = quantities_.size();
    const auto& origin = sighting.origin;
    kept_.keep(origin, quantity.name);
    entries_.emplace(quantity.name, Entry{.index = index,
                                          .origin = origin,
                                          .device = sighting.device,
                                          .topic = std::string{topic}});
    base::log_info("mqtt quantity", {{"quantity", quantity.name},
                                     {"unit", quantity.unit},
                                     {"from", base::printable(origin, kOriginShownMax)}});
    quantities_.push_back(std::move(quantity));
    return Place{.index = index};
}

std::vector<std::size_t> Catalogue::of_topic(std::string_view topic) const {
    std::vector<std::size_t> indices;
    for (const auto& [name, entry] : entries_) {
        if (entry.topic == topic) indices.push_back(entry.index);
    }
    return indices;
}

std::vector<std::size_t> Catalogue::of_place(const Sighting& sighting) const {
    const auto found = entries_.find(kept_.name_of(sighting.origin, sighting.quantity.name));
    const bool is_there = found != entries_.end() && found->second.origin == sighting.origin;
    return is_there ? std::vector{found->second.index} : std::vector<std::size_t>{};
}

}  // namespace drivers::mqtt
