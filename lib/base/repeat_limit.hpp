#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/log.hpp"

namespace base {

/// How often an event may be logged: ten times within the minute that its first line begins.
/// Bounded: an event is forgotten when its minute is over. Writes nothing itself.
class RepeatLimit {
  public:
    /// An event and how many of its lines were not admitted.
    struct HeldBack {
        LogLevel level{};
        std::string event;
        std::uint64_t count = 0;
    };

    /// Forgets the events whose minute is over and gives those that were held back. Call it before
    /// each admits(), so that nothing held back goes unmentioned.
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
