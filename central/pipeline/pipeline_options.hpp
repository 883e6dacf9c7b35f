#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "base/backoff.hpp"
#include "base/clock.hpp"

namespace central {

struct PipelineOptions {
    std::uint32_t partitions = 16;

    /// Entries read of one partition in one tick.
    std::size_t entries_max = 1'000;

    /// Changed rows after which a tick commits, even if there is more to read.
    std::size_t rows_per_commit_max = 20'000;

    /// Records that waited for a clock and are placed in one tick.
    std::size_t placed_max = 500;

    /// A node with a hole is asked again to send after this long.
    base::Duration rewind_pause = std::chrono::seconds{30};

    /// The source is told the cursor again after this long at the latest, so that one that came
    /// back as an older copy of itself is noticed while nothing new arrives.
    base::Duration settle_every = std::chrono::seconds{10};

    /// Between tries when the source or the sink is away.
    base::BackoffOptions backoff{.first = std::chrono::milliseconds{200},
                                 .longest = std::chrono::seconds{30}};

    /// The key of the hash chain, when the nodes have one.
    std::string chain_key;

    /// Window rows kept for take_committed(); of more, the page is not told and they are counted.
    std::size_t live_rows_max = 20'000;
};

/// What a tick did.
struct Progress {
    std::size_t entries = 0;
    bool more = false;  // There is more to read at once.
};

}  // namespace central
