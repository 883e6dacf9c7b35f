#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "central/engine/closing.hpp"
#include "central/engine/engine_options.hpp"
#include "central/engine/readings/readings.hpp"
#include "central/engine/roster.hpp"
#include "central/engine/rows.hpp"
#include "central/engine/states/courses.hpp"
#include "central/engine/window.hpp"
#include "central/validation/sieve.hpp"
#include "wire/record.hpp"

namespace engine {

struct Step;

/// Counts readings and failed reads into the windows that they belong to.
class WindowCounter {
  public:
    WindowCounter(const EngineOptions& options, Roster& roster, Rows& rows, Closing& closing,
                  Courses& courses, Readings& readings)
        : options_(options),
          roster_(roster),
          rows_(rows),
          closing_(closing),
          courses_(courses),
          readings_(readings) {}

    /// Counts every column that can be counted, and refuses the others.
    base::Status count(Step& step, const wire::Data& data);

    /// Moves no watermark: the node's clock may have stamped the failures of a source that has a
    /// clock of its own, in another year.
    base::Status count(Step& step, const wire::Failed& failed);

  private:
    base::Status count_column(Step& step, const wire::Data& data, const wire::Column& column,
                              const std::vector<validation::SetAside>& earlier);
    base::Status count_points(Step& step, Series& series, base::EventTime at,
                              const validation::Points& points);
    /// Counts what passes the rule of the series, and sets the rest aside.
    base::Status sift(Step& step, Series& series, const validation::Judged& judged,
                      const std::vector<validation::SetAside>& earlier);
    base::Status set_aside(Step& step, Series& series, const validation::Judged& judged,
                           const validation::Sifted& sifted);
    /// The rule of the series; null when there is none.
    const validation::Rule* rule_of(Series& series) const;
    base::Status count_column(Step& step, const wire::Failed& failed,
                              const wire::FailedColumn& column);
    base::Status count_sensor(Step& step, const wire::Failed& failed,
                              const wire::FailedColumn& column);
    base::Status count_failed(Step& step, const wire::Failed& failed,
                              const wire::FailedColumn& column, Series& series);
    base::Status merge(Step& step, Series& series, Run run, std::size_t first_span);
    /// Adds readings to the course of a series that has one.
    base::Status tell(Step& step, Series& series, base::EventTime at,
                      const validation::Points& points);
    /// Failed readings of a time, in every window of at least that length; and to take them back.
    base::Status fail(Series& series, base::EventTime at, base::Duration least,
                      const std::string& reason, std::uint64_t readings);
    base::Status heal(Series& series, base::EventTime at, base::Duration least,
                      const std::string& reason, std::uint64_t readings);

    bool keeps_sketch(base::Duration span) const { return span >= options_.sketches_from; }
    bool keeps_sketches() const { return keeps_sketch(options_.spans.back()); }

    const EngineOptions& options_;
    Roster& roster_;
    Rows& rows_;
    Closing& closing_;
    Courses& courses_;
    Readings& readings_;
    std::vector<Run> runs_;  // Of one column; kept for its room.
};

}  // namespace engine
