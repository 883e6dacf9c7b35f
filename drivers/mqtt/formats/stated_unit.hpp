#pragma once

#include <functional>
#include <optional>
#include <string>

#include "drivers/core/stated_units.hpp"
#include "drivers/mqtt/formats/leaves.hpp"

namespace drivers::mqtt {

/// A member beside a value that says in which unit the value is: "unit", "temperature_unit".
struct StatedUnit {
    JsonPath member;
    std::size_t depth = 0;  // Of the object beside or around the value that it stands in.
    UnitStatement says;
    std::string text;  // As it came.
};

/// The one nearest to a value that is recorded in `unit`; nothing when none can be its. `ignores`
/// says which members the operator ignores.
std::optional<StatedUnit> stated_unit(const base::Json& document, const Leaf& leaf,
                                      std::string_view unit,
                                      const std::function<bool(const Leaf&)>& ignores);

/// Whether a leaf says the unit of others, and so is no measurement.
bool says_unit(const Leaf& leaf);

/// `configured` converts from the unit that the operator says the device sends, if not `unit`.
UnitVerdict judge(const StatedUnit& stated, const base::Json& document, const Leaf& leaf,
                  std::string_view unit, const Scale& configured);

}  // namespace drivers::mqtt
