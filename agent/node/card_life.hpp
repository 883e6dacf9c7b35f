#pragma once

#include <cstdint>
#include <optional>

#include "base/clock.hpp"

namespace agent {

/// How fast this process wears out the card that it writes to, at its pace so far.
struct CardLife {
    std::uint64_t bytes_a_day = 0;

    /// Until the card has written what its maker says it endures; at most kDaysMax. Nothing when
    /// that is not known.
    std::optional<std::uint64_t> days;

    static constexpr std::uint64_t kDaysMax = 36'500;
};

/// Nothing when it is not known how much was written, and during the first ten minutes: a start
/// writes faster than a day does. `endurance` is in bytes (the maker's "TBW"); 0 when it is not
/// known. No program can see what the card writes on top of this when it moves its own blocks.
std::optional<CardLife> card_life(std::optional<std::uint64_t> written, base::Duration uptime,
                                  std::uint64_t endurance);

}  // namespace agent
