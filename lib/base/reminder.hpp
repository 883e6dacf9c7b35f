#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/log.hpp"

// How often one thing may be reported: a Reminder for a condition that lasts, a RepeatLimit for
// events that come in floods.
namespace base {

/// Decides when a standing condition is worth a line in the log: at once when its text changes, and
/// again after `every` while it lasts. Writes nothing and asks no clock.
class Reminder {
  public:
    /// Without `every` a condition is due only when it changes.
    explicit Reminder(std::optional<Duration> every = std::nullopt) : every_(every) {}

    /// Whether `text` is due now; if so, it counts as said. An empty text means that all is well:
    /// it is due once, after a text that was not empty.
    [[nodiscard]] bool is_due(std::string_view text, Instant now);

    /// Counts `text` as said, without asking whether it is due.
    void note(std::string_view text, Instant now);

    /// All is well, and that need not be said.
    void clear() { said_.clear(); }

    /// The text that was due last; empty at the beginning and when all is well.
    const std::string& said() const { return said_; }

  private:
    std::optional<Duration> every_;
    std::string said_;
    Instant said_at_;
};

/// Lets an event into the log ten times within the minute that its first line begins. Bounded: an
/// event is forgotten when its minute is over. Writes nothing and asks no clock.
class RepeatLimit {
  public:
    /// An event, and how many of its lines were not admitted.
    struct HeldBack {
        LogLevel level{};
        std::string event;
        std::uint64_t count = 0;
    };

    /// Forgets the events whose minute is over and returns those that were held back. Call it
    /// before each admits(), so that nothing held back goes unmentioned.
    std::vector<HeldBack> forget(Instant now);

    bool admits(LogLevel level, std::string_view event, Instant now);

  private:
    struct Repeats {
        LogLevel level{};
        Instant since;
        std::uint64_t count = 0;
    };

    std::map<std::string, Repeats, std::less<>> seen_;
};

}  // namespace base
