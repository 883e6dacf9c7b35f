#pragma once

#include <map>
#include <optional>
#include <span>
#include <vector>

#include "base/clock.hpp"
#include "wire/record.hpp"
#include "wire/sketch.hpp"

namespace delivery {

/// One span of a series, summarised, with the times of its first and last reading: they make
/// merging exact in whatever order the parts come.
struct Partial {
    base::EventTime start;
    base::EventTime first_at;
    base::EventTime last_at;
    wire::Summary summary;
    std::optional<wire::Sketch> sketch;
};

/// Folds the readings of one series into one Partial per span. Spans are aligned to the epoch or,
/// if times count from the boot, to the boot. Exact in whatever order readings and partials come:
/// first and last follow event time; among readings of the same time, the one added first is the
/// first and the one added last the last. Grows by one Partial per span until they are moved out.
class SpanFold {
  public:
    /// With a sketch for every span, or without.
    explicit SpanFold(base::Duration span, bool with_sketches = true);

    /// A finite reading.
    void add(base::EventTime at, double value);

    /// Whether a span of that length lies within one of this fold's.
    bool fits(base::EventTime start, base::Duration span) const;
    /// Whether every partial of the column does.
    bool fits(const wire::PartialColumn& column, base::EventTime at) const;

    /// Adds a partial of the same series that fits; one without a sketch leaves its span without
    /// one.
    void merge(const Partial& part);

    /// Adds the partials of a column that decode_record() accepted and that fits.
    void merge(const wire::PartialColumn& column, base::EventTime at);

    bool empty() const { return partials_.empty(); }
    std::size_t spans() const { return partials_.size(); }
    base::Duration span() const { return span_; }

    /// Moves out the spans that end at `until` or before, oldest first.
    std::vector<Partial> take_until(base::EventTime until);
    /// Moves out all of them.
    std::vector<Partial> take_all();

  private:
    base::EventTime start_of(base::EventTime at) const;

    base::Duration span_;
    bool with_sketches_;
    std::map<base::EventTime, Partial> partials_;  // By start.
};

/// The column for a record of the time `at`. Has sketches if all the partials have one.
wire::PartialColumn column_of(std::span<const Partial> partials, base::Duration span,
                              base::EventTime at);

/// The partials of a column in a record of the time `at`. Where the column does not say when its
/// first and last readings were, the ends of the span stand in for them.
std::vector<Partial> partials_of(const wire::PartialColumn& column, base::EventTime at);

}  // namespace delivery
