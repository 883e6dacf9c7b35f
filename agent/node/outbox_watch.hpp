#pragma once

#include <cstdint>
#include <optional>

#include "base/clock.hpp"
#include "base/counters.hpp"
#include "delivery/outbox/outbox.hpp"

namespace agent {

/// Observes what an outbox does by itself (a new incarnation, thinning, eviction), and counts and
/// reports it. Changes nothing in the outbox and asks no clock.
class OutboxWatch {
  public:
    OutboxWatch(const delivery::Outbox& outbox, base::Counters& counters,
                base::Duration redeclare_every)
        : outbox_(outbox),
          counters_(counters),
          redeclare_every_(redeclare_every),
          incarnation_(outbox.extent().incarnation) {}

    /// True when the far side may not know our series any more and they should be declared again:
    /// after a fork, and, at most once within `redeclare_every`, after records were evicted that
    /// the far side never had.
    bool observe(base::Instant now);

  private:
    bool is_new_incarnation(const delivery::Extent& extent);
    void report_thinned(const delivery::Extent& extent);
    bool report_evicted(const delivery::Extent& extent);

    const delivery::Outbox& outbox_;
    base::Counters& counters_;
    base::Duration redeclare_every_;
    wire::Incarnation incarnation_;
    std::uint64_t thinned_ = 0;
    std::uint64_t evicted_ = 0;
    std::optional<base::Instant> redeclared_;
};

}  // namespace agent
