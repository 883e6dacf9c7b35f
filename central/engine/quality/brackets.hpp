#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "central/engine/changes.hpp"

namespace engine {

/// Between which times the records of a boot lie that wait for a clock, as far as it is known.
struct Bracket {
    std::string boot;
    std::uint64_t records = 0;
    std::optional<base::EventTime> not_before;  // Nothing: no boot before it is tied to UTC.
    std::optional<base::EventTime> not_after;   // Nothing: no boot after it is.

    friend bool operator==(const Bracket&, const Bracket&) = default;
};

/// For each boot of a node that records wait for, in order of their numbers. A node numbers its
/// records as it makes them, one boot after another: so what waits lies between the last time that
/// is known of the tied boot before it, and the beginning of the one after it, each as far off as
/// its clock record may be. Boots of another incarnation, and those whose numbers are not known,
/// tell nothing. Bounds that contradict one another, as a clock was wrong, are none.
std::vector<Bracket> brackets_of(const std::vector<BootRow>& boots);

}  // namespace engine
