#pragma once

#include <cstdint>
#include <optional>

#include "base/clock.hpp"

namespace agent {

/// How fast an outbox wears out the card it is on, at the pace of this process so far.
struct CardLife {
    std::uint64_t bytes_a_day = 0;

    /// Until the card has written what its maker says it endures; at most kDaysMax. Nothing when
    /// that is not known.
    std::optional<std::uint64_t> days;

    static constexpr std::uint64_t kDaysMax = 36'500;
};

/// Nothing during the first ten minutes: a start writes faster than a day does. `endurance` is in
/// bytes (the maker's "TBW"); 0 when it is not known. No program can see what the card writes on
/// top of this when it moves its own blocks.
std::optional<CardLife> card_life(std::uint64_t written, base::Duration uptime,
                                  std::uint64_t endurance);

}  // namespace agent
