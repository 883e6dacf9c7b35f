#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "agent/records/detail.hpp"
#include "agent/records/flush.hpp"
#include "wire/record.hpp"
#include "wire/span_fold.hpp"

namespace agent {

/// A line that thinning puts in the place of others.
struct ThinnedLine {
    std::string line;
    Flush::Content content;
    Detail detail = Detail::full;
};

/// Whose times can be compared: the state of the clock, the boot, and when that was by the clock.
struct ClockOrigin {
    explicit ClockOrigin(const wire::Data& data);

    /// The same but for what a clock that is kept in time moves.
    bool is_near(const ClockOrigin& other) const;

    wire::ClockState state;
    std::string boot;
    std::optional<base::EventTime> booted;
};

/// What becomes of data records that share a clock: each series is folded into partials of a minute
/// or a quarter of an hour where that saves enough, and left as it is where it does not; either way
/// as few lines as the wire allows hold it. Keeps no record's borders, and loses no reading.
class Condensed {
  public:
    Condensed(Detail detail, ClockOrigin clock);

    bool accepts(Detail detail, const ClockOrigin& clock) const {
        return detail == detail_ && clock.is_near(clock_);
    }
    void add(const wire::Data& data);

    /// The lines, in order of time.
    void write(std::vector<ThinnedLine>& lines);

  private:
    struct Point {
        base::EventTime at;
        double value = 0;
    };
    struct Series {
        std::vector<Point> raw;
        std::map<base::Duration, std::vector<wire::Partial>> partials;  // By their span.
    };

    void fold(Series& series) const;

    Detail detail_;
    ClockOrigin clock_;
    base::Duration span_;
    std::map<std::string, Series> series_;
};

}  // namespace agent
