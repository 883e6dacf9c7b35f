#include "drivers/mqtt/options/mapped_key.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "drivers/core/likely_unit.hpp"
#include "drivers/core/names.hpp"

namespace drivers::mqtt {

namespace {

/// "temperature_F" is not in Cel, nor "battery_mV" in V: the operator may mean either. Miles and
/// inches are no units of SenML, so "windspeedmph" can only be meant to be converted.
void heed_unit_in_name(base::Settings& settings, MappedKey& mapped) {
    const auto named = unit_in_name(mapped.key.substr(mapped.key.rfind('/') + 1));
    const auto scale = conversion(named, mapped.unit);
    if (!scale || *scale == Scale{} || mapped.scale != Scale{}) return;
    if (!is_of_senml(named)) {
        mapped.scale = *scale;
        return;
    }
    settings.refuse(mapped.key,
                    fmt::format("{0}: its name says that it is in {1}: write \"{2}:{1}\"",
                                mapped.key, named, mapped.quantity));
}

/// "quantity:unit"
std::optional<MappedKey> read_key(base::Settings& settings, const std::string& key,
                                  const std::string& mapping) {
    const auto colon = std::min(mapping.find(':'), mapping.size());
    MappedKey mapped{.key = key,
                     .pointer = {},
                     .quantity = mapping.substr(0, colon),
                     .unit = mapping.substr(std::min(colon + 1, mapping.size()))};
    if (!is_name(mapped.quantity)) {
        settings.refuse(key, fmt::format("{}: \"{}\" is no quantity name; \"{}\" would be one", key,
                                         mapped.quantity, safe_name(mapped.quantity)));
        return std::nullopt;
    }
    if (mapped.unit.empty()) {
        settings.refuse(key,
                        fmt::format("{}: write it as \"{}:unit\", with a unit of SenML: Cel, %RH, "
                                    "lx, W … and / for a number without one",
                                    key, mapped.quantity));
        return std::nullopt;
    }
    if (mapped.unit == "degF" || mapped.unit == "°F") {
        mapped.scale = conversion(mapped.unit, "Cel").value_or(Scale{});
        mapped.unit = "Cel";
    }
    if (const auto trouble = unit_trouble(mapped.quantity, mapped.unit); !trouble.empty()) {
        settings.refuse(key, fmt::format("{}: {}", key, trouble));
        return std::nullopt;
    }
    heed_unit_in_name(settings, mapped);
    return mapped;
}

bool read_pointer(base::Settings& table, MappedKey& mapped) {
    auto pointer = tables::JsonPointer::parse(mapped.key);
    if (pointer) {
        mapped.pointer = std::move(pointer).value();
    } else {
        table.refuse(mapped.key, pointer.error().detail);
    }
    return mapped.pointer.has_value();
}

}  // namespace

std::optional<MappedKey> read_plain_key(base::Settings& settings) {
    const auto mapping = settings.required_text("quantity");
    if (mapping.empty()) return std::nullopt;
    auto mapped = read_key(settings, "quantity", mapping);
    if (mapped) mapped->key.clear();
    return mapped;
}

std::vector<MappedKey> read_mapped_keys(base::Settings& table, bool are_pointers) {
    std::vector<MappedKey> keys;
    std::set<std::string> names;
    for (const auto& [key, mapping] : table.pairs()) {
        auto mapped = read_key(table, key, mapping);
        if (!mapped) continue;
        if (are_pointers && !read_pointer(table, *mapped)) continue;
        if (!names.insert(mapped->quantity).second) {
            table.refuse(key, fmt::format("{}: another is {} already", key, mapped->quantity));
        }
        if (keys.size() < kMappedKeysMax) keys.push_back(std::move(*mapped));
    }
    return keys;
}

}  // namespace drivers::mqtt
