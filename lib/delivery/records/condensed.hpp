#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "delivery/records/data_line.hpp"
#include "delivery/records/detail.hpp"
#include "delivery/records/flush.hpp"
#include "delivery/records/span_fold.hpp"
#include "wire/record.hpp"

namespace delivery {

/// A line with which thinning replaces others.
struct ThinnedLine {
    std::string line;
    Flush::Content content;
    Detail detail = Detail::full;
};

/// What makes times comparable: the state of the clock, the boot, and when that was by this clock.
struct ClockOrigin {
    explicit ClockOrigin(const wire::Data& data);
    explicit ClockOrigin(const wire::Failed& failed);

    /// The same, but for the little by which a disciplined clock moves.
    bool is_near(const ClockOrigin& other) const;

    wire::ClockState state;
    std::string boot;
    std::optional<base::EventTime> booted;
};

/// How long the spans of a record are once it is thinned so far.
base::Duration span_of(Detail detail);

/// Condenses data records that share a clock: folds each series into partials of a minute or a
/// quarter of an hour where that saves enough, leaves it as it is where it does not, and packs all
/// of it into as few lines as the wire allows. Loses no reading, but forgets which ones shared a
/// record.
class Condensed {
  public:
    Condensed(Detail detail, ClockOrigin clock);

    bool accepts(Detail detail, const ClockOrigin& clock) const {
        return detail == detail_ && clock.is_near(clock_);
    }
    void add(const wire::Data& data);

    /// Adds the lines, in order of time.
    void write(std::vector<ThinnedLine>& lines);

  private:
    struct Reading {
        base::EventTime at;
        double value = 0;
    };
    struct Series {
        std::vector<Reading> raw;
        std::map<base::Duration, std::vector<Partial>> partials;  // By their span.
    };

    void fold(Series& series) const;
    /// All that is left, in order of time.
    std::vector<Point> points();
    wire::Data header(base::EventTime at) const;

    Detail detail_;
    ClockOrigin clock_;
    base::Duration span_;
    std::map<std::string, Series> series_;
};

}  // namespace delivery
