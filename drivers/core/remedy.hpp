#pragma once

#include <span>
#include <string_view>

namespace drivers {

/// What a driver knows of one sign that its sensor gives: what it means, and what to do. The same
/// words as in the failure table of the driver's page, for programs that tell a person.
struct Remedy {
    /// How a Failure's reason begins; "no distance" for a quantity that has no value; "motion 0"
    /// for a value that may mislead.
    std::string_view sign;
    std::string_view means;
    std::string_view cure;
    bool is_wrong = true;  // Else it may well be as it should.
};

/// The first whose sign fits; nullptr when none does.
inline const Remedy* find_remedy(std::span<const Remedy> remedies, std::string_view sign) {
    for (const auto& remedy : remedies) {
        if (sign.starts_with(remedy.sign)) return &remedy;
    }
    return nullptr;
}

}  // namespace drivers
