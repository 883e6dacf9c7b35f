#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/clock.hpp"
#include "central/engine/states/holding.hpp"
#include "central/engine/states/stretch.hpp"

namespace engine {

/// How a visit ended.
enum class VisitEnd {
    open,     // It has not, as far as is known.
    changed,  // With a reading of another value.
    unknown,  // A reading is missing or gone after the last one.
};

/// A series had one value without a break: a door was open, somebody was there.
struct Visit {
    base::EventTime from;                  // Its first reading.
    base::EventTime to;                    // Its last.
    std::optional<base::EventTime> until;  // The first reading of another value.
    double value = 0;
    std::uint64_t readings = 0;
    VisitEnd end = VisitEnd::open;
    bool is_certain = true;  // No reading is gone between the first and the last.

    friend bool operator==(const Visit&, const Visit&) = default;
};

/// Joins the stretches of a series into visits. They are given from the newest to the oldest, as
/// many as it takes: a visit is known whole only when what was before it was given, too.
class Visits {
  public:
    /// All that came until `now` is known.
    Visits(Holding holding, base::EventTime now) : holding_(std::move(holding)), now_(now) {}

    void add(const Stretch& older);

    /// There are no older ones. The oldest visit is certain only when nothing was before it.
    void finish(bool is_whole = true);

    /// Those that are whole, newest first.
    const std::vector<Visit>& whole() const { return whole_; }

  private:
    void complete();
    Visit begin(const Stretch& stretch) const;

    Holding holding_;
    base::EventTime now_;
    std::vector<Visit> whole_;
    std::optional<Visit> visit_;    // Of which the beginning is not known yet.
    std::optional<Stretch> newer_;  // The one given last.
};

}  // namespace engine
