#include "drivers/pir/occupancy.hpp"

namespace drivers::pir {

using Kind = OccupancyEvent::Kind;

bool Occupancy::warming_up(base::Instant now) const {
    return now.time_since_epoch() < options_.warm_up;
}

bool Occupancy::occupied(base::Instant now) const {
    return high_.value_or(false) || (last_fall_ && now - *last_fall_ < options_.hold);
}

void Occupancy::change(bool high, base::Instant at) {
    if (high) high_since_ = at;
    if (!high && high_.value_or(false)) last_fall_ = at;
    if (!high) said_stuck_ = false;
    high_ = high;
}

void Occupancy::say_lasted(base::Instant at, Events& events) const {
    const std::chrono::duration<double> lasted = at - occupied_since_;
    events.push_back({Kind::lasted, said_occupied_ ? lasted.count() : 0, at});
}

/// A change of it, and at its end how long it was.
void Occupancy::say_occupied(base::Instant at, Events& events) {
    const bool now_occupied = occupied(at);
    if (now_occupied == said_occupied_) return;
    events.push_back({Kind::occupied, now_occupied ? 1.0 : 0.0, at});
    if (now_occupied) occupied_since_ = at;
    if (!now_occupied) say_lasted(at, events);
    said_occupied_ = now_occupied;
}

Occupancy::Events Occupancy::edge(bool rising, base::Instant at) {
    if (warming_up(at)) {
        ++ignored_;
        return {};
    }
    // A hold that was over before it ends when it ended, however late the tick.
    Events events = pass(at);
    // Two rises: the fall between them was lost. Told, and the newer edge is believed.
    if (high_ == rising) events.push_back({Kind::missed, 0, at});
    change(rising, at);
    events.push_back({Kind::motion, rising ? 1.0 : 0.0, at});
    say_occupied(at, events);
    return events;
}

Occupancy::Events Occupancy::level(bool high, base::Instant now) {
    if (warming_up(now)) {
        const auto ignored = static_cast<double>(ignored_);
        ignored_ = 0;
        return {{Kind::warming_up, ignored, now}};
    }
    Events events = pass(now);
    if (high_ && *high_ != high) events.push_back({Kind::missed, 0, now});
    if (high_ != high) change(high, now);
    events.push_back({Kind::motion, high ? 1.0 : 0.0, now});
    const bool now_occupied = occupied(now);
    if (now_occupied && !said_occupied_) occupied_since_ = now;
    said_occupied_ |= now_occupied;
    events.push_back({Kind::occupied, now_occupied ? 1.0 : 0.0, now});
    say_lasted(now, events);
    said_occupied_ = now_occupied;
    return events;
}

Occupancy::Events Occupancy::pass(base::Instant now) {
    Events events;
    if (warming_up(now)) return events;
    // Said at the moment it ended, however late the tick.
    if (said_occupied_ && !occupied(now) && last_fall_) {
        say_occupied(*last_fall_ + options_.hold, events);
    }
    const bool stuck = options_.stuck_after.count() > 0 && high_.value_or(false) &&
                       now - *high_since_ >= options_.stuck_after;
    if (stuck && !said_stuck_) {
        said_stuck_ = true;
        events.push_back({Kind::stuck_high, 0, now});
    }
    return events;
}

}  // namespace drivers::pir
