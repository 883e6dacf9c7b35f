#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/clock.hpp"
#include "base/counters.hpp"
#include "base/result.hpp"
#include "central/engine/changes.hpp"
#include "central/engine/watermark.hpp"
#include "central/judging/window_judge.hpp"
#include "central/sinks/judging/judgements.hpp"
#include "central/sinks/query.hpp"

namespace judging {

struct JudgeOptions {
    /// How often it looks for new work, at most. What is found is done without a pause.
    base::Duration every = std::chrono::seconds{1};

    /// Series looked at, and rows read, in a step; the last series of a step may read more.
    std::size_t series_max = 1'000;
    std::size_t rows_max = 3'000;

    /// Lengths of a window judged of a series at once.
    std::int64_t windows_max = 1'500;

    base::Duration watermark_bound = engine::kWatermarkBound;  // The engine's.
};

/// Stores with every window how far it can be believed, how good it is, and why no better: once the
/// watermark has passed it, and again whenever something changes by which it is judged. Takes the
/// series in turn, so that a long history keeps none from its turn. Never waits, and keeps nothing
/// that a crash could lose: what is to be done is in the database.
class Judge {
  public:
    Judge(sinks::Judgements& judgements, sinks::Query& query, base::Counters& counters,
          const JudgeOptions& options = {});

    /// Something was committed. Call it after the commit.
    void accept(const engine::Changes& changes);

    /// One bounded step. Call it when there is nothing more urgent. True when there is more to do
    /// at once.
    bool tick(base::Instant now);

  private:
    base::Result<bool> step();
    base::Status judge(const sinks::JudgedSeries& series, std::vector<sinks::JudgedStep>& steps);
    void end_round(base::Instant now);

    sinks::Judgements& judgements_;
    JudgeOptions options_;
    WindowJudge windows_;
    base::Counter& judged_;
    base::Counter& rows_;
    base::Counter& behind_;
    bool is_awake_ = true;    // Something may have to be judged.
    std::int64_t after_ = 0;  // The series after which the next step goes on.
    std::size_t found_ = 0;   // Series of this round that had something to judge.
    base::Instant resume_at_{};
};

}  // namespace judging
