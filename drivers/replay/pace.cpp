#include "drivers/replay/pace.hpp"

namespace drivers::replay {

bool Pace::is_due(base::EventTime time, base::Instant now) {
    if (!speed_) return true;
    if (!began_) {
        began_ = now;
        first_ = time;
    }
    const auto elapsed = static_cast<double>((now - *began_).count()) * *speed_;
    return static_cast<double>((time - first_).count()) <= elapsed;
}

}  // namespace drivers::replay
