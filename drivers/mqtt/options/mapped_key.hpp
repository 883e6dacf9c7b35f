#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/settings.hpp"
#include "drivers/core/units.hpp"
#include "drivers/tables/json_pointer.hpp"

namespace drivers::mqtt {

/// What a key of the payload means, according to the operator. The key is a JSON pointer, a
/// member's name, an object id or a property; for a plain number it is "".
struct MappedKey {
    std::string key;
    std::optional<tables::JsonPointer> pointer;  // Of the format "json".
    std::string quantity;
    std::string unit;
    Scale scale{};  // From what the device sends; °F becomes Cel.
};

constexpr std::size_t kMappedKeysMax = 256;

/// Reads `quantity`, which the format "plain" needs. What is wrong is left in the settings, as by
/// the reader below.
std::optional<MappedKey> read_plain_key(base::Settings& settings);

/// Reads [sensor.quantities], at most kMappedKeysMax; the keys are JSON pointers or not.
std::vector<MappedKey> read_mapped_keys(base::Settings& table, bool are_pointers);

}  // namespace drivers::mqtt
