#pragma once

#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <optional>

#include "base/clock.hpp"

namespace drivers::ultrasonic {

/// Whose turn it is to make a sound. One ping at a time in the whole process and a pause before the
/// next, so that no sensor hears another's echo; first come, first served.
class PingSchedule {
  public:
    /// The data sheet's least from ping to ping, in which echoes die away.
    static constexpr base::Duration kApart{60};

    /// Held while a ping is in flight.
    class Turn {
      public:
        Turn(PingSchedule& schedule, const base::Clock& clock)
            : schedule_(schedule), clock_(clock) {}
        ~Turn() { schedule_.give_back(); }
        Turn(const Turn&) = delete;
        Turn& operator=(const Turn&) = delete;

        /// The ping begins now: from here the next one's pause counts.
        void begin() { schedule_.note(clock_.instant()); }

      private:
        PingSchedule& schedule_;
        const base::Clock& clock_;
    };

    /// Waits for its turn and for the pause since the last ping.
    Turn wait(const base::Clock& clock);

    /// The pause that is left: pure, for wait() and its test.
    static base::Duration pause_left(std::optional<base::Instant> last, base::Instant now);

  private:
    void note(base::Instant now);
    void give_back();

    std::mutex mutex_;
    std::condition_variable changed_;
    std::uint64_t next_number_ = 0;
    std::uint64_t served_ = 0;
    std::optional<base::Instant> last_;
};

/// The one of this process.
PingSchedule& ping_schedule();

}  // namespace drivers::ultrasonic
