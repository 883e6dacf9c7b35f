#pragma once

#include <cstdint>
#include <optional>

#include "agent/sampling/sampler.hpp"
#include "base/backoff.hpp"
#include "base/clock.hpp"
#include "base/counters.hpp"
#include "base/reminder.hpp"
#include "delivery/outbox/outbox.hpp"

namespace agent {

struct CommitterOptions {
    base::Duration flush_every{};
    base::Duration urgent_every{};
    base::BackoffOptions backoff{};  // After a failed commit.
};

/// Commits what the sampler has collected to the outbox: on time, and early when it is much or
/// urgent. A flush that failed is held and tried again as it is, so that its readings stay ahead of
/// newer ones. Asks no clock and sends nothing.
class Committer {
  public:
    Committer(const CommitterOptions& options, Sampler& sampler, delivery::Outbox& outbox,
              base::Counters& counters, std::uint64_t seed, base::Instant now);

    /// Commits when it is time. `settled`: records up to here may be deleted.
    void tick(std::uint64_t settled, base::Instant now);

    /// Commits now, and then what has waited behind a held flush. False when the outbox refuses.
    bool commit_all(std::uint64_t settled, base::Instant now) {
        return commit(settled, now) && commit(settled, now);
    }

    /// The last commit failed: its flush is held, and newer readings wait behind it.
    bool is_holding() const { return held_.has_value(); }

  private:
    bool is_due(base::Instant now) const;
    bool commit(std::uint64_t settled, base::Instant now);
    bool append(delivery::Flush flush, base::Instant now);

    CommitterOptions options_;
    Sampler& sampler_;
    delivery::Outbox& outbox_;
    base::Counters& counters_;
    base::Backoff backoff_;
    base::Reminder refusal_{std::chrono::minutes{1}};
    base::Instant flush_due_;
    base::Instant urgent_due_;  // Not before.
    std::optional<delivery::Flush> held_;
};

}  // namespace agent
