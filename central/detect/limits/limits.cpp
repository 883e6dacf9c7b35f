#include "central/detect/limits/limits.hpp"

#include <fmt/format.h>

#include <cmath>
#include <type_traits>

#include "central/detect/core/phrase.hpp"

namespace detect::limits {

static_assert(std::is_trivially_copyable_v<Limits>);

namespace {

/// The reading of the window that lies furthest outside; nothing when none does.
std::optional<double> furthest_outside(const Rule& rule, const Glimpse& window) {
    const double above = rule.high ? window.most - *rule.high : -1;
    const double below = rule.low ? *rule.low - window.least : -1;
    if (above <= 0 && below <= 0) return std::nullopt;
    return above >= below ? window.most : window.least;
}

bool is_well_inside(const Rule& rule, const Glimpse& window) {
    const double margin = rule.margin.value_or(0);
    return !(rule.high && window.most > *rule.high - margin) &&
           !(rule.low && window.least < *rule.low + margin);
}

double distance(const Rule& rule, double value) {
    if (rule.high && value > *rule.high) return value - *rule.high;
    return rule.low && value < *rule.low ? *rule.low - value : 0;
}

}  // namespace

void Rule::add(const Rule& later) {
    if (later.low) low = later.low;
    if (later.high) high = later.high;
    if (later.step) step = later.step;
    if (later.margin) margin = later.margin;
}

void Limits::see(const Subject& subject, const Rule& rule, const Glimpse& window,
                 std::vector<Finding>& findings) {
    see_range(subject, rule, window, findings);
    if (rule.step) see_step(subject, *rule.step, window, findings);
    has_before_ = true;
    before_ = window.last;
    before_at_ = window.last_at;
}

/// Silence never ends it: only a reading inside does, or one when the limit is set no more.
void Limits::see_range(const Subject& subject, const Rule& rule, const Glimpse& window,
                       std::vector<Finding>& findings) {
    if (const auto value = furthest_outside(rule, window)) {
        const auto at = window.time_of(*value);
        if (!outside_.is_open()) outside_.open(at, at, *value);
        if (distance(rule, *value) > distance(rule, outside_.value())) outside_.note(at, *value);
        outside_.go_on(window.last_at);
    } else if (outside_.is_open() && is_well_inside(rule, window)) {
        outside_.close(window.first_at);
    } else {
        return;
    }
    findings.push_back(outside(subject, rule));
}

Finding Limits::outside(const Subject& subject, const Rule& rule) const {
    auto finding = outside_.finding(Code::limit);
    const bool is_above = rule.high && finding.value > *rule.high;
    if (!rule.low && !rule.high) {
        finding.sentence =
            fmt::format("{}: {} at {}; the limit that it broke is set no more", subject.name,
                        value_text(finding.value, subject.unit), clock_text(finding.at));
        return finding;
    }
    const double limit = is_above ? *rule.high : rule.low.value_or(rule.high.value_or(0));
    finding.sentence = fmt::format("{}: {} at {}; {} the limit of {} since {}", subject.name,
                                   value_text(finding.value, subject.unit), clock_text(finding.at),
                                   is_above ? "above" : "below", value_text(limit, subject.unit),
                                   time_text(finding.from));
    if (finding.ended) {
        finding.sentence +=
            fmt::format(", back inside after {}", length_text(*finding.ended - finding.from));
    }
    finding.parameters = {{"limit", limit}};
    return finding;
}

void Limits::see_step(const Subject& subject, double step, const Glimpse& window,
                      std::vector<Finding>& findings) {
    double jump = window.most - window.least;
    auto at = window.time_of(window.most);
    double to = window.most;
    // Readings that are far apart may differ.
    const auto near = subject.period.value_or(base::Duration{0}) * 3 / 2 + Episode::kSoon;
    if (has_before_ && window.first_at - before_at_ <= near &&
        std::abs(window.first - before_) >= jump) {
        jump = std::abs(window.first - before_);
        at = window.first_at;
        to = window.first;
    }
    if (jump <= step) return;
    step_.open(at, at, to);
    step_.note(at, to);
    step_.close(window.last_at);
    auto finding = step_.finding(Code::step);
    finding.sentence = fmt::format("{}: {} at {}; {} from one reading to the next, {} is allowed",
                                   subject.name, value_text(to, subject.unit), clock_text(at),
                                   value_text(jump, subject.unit), value_text(step, subject.unit));
    finding.parameters = {{"jump", jump}, {"allowed", step}};
    findings.push_back(std::move(finding));
}

}  // namespace detect::limits
