#include "drivers/simulator/hcsr501.hpp"

#include <algorithm>

namespace drivers::simulator {

bool Hcsr501::output(base::EventTime time) const {
    using namespace std::chrono_literals;
    const auto look_back = std::max<base::Duration>(5min, 4 * options_.hold);
    base::EventTime high_until{};
    for (const auto& passing : room_.passings(time - look_back, time + 1ms)) {
        // Motion that begins while the sensor is blind counts once it can see again.
        const bool still_high = passing.begin < high_until;
        const auto seen = still_high ? passing.begin : std::max(passing.begin, high_until + kBlind);
        if (seen > passing.end || seen > time) continue;
        high_until = std::max(high_until, std::min(passing.end, time) + options_.hold);
    }
    return time < high_until;
}

}  // namespace drivers::simulator
