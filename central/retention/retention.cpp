#include "central/retention/retention.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "base/log.hpp"

namespace retention {

namespace {

constexpr base::Duration kJump = std::chrono::hours{7 * 24};
constexpr base::Duration kDoubt = std::chrono::hours{24};

}  // namespace

Retention::Retention(sinks::KeptReadings& readings, sinks::KeptWindows& windows,
                     base::Counters& counters, RetentionOptions options)
    : readings_(readings),
      options_(std::move(options)),
      windows_(windows, counters, options_.keep_windows, options_.windows_max),
      removed_(counters.counter("leat_central_readings_outdated_total",
                                "Single readings removed because they were too old.")),
      failures_(counters.counter("leat_central_retention_errors_total",
                                 "Times that what is too old could not be removed.")) {}

bool Retention::tick(base::Instant now, base::EventTime time) {
    if (now < resume_at_) return false;
    const auto has_more = step(now, time);
    if (has_more && has_more.value()) return true;
    if (!has_more) {
        failures_.add();
        base::log_warn("what is too old cannot be removed", {{"reason", has_more.error().detail}});
    }
    after_ = 0;
    are_months_gone_ = false;
    are_readings_gone_ = false;
    windows_.begin();
    now_.reset();
    resume_at_ = now + options_.every;
    return false;
}

/// True when there is more in this round.
base::Result<bool> Retention::step(base::Instant now, base::EventTime time) {
    if (!now_) {
        const auto begun = begin_round(now, time);
        if (!begun) return begun.error();
        now_ = begun.value();
    }
    if (!now_) return false;
    if (!are_months_gone_) {
        const auto has_more = remove_month(*now_);
        if (!has_more || has_more.value()) return has_more;
        are_months_gone_ = true;
    }
    if (are_readings_gone_) return windows_.step(*now_);
    const auto has_more = remove_readings(*now_);
    if (!has_more) return has_more;
    are_readings_gone_ = !has_more.value();
    return true;
}

/// True when one went, of which no series keeps anything.
base::Result<bool> Retention::remove_month(base::EventTime now) {
    const auto quantities = readings_.kept_quantities();
    if (!quantities) return quantities.error();
    std::optional<base::Duration> most;
    for (const auto& quantity : quantities.value()) {
        const auto& age = options_.keep.keep(quantity).age;
        if (!age) return false;
        most = std::max(most.value_or(*age), *age);
    }
    if (!most) return false;
    const auto removed = readings_.remove_month(now - *most);
    if (!removed) return removed.error();
    if (!removed.value()) return false;
    removed_.add(removed.value()->readings);
    return true;
}

/// True when there are more.
base::Result<bool> Retention::remove_readings(base::EventTime now) {
    const auto series = readings_.kept_series(after_, options_.series_max);
    if (!series) return series.error();
    std::vector<sinks::Outdated> outdated;
    for (const auto& [id, quantity] : series.value()) {
        const auto& age = options_.keep.keep(quantity).age;
        if (age) outdated.push_back({.series = id, .before = now - *age, .now = now});
    }
    if (!outdated.empty()) {
        const auto removed = readings_.remove(outdated, options_.blocks_max);
        if (!removed) return removed.error();
        removed_.add(removed.value().readings);
        // The same series may have more.
        if (removed.value().blocks >= options_.blocks_max) return true;
    }
    if (series.value().size() < options_.series_max) return false;
    after_ = series.value().back().id;
    return true;
}

/// What time it is for this round; nothing when none begins.
base::Result<std::optional<base::EventTime>> Retention::begin_round(base::Instant now,
                                                                    base::EventTime time) {
    const auto newest = readings_.newest_arrival();
    if (!newest || !newest.value()) return newest;
    const auto last = readings_.last_removal();
    if (!last) return last;
    const auto reliable = std::min(time, *newest.value());
    if (!is_believed(now, reliable, last.value())) return std::optional<base::EventTime>{};
    if (auto noted = readings_.note_removal(reliable); !noted) return noted.error();
    return std::optional{reliable};
}

bool Retention::is_believed(base::Instant now, base::EventTime time,
                            const std::optional<base::EventTime>& last) {
    if (!last || time - *last <= kJump) {
        doubted_since_.reset();
        return true;
    }
    if (!doubted_since_) {
        doubted_since_ = now;
        base::log_warn(
            "the clock is far ahead of when readings were removed last; none are "
            "removed for a day",
            {{"ahead_s", (time - *last) / std::chrono::seconds{1}}});
    }
    return now - *doubted_since_ >= kDoubt;
}

}  // namespace retention
