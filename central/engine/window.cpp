#include "central/engine/window.hpp"

#include "base/ensure.hpp"

namespace engine {

base::EventTime window_start(base::EventTime t, base::Duration span) {
    ENSURE(span > base::Duration::zero());
    auto within = t.time_since_epoch() % span;
    if (within < base::Duration::zero()) within += span;  // % rounds towards zero, windows do not.
    return t - within;
}

void WindowRow::merge(const Run& run) {
    if (run.summary.count == 0) return;
    if (summary.count == 0) {
        summary = run.summary;
        first_at = run.first_at;
        last_at = run.last_at;
        return;
    }
    const bool begins = run.first_at < first_at;
    const bool ends = run.last_at >= last_at;
    const auto before = summary;
    summary.append(run.summary);
    summary.first = begins ? run.summary.first : before.first;
    summary.last = ends ? run.summary.last : before.last;
    if (begins) first_at = run.first_at;
    if (ends) last_at = run.last_at;
}

void WindowRow::add(const WindowRow& other) {
    merge({.first_at = other.first_at, .last_at = other.last_at, .summary = other.summary});
    failed += other.failed;
    late += other.late;
    revision += other.revision;
}

}  // namespace engine
