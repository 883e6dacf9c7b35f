#include "central/engine/window.hpp"

#include <algorithm>

#include "base/ensure.hpp"

namespace engine {

base::EventTime window_start(base::EventTime t, base::Duration span) {
    ENSURE(span > base::Duration::zero());
    auto within = t.time_since_epoch() % span;
    if (within < base::Duration::zero()) within += span;  // % rounds towards zero, windows do not.
    return t - within;
}

void WindowRow::merge(const Run& run, bool with_sketch) {
    if (run.summary.count == 0) return;
    if (summary.count == 0) {
        summary = run.summary;
        if (with_sketch) sketch = run.sketch;
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
    if (!sketch) return;
    if (run.sketch) {
        sketch->merge(*run.sketch);
    } else {
        sketch.reset();
    }
}

namespace {

/// Where the reason is, or belongs.
auto place_of(std::vector<FailureCount>& reasons, const std::string& reason) {
    const auto is_before = [](const FailureCount& one, const std::string& other) {
        return one.reason < other;
    };
    return std::lower_bound(reasons.begin(), reasons.end(), reason, is_before);
}

}  // namespace

void WindowRow::fail(const std::string& reason, std::uint64_t readings) {
    failed += readings;
    const auto place = place_of(reasons, reason);
    if (place != reasons.end() && place->reason == reason) {
        place->readings += readings;
    } else if (reasons.size() + 1 < kReasonsMax || reason == kOtherReason) {
        reasons.insert(place, {.reason = reason, .readings = readings});
    } else {
        failed -= readings;
        fail(kOtherReason, readings);
    }
}

/// What is not under its own name was one reason too many.
std::vector<std::string> WindowRow::heal(const std::string& reason, std::uint64_t readings) {
    std::vector<std::string> gone;
    for (const auto& name : {reason, std::string{kOtherReason}}) {
        const auto place = place_of(reasons, name);
        if (place == reasons.end() || place->reason != name) continue;
        const auto taken = std::min({place->readings, readings, failed});
        place->readings -= taken;
        readings -= taken;
        failed -= taken;
        if (place->readings > 0) continue;
        gone.push_back(name);
        reasons.erase(place);
    }
    return gone;
}

void WindowRow::add(const WindowRow& other) {
    merge({.first_at = other.first_at,
           .last_at = other.last_at,
           .summary = other.summary,
           .sketch = other.sketch});
    const auto sum = failed + other.failed;
    for (const auto& [reason, readings] : other.reasons) fail(reason, readings);
    failed = sum;  // Some may have come without a reason.
    late += other.late;
    revision += other.revision;
}

double WindowRow::mean() const {
    return std::clamp(summary.sum / static_cast<double>(summary.count), summary.min, summary.max);
}

std::optional<double> WindowRow::rate_per_hour() const {
    if (summary.count < 2 || last_at <= first_at) return std::nullopt;
    using Hours = std::chrono::duration<double, std::ratio<3600>>;
    return (summary.last - summary.first) / Hours{last_at - first_at}.count();
}

std::optional<double> WindowRow::quantile(double q) const {
    if (summary.count == 0 || !sketch) return std::nullopt;
    if (q <= 0) return summary.min;
    if (q >= 1) return summary.max;
    return std::clamp(sketch->quantile(q), summary.min, summary.max);
}

}  // namespace engine
