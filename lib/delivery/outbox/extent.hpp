#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>

#include "wire/identity.hpp"

namespace delivery {

/// Numbers that are gone between others that are stored: after + 1 … upto. Thinning leaves it above
/// records that may have been sent.
struct Hole {
    std::uint64_t after = 0;
    std::uint64_t upto = 0;

    friend bool operator==(const Hole&, const Hole&) = default;
};

/// The extent of what is stored.
struct Extent {
    wire::Incarnation incarnation;
    std::uint64_t lowest = 1;  // Lowest sequence number stored; head + 1 when there is none.
    std::uint64_t head = 0;    // Highest sequence number committed; 0 at the beginning.
    std::optional<Hole> hole;
    std::uint64_t bytes = 0;    // Of the store.
    std::uint64_t quota = 0;    // What it may grow to.
    std::uint64_t evicted = 0;  // Records evicted in this process's life, each within a gap record.
    std::uint64_t thinned = 0;  // Records replaced by coarser ones in that time.

    /// Damaged files put aside, and re-openings after an error of the disk, in this process's life.
    std::uint64_t damaged = 0;
    std::uint64_t reopened = 0;

    /// Records stored after `seq`.
    std::uint64_t records_after(std::uint64_t seq) const {
        const auto from = std::max(seq, lowest - 1);
        const auto numbers = head - std::min(from, head);
        if (!hole || from >= hole->upto) return numbers;
        return numbers - (hole->upto - std::max(from, hole->after));
    }
};

}  // namespace delivery
