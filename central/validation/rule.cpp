#include "central/validation/rule.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/settings.hpp"

namespace validation {

namespace {

template <class Value>
void replace(std::optional<Value>& value, const std::optional<Value>& later) {
    if (later) value = later;
}

bool is_in_time(const Rule& rule, const Circumstances& around, base::EventTime at) {
    if (rule.not_before && at < *rule.not_before) return false;
    return !rule.ahead || at <= around.received + *rule.ahead;
}

bool is_in_range(const Rule& rule, double value) {
    return (!rule.least || value >= *rule.least) && (!rule.most || value <= *rule.most);
}

bool is_allowed(const Rule& rule, double value) {
    return rule.values.empty() ||
           std::find(rule.values.begin(), rule.values.end(), value) != rule.values.end();
}

bool is_step_small(const Rule& rule, const Circumstances& around, const Point& point) {
    if (!rule.step || !around.before) return true;
    const auto since = point.at - around.before->at;
    if (since < base::Duration::zero() || since > rule.step_within.value_or(kStepWithin)) {
        return true;
    }
    return std::abs(point.value - around.before->value) <= *rule.step;
}

bool is_unit_right(const Rule& rule, const Circumstances& around) {
    return !rule.unit || !around.unit || *around.unit == *rule.unit;
}

std::string explain_time(const Rule& rule, const Circumstances& around, base::EventTime at) {
    if (rule.not_before && at < *rule.not_before) return "its time is before all that may be";
    return fmt::format("its time is {} ahead of its arrival",
                       base::duration_text(at - around.received));
}

}  // namespace

void Rule::add(const Rule& later) {
    replace(unit, later.unit);
    replace(least, later.least);
    replace(most, later.most);
    replace(step, later.step);
    replace(step_within, later.step_within);
    replace(not_before, later.not_before);
    replace(ahead, later.ahead);
    if (!later.values.empty()) values = later.values;
}

std::optional<Breach> breach_of(const Rule& rule, const Circumstances& around, const Point& point) {
    if (!is_unit_right(rule, around)) return Breach::unit;
    if (!is_in_time(rule, around, point.at)) return Breach::time;
    if (!is_in_range(rule, point.value)) return Breach::range;
    if (!is_allowed(rule, point.value)) return Breach::value;
    if (!is_step_small(rule, around, point)) return Breach::step;
    return std::nullopt;
}

std::optional<Breach> breach_of(const Rule& rule, const Circumstances& around,
                                base::EventTime start, const wire::Summary& summary) {
    if (!is_unit_right(rule, around)) return Breach::unit;
    if (!is_in_time(rule, around, start)) return Breach::time;
    for (const double value : {summary.min, summary.max}) {
        if (!is_in_range(rule, value)) return Breach::range;
    }
    for (const double value : {summary.min, summary.max}) {
        if (!is_allowed(rule, value)) return Breach::value;
    }
    return std::nullopt;
}

std::string explain(Breach breach, const Rule& rule, const Circumstances& around,
                    const Point& point) {
    switch (breach) {
        case Breach::unit:
            return fmt::format("it is in \"{}\", not in \"{}\"", around.unit.value_or(""),
                               rule.unit.value_or(""));
        case Breach::time:
            return explain_time(rule, around, point.at);
        case Breach::range:
            return rule.least && point.value < *rule.least
                       ? fmt::format("{} is less than {}", point.value, *rule.least)
                       : fmt::format("{} is more than {}", point.value, rule.most.value_or(0));
        case Breach::value:
            return fmt::format("{} is none of {}", point.value, fmt::join(rule.values, ", "));
        case Breach::step:
            return fmt::format("{} is more than {} from the {} before it", point.value,
                               rule.step.value_or(0), around.before.value_or(Point{}).value);
    }
    return {};
}

}  // namespace validation
