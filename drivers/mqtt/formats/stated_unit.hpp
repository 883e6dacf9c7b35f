#pragma once

#include <functional>
#include <optional>
#include <string>

#include "drivers/core/units.hpp"
#include "drivers/mqtt/formats/leaves.hpp"

namespace drivers::mqtt {

/// A member beside a value that says in which unit the value is: "unit", "temperature_unit".
struct StatedUnit {
    Leaf member;
    std::string text;     // "F", "°C", "imperial"
    bool is_own = false;  // It names the quantity, and so is of no other value.
};

/// The one nearest to a value that is recorded in `unit`; nothing when none can be its. `ignores`
/// says which members the operator ignores.
std::optional<StatedUnit> stated_unit(const base::Json& document, const Leaf& leaf,
                                      std::string_view unit,
                                      const std::function<bool(const Leaf&)>& ignores);

/// What a stated unit means for a value.
struct UnitVerdict {
    enum class Kind {
        silent,       // Nothing: it is of another value, or the value's own name says otherwise.
        converts,     // The value is in that unit.
        contradicts,  // It cannot be, or the operator says otherwise.
        unknown,
    };
    Kind kind = Kind::silent;
    Scale scale{};
};

/// `configured` converts from the unit that the operator says the device sends, if not `unit`.
UnitVerdict judge(const StatedUnit& stated, const base::Json& document, const Leaf& leaf,
                  std::string_view unit, const Scale& configured);

}  // namespace drivers::mqtt
