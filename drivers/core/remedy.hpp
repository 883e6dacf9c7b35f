#pragma once

#include <algorithm>
#include <span>
#include <string_view>

#include "drivers/core/sign.hpp"

namespace drivers {

/// What a sign of a sensor means, and what to do about it: the failure table of the driver's page,
/// for programs that advise a person.
struct Remedy {
    Sign sign = Sign::other;
    std::string_view quantity{};  // Whose value is the sign; empty when the reading failed.
    std::string_view means;
    std::string_view cure;
    bool is_wrong = true;  // Else all may be well.
};

/// The remedy for a sign; nullptr when there is none.
inline const Remedy* find_remedy(std::span<const Remedy> remedies, Sign sign,
                                 std::string_view quantity = {}) {
    const auto found = std::find_if(remedies.begin(), remedies.end(), [&](const Remedy& remedy) {
        return remedy.sign == sign && remedy.quantity == quantity;
    });
    return found == remedies.end() ? nullptr : &*found;
}

}  // namespace drivers
