#pragma once

#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <optional>

#include "base/clock.hpp"

namespace drivers::ultrasonic {

/// Decides whose turn it is to make a sound: one ping at a time in the whole process, and a pause
/// before the next, so that no sensor hears another's echo. First come, first served.
class PingSchedule {
  public:
    /// The least time between two pings (data sheet), in which echoes die away.
    static constexpr base::Duration kApart{60};

    /// Held while a ping is in flight.
    class Turn {
      public:
        Turn(PingSchedule& schedule, const base::Clock& clock)
            : schedule_(schedule), clock_(clock) {}
        ~Turn() { schedule_.give_back(); }
        Turn(const Turn&) = delete;
        Turn& operator=(const Turn&) = delete;

        /// The ping begins now, and with it the pause before the next one.
        void begin() { schedule_.note(clock_.instant()); }

      private:
        PingSchedule& schedule_;
        const base::Clock& clock_;
    };

    /// Waits for its turn and for the pause since the last ping.
    Turn wait(const base::Clock& clock);

    /// How long to wait still. Pure; for wait() and its test.
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

/// The schedule of this process.
PingSchedule& ping_schedule();

}  // namespace drivers::ultrasonic
