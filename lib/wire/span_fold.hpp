#pragma once

#include <map>
#include <optional>
#include <span>
#include <vector>

#include "base/clock.hpp"
#include "wire/record.hpp"
#include "wire/sketch.hpp"

namespace wire {

/// One span of a series, summarised, with the times of its first and last reading: what makes
/// merging exact in whatever order the parts come.
struct Partial {
    base::EventTime start;
    base::EventTime first_at;
    base::EventTime last_at;
    Summary summary;
    std::optional<Sketch> sketch;
};

/// Folds the readings of one series into one Partial a span, the spans aligned to the epoch (or, as
/// the times are counted, to the boot). Exact in whatever order readings and partials come: first
/// and last follow event time; of readings with one time the one given earlier is the first and the
/// one given later the last. Grows by a Partial a span: whoever adds bounds it by taking.
class SpanFold {
  public:
    /// With a sketch for every span, or without.
    explicit SpanFold(base::Duration span, bool with_sketches = true);

    /// A finite reading.
    void add(base::EventTime at, double value);

    /// Whether a span of that length lies within one of this fold.
    bool fits(base::EventTime start, base::Duration span) const;
    /// Whether every partial of the column does.
    bool fits(const PartialColumn& column, base::EventTime at) const;

    /// A partial of the same series that fits; without a sketch it leaves its span without one.
    void merge(const Partial& part);

    /// Those of a column that decode_record() accepted and that fits.
    void merge(const PartialColumn& column, base::EventTime at);

    bool empty() const { return partials_.empty(); }
    std::size_t spans() const { return partials_.size(); }
    base::Duration span() const { return span_; }

    /// Takes out the spans that end at `until` or before, oldest first.
    std::vector<Partial> take_until(base::EventTime until);
    /// Takes out all of them.
    std::vector<Partial> take_all();

  private:
    base::EventTime start_of(base::EventTime at) const;

    base::Duration span_;
    bool with_sketches_;
    std::map<base::EventTime, Partial> partials_;  // By start.
};

/// The column of a record of the time `at`. Has sketches when all the partials have one.
PartialColumn column_of(std::span<const Partial> partials, base::Duration span, base::EventTime at);

/// The partials of a column of a record of the time `at`; where it does not tell when its first and
/// last readings were, the ends of the span stand for them.
std::vector<Partial> partials_of(const PartialColumn& column, base::EventTime at);

}  // namespace wire
