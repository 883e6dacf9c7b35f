#pragma once

#include <functional>

#include "base/clock.hpp"
#include "central/engine/changes.hpp"
#include "central/validation/set_aside.hpp"
#include "wire/summary.hpp"

namespace quarantine {

/// A reading, or a partial that stands for several.
struct Item {
    base::EventTime at;
    wire::Summary summary;
};

using Visit = std::function<void(const validation::SetAside& aside, const Item& item)>;

/// What of the line a rule has set aside, part by part; nothing when its record cannot be read.
void for_each_item(const engine::Quarantined& line, const Visit& visit);

}  // namespace quarantine
