#include "drivers/mqtt/catalogue.hpp"

#include <fmt/format.h>

#include "base/log.hpp"
#include "drivers/core/names.hpp"

namespace drivers::mqtt {

base::Result<std::size_t> Catalogue::index_of(const Sighting& sighting) {
    const auto& name = sighting.quantity.name;
    const auto found = entries_.find(name);
    if (found == entries_.end()) return add(sighting);
    const auto& [index, origin] = found->second;
    if (origin != sighting.origin) {
        return base::Error{
            base::Fault::malformed,
            fmt::format("{} is {} already, not {}", name, shown(origin), shown(sighting.origin))};
    }
    const auto& unit = quantities_[index].unit;
    if (unit != sighting.quantity.unit) {
        return base::Error{base::Fault::malformed, fmt::format("{} was in {} and is in {} now",
                                                               name, unit, sighting.quantity.unit)};
    }
    return index;
}

base::Result<std::size_t> Catalogue::add(const Sighting& sighting) {
    const auto& quantity = sighting.quantity;
    if (quantities_.size() >= quantities_max_) {
        return base::Error{base::Fault::exhausted, fmt::format("more than {} quantities: {}",
                                                               quantities_max_, quantity.name)};
    }
    const auto index = quantities_.size();
    quantities_.push_back(quantity);
    entries_.emplace(quantity.name, Entry{.index = index, .origin = sighting.origin});
    base::log_info(
        "mqtt quantity",
        {{"quantity", quantity.name}, {"unit", quantity.unit}, {"from", shown(sighting.origin)}});
    return index;
}

}  // namespace drivers::mqtt
