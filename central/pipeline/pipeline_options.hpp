#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "base/backoff.hpp"
#include "base/clock.hpp"

namespace central {

struct PipelineOptions {
    std::uint32_t partitions = 16;

    /// Entries read in one round trip, of all partitions; a tick makes up to 16.
    std::size_t entries_max = 1'000;

    /// Changed rows after which a tick commits, even if there is more to read.
    std::size_t rows_per_commit_max = 20'000;

    /// Records that waited for a clock, placed in one tick.
    std::size_t placed_max = 500;

    /// How long after a rewind another hole of the node is no reason for a rescan.
    base::Duration rewind_pause = std::chrono::seconds{30};

    /// The source gets the cursor again after this long at the latest. So it is noticed when it
    /// came back as an older copy of itself, even while nothing new arrives.
    base::Duration settle_every = std::chrono::seconds{10};

    /// How often the marks of all nodes in the source are compared with those of the sink. At the
    /// start they are compared, too.
    base::Duration audit_every = std::chrono::minutes{1};

    /// Whether series are compared with their neighbours, when windows of an hour are kept; and how
    /// often it is looked whether an hour can be.
    bool drift = true;
    base::Duration compare_every = std::chrono::minutes{1};

    /// A node that is so far behind the newest of its neighbours is not waited for.
    base::Duration neighbours_patience = std::chrono::hours{24};

    /// Between attempts on a partition that only a person can repair.
    base::Duration repair_pause = std::chrono::seconds{5};

    /// Between attempts while the source or the sink is away.
    base::BackoffOptions backoff{.first = std::chrono::milliseconds{200},
                                 .longest = std::chrono::seconds{30}};

    /// The key of the hash chain, when the nodes have one.
    std::string chain_key;
};

}  // namespace central
