#pragma once

#include <algorithm>

#include "base/clock.hpp"
#include "base/random.hpp"

namespace delivery {

struct RetransmissionOptions {
    base::Duration shortest = std::chrono::seconds{2};
    base::Duration longest = std::chrono::seconds{60};
};

/// Decides how long to wait for an answer: max(shortest, srtt + 4·rttvar) as in RFC 6298 §2,
/// doubled with every time-out up to `longest`. Whatever the doubling adds is jittered, so that a
/// thousand nodes that lost the same broker do not return in step. Asks no clock.
class Retransmission {
  public:
    Retransmission(RetransmissionOptions options, std::uint64_t seed)
        : options_(options), random_(seed) {}

    /// How long an answer took, to something that was sent once (Karn's rule: never measure a
    /// retransmission).
    void add_round_trip(base::Duration round_trip);

    /// No answer came in time: waits double.
    void back_off() { ++timeouts_; }

    /// Something got through: waits are short again.
    void reset_back_off() { timeouts_ = 0; }

    /// The wait for what is sent now; after a time-out every call gives another one.
    base::Duration next_wait();

    /// The smoothed round trip; zero before the first measurement.
    base::Duration smoothed() const { return smoothed_; }

  private:
    base::Duration base_wait() const;

    RetransmissionOptions options_;
    base::Random random_;
    base::Duration smoothed_{0};
    base::Duration variation_{0};
    unsigned timeouts_ = 0;
};

}  // namespace delivery
