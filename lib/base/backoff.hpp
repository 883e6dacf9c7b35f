#pragma once

#include "base/clock.hpp"
#include "base/random.hpp"

namespace base {

struct BackoffOptions {
    Duration first = std::chrono::milliseconds{500};

    /// Doubling stops here.
    Duration longest = std::chrono::seconds{60};
};

/// Chooses the wait before the next try. It doubles with each failure and has full jitter, so that
/// a thousand nodes do not reconnect in step. Never sleeps itself.
class Backoff {
  public:
    Backoff(BackoffOptions options, std::uint64_t seed) : options_(options), random_(seed) {}

    /// The wait before the next try, in (0, ceiling]; the ceiling doubles with each call.
    Duration next();

    /// Success: the next wait is short again.
    void reset() { ceiling_ = Duration::zero(); }

  private:
    BackoffOptions options_;
    Random random_;
    Duration ceiling_{0};
};

}  // namespace base
