#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "central/engine/quality/declared_gaps.hpp"
#include "central/sinks/judging/judgements.hpp"
#include "central/sinks/query.hpp"
#include "central/views/surroundings.hpp"

namespace judging {

/// Judges windows of one span of one series: those that are new, and those that must be judged
/// again, by the code that answers questions. Reads, and stores nothing.
class WindowJudge {
  public:
    /// Up to `windows_max` lengths of a window are judged in one step, and what they reach back to.
    WindowJudge(sinks::Query& query, sinks::Judgements& judgements, base::Duration watermark_bound,
                std::int64_t windows_max)
        : query_(query),
          judgements_(judgements),
          watermark_bound_(watermark_bound),
          windows_max_(windows_max) {}

    /// The next step for windows that nothing was said of so far; nothing when there is none.
    base::Result<std::optional<sinks::JudgedStep>> advance(const sinks::JudgedSeries& series,
                                                           const sinks::JudgedSpan& reached);

    /// The next step for windows to be judged again; nothing when there is none.
    base::Result<std::optional<sinks::JudgedStep>> revise(const sinks::JudgedSeries& series,
                                                          const sinks::JudgedSpan& reached);

    /// What was read of gaps counts for one step of the judge: call it before each.
    void begin_step() { gaps_.reset(); }

    /// Rows read so far.
    std::size_t rows_read() const { return rows_read_; }

  private:
    struct Judged {
        std::vector<sinks::Judged> windows;
        views::Surroundings surroundings;
    };

    struct NodeGaps {
        std::string node;
        engine::DeclaredGaps gaps;
    };

    base::Result<const engine::DeclaredGaps*> gaps_of(const std::string& node);
    base::Result<Judged> judge(const sinks::JudgedSeries& series, base::Duration span,
                               sinks::TimeRange range);
    base::Result<base::EventTime> reach_back(const sinks::JudgedSeries& series, base::Duration span,
                                             base::EventTime from);
    base::Result<base::EventTime> reach_on(const sinks::JudgedSeries& series,
                                           const sinks::JudgedSpan& reached, base::EventTime to);
    /// The end of a step whose first row begins there.
    base::EventTime end_of_step(base::EventTime first, base::Duration span) const;
    base::EventTime settled(const sinks::JudgedSeries& series, base::Duration span) const;

    sinks::Query& query_;
    sinks::Judgements& judgements_;
    base::Duration watermark_bound_;
    std::int64_t windows_max_;
    std::optional<NodeGaps> gaps_;  // Of the last node that was asked for.
    std::size_t rows_read_ = 0;
};

}  // namespace judging
