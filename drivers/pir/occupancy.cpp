#include "drivers/pir/occupancy.hpp"

namespace drivers::pir {

using Kind = OccupancyEvent::Kind;

bool Occupancy::is_warming_up(base::Instant now) const {
    return now.time_since_epoch() < options_.warm_up;
}

bool Occupancy::is_occupied(base::Instant now) const {
    return high_.value_or(false) || (last_fall_ && now - *last_fall_ < options_.hold);
}

void Occupancy::change(bool high, base::Instant at) {
    if (high) high_since_ = at;
    if (!high && high_.value_or(false)) last_fall_ = at;
    if (!high) stuck_reported_ = false;
    high_ = high;
}

void Occupancy::add_lasted(base::Instant at, Events& events) const {
    const std::chrono::duration<double> lasted = at - occupied_since_;
    events.push_back({Kind::lasted, was_occupied_ ? lasted.count() : 0, at});
}

/// Adds a change of the occupancy, and at its end how long it lasted.
void Occupancy::add_occupied(base::Instant at, Events& events) {
    const bool now_occupied = is_occupied(at);
    if (now_occupied == was_occupied_) return;
    events.push_back({Kind::occupied, now_occupied ? 1.0 : 0.0, at});
    if (now_occupied) occupied_since_ = at;
    if (!now_occupied) add_lasted(at, events);
    was_occupied_ = now_occupied;
}

Occupancy::Events Occupancy::edge(bool rising, base::Instant at) {
    if (is_warming_up(at)) {
        ++ignored_;
        return {};
    }
    // A hold that ran out before this edge ends at its own time, however late the tick.
    Events events = pass(at);
    // Two rises: the fall between them was lost. Report it, and believe the newer edge.
    if (high_ == rising) events.push_back({Kind::missed, 0, at});
    change(rising, at);
    events.push_back({Kind::motion, rising ? 1.0 : 0.0, at});
    add_occupied(at, events);
    return events;
}

Occupancy::Events Occupancy::level(bool high, base::Instant now) {
    if (is_warming_up(now)) {
        const auto ignored = static_cast<double>(ignored_);
        ignored_ = 0;
        return {{Kind::warming_up, ignored, now}};
    }
    Events events = pass(now);
    if (high_ && *high_ != high) events.push_back({Kind::missed, 0, now});
    if (high_ != high) change(high, now);
    events.push_back({Kind::motion, high ? 1.0 : 0.0, now});
    const bool now_occupied = is_occupied(now);
    if (now_occupied && !was_occupied_) occupied_since_ = now;
    was_occupied_ |= now_occupied;
    events.push_back({Kind::occupied, now_occupied ? 1.0 : 0.0, now});
    add_lasted(now, events);
    was_occupied_ = now_occupied;
    return events;
}

Occupancy::Events Occupancy::pass(base::Instant now) {
    Events events;
    if (is_warming_up(now)) return events;
    // It ends at its own time, however late the tick.
    if (was_occupied_ && !is_occupied(now) && last_fall_) {
        add_occupied(*last_fall_ + options_.hold, events);
    }
    const bool stuck = options_.stuck_after.count() > 0 && high_.value_or(false) &&
                       now - *high_since_ >= options_.stuck_after;
    if (stuck && !stuck_reported_) {
        stuck_reported_ = true;
        events.push_back({Kind::stuck_high, 0, now});
    }
    return events;
}

}  // namespace drivers::pir
