#include "central/judging/judge.hpp"

#include <utility>

namespace judging {

Judge::Judge(sinks::Judgements& judgements, sinks::Query& query, base::Counters& counters,
             const JudgeOptions& options)
    : judgements_(judgements),
      options_(options),
      windows_(query, judgements, options.watermark_bound, options.windows_max),
      judged_(counters.counter("leat_central_judged_windows_total",
                               "Windows judged, each as often as it was judged.")),
      rows_(counters.counter("leat_central_judging_rows_total", "Rows read to judge windows.")),
      behind_(counters.gauge("leat_central_judging_behind",
                             "Series that had windows to judge when last looked at.")) {}

void Judge::accept(const engine::Changes& changes) {
    is_awake_ = is_awake_ || !changes.nodes.empty() || !changes.windows.empty();
}

bool Judge::tick(base::Instant now) {
    if (now < resume_at_) return false;
    if (after_ == 0) {
        if (!is_awake_) return false;
        is_awake_ = false;
    }
    const auto is_over = step();
    if (!is_over) {
        // The sink says why to those who commit; all of it is found again.
        is_awake_ = true;
        after_ = 0;
        resume_at_ = now + options_.every;
        return false;
    }
    if (is_over.value()) end_round(now);
    return now >= resume_at_;
}

void Judge::end_round(base::Instant now) {
    behind_.set(static_cast<double>(found_));
    const bool was_idle = found_ == 0;
    found_ = 0;
    after_ = 0;
    is_awake_ = is_awake_ || !was_idle;
    if (was_idle) resume_at_ = now + options_.every;
}

/// True when every series had its turn.
base::Result<bool> Judge::step() {
    const auto due = judgements_.judged(after_, options_.series_max);
    if (!due) return due.error();
    std::vector<sinks::JudgedStep> steps;
    windows_.begin_step();
    const auto rows_before = windows_.rows_read();
    bool is_full = false;
    for (const auto& series : due.value()) {
        const auto steps_before = steps.size();
        if (auto judged = judge(series, steps); !judged) return judged.error();
        if (steps.size() > steps_before) ++found_;
        after_ = series.id;
        is_full = windows_.rows_read() - rows_before >= options_.rows_max;
        if (is_full) break;
    }
    rows_.add(windows_.rows_read() - rows_before);
    if (!steps.empty()) {
        if (auto written = judgements_.write(steps); !written) return written.error();
    }
    for (const auto& step : steps) judged_.add(step.windows.size());
    return !is_full && due.value().size() < options_.series_max;
}

base::Status Judge::judge(const sinks::JudgedSeries& series,
                          std::vector<sinks::JudgedStep>& steps) {
    for (const auto& span : series.spans) {
        auto reached = span;
        auto advanced = windows_.advance(series, reached);
        if (!advanced) return advanced.error();
        if (advanced.value()) {
            reached = advanced.value()->reached;
            steps.push_back(*std::move(advanced).value());
        }
        auto revised = windows_.revise(series, reached);
        if (!revised) return revised.error();
        if (revised.value()) steps.push_back(*std::move(revised).value());
    }
    return base::Done{};
}

}  // namespace judging
