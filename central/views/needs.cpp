#include "central/views/needs.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <string_view>

#include "central/views/json_values.hpp"

namespace views {

namespace {

/// Whether every series of the sensor that has a period is as new as it should be, apart from three
/// misses: some sensors fail now and then, and that is no trouble. A node says of a failure up to
/// half a minute later.
bool is_fresh(const NodeView& view, std::string_view sensor, base::EventTime failed_at) {
    const auto newest = view.row != nullptr && view.row->newest
                            ? std::max(*view.row->newest, failed_at)
                            : failed_at;
    bool has_any = false;
    for (const auto* series : view.series) {
        const auto& [name, period] =
            std::pair{std::string_view{series->declared.series}, series->declared.period};
        if (!period || !name.starts_with(sensor) || name.substr(sensor.size()).find('.') != 0) {
            continue;
        }
        has_any = true;
        const auto patience = 3 * *period + std::chrono::seconds{30};
        if (!series->last_at || newest - *series->last_at > patience) return false;
    }
    return has_any;
}

/// The broker's word: a node that sleeps, or is only starting, is well.
void add_presence(const NodeView& view, std::vector<Need>& needs) {
    if (view.presence == nullptr) return;
    const auto add = [&](const char* code, const char* what) {
        needs.push_back({.code = code,
                         .sentence = fmt::format("{}: {}", view.node, what),
                         .since = view.presence->since});
    };
    if (view.presence->state == wire::NodeState::lost) {
        add("lost", "the broker lost it: no power, no network, or its program died");
    }
    if (view.presence->state == wire::NodeState::disconnected) {
        add("disconnected", "it was stopped, and sends nothing");
    }
}

/// Whether what comes of the series now comes from the future. One reading that did is no need.
bool comes_ahead(const engine::SeriesRow& series, const engine::NodeRow* row) {
    constexpr auto kPatience = std::chrono::minutes{10};
    if (!series.ahead || row == nullptr || series.ahead->at <= row->stored_at) return false;
    return !series.last_at || row->stored_at - *series.last_at > kPatience;
}

void add_clock(const NodeView& view, std::vector<Need>& needs) {
    const bool has_details = view.presence != nullptr && view.presence->details;
    const auto clock = has_details ? std::optional{view.presence->details->clock}
                                   : std::optional<wire::ClockState>{};
    const auto add = [&](std::string sentence, std::optional<base::EventTime> since) {
        needs.push_back({.code = "clock", .sentence = std::move(sentence), .since = since});
    };
    if (clock == wire::ClockState::boot) {
        add(fmt::format("{}: its clock was never set since it started; its readings wait to be "
                        "placed in time",
                        view.node),
            view.presence->since);
    }
    const auto is_ahead = [&](const auto* series) { return comes_ahead(*series, view.row); };
    const auto series = std::find_if(view.series.begin(), view.series.end(), is_ahead);
    if (series == view.series.end()) return;
    add(fmt::format("{}: its clock is ahead: readings come from the future", view.node), {});
}

void add_trouble(const NodeView& view, std::vector<Need>& needs) {
    if (view.presence == nullptr || !view.presence->details) return;
    const auto& details = *view.presence->details;
    for (const auto& text : trouble_of(view, details)) {
        needs.push_back({.code = "trouble",
                         .sentence = fmt::format("{}: {}", view.node, text),
                         .since = details.failed_at});
    }
}

/// Other records in quarantine are past and gone, but this goes on until somebody does something.
void add_quarantine(const NodeView& view, std::vector<Need>& needs) {
    for (const auto& [reason, records, detail] : view.quarantined) {
        if (reason != "series_limit") continue;
        needs.push_back(
            {.code = "quarantine",
             .sentence = fmt::format("{}: {} {} could not be used: {}", view.node, records,
                                     records == 1 ? "record" : "records", detail),
             .since = {}});
    }
}

/// A notice is for who looks; it needs nobody.
void add_findings(const NodeView& view, std::vector<Need>& needs) {
    for (const auto& [series, finding] : view.open) {
        if (finding.severity == detect::Severity::notice) continue;
        needs.push_back({.code = std::string{detect::to_text(finding.code)},
                         .sentence = finding.sentence,
                         .since = finding.from,
                         .series = view.node + "/" + series});
    }
}

}  // namespace

std::vector<std::string> trouble_of(const NodeView& view, const NodeDetails& details) {
    auto trouble = details.alarms;
    if (!details.failed_at) return trouble;
    for (const auto& fault : details.faults) {
        const bool is_told = std::find(trouble.begin(), trouble.end(), fault) != trouble.end();
        const auto sensor = std::string_view{fault}.substr(0, fault.find(": "));
        if (!is_told && !is_fresh(view, sensor, *details.failed_at)) trouble.push_back(fault);
    }
    return trouble;
}

std::vector<Need> needs_of(const NodeView& view) {
    std::vector<Need> needs;
    add_presence(view, needs);
    add_clock(view, needs);
    add_trouble(view, needs);
    add_findings(view, needs);
    add_quarantine(view, needs);
    return needs;
}

void write_needs(base::JsonWriter& json, const std::vector<Need>& needs) {
    json.key("needs").begin_array();
    for (const auto& need : needs) {
        json.begin_object().member("code", need.code).member("sentence", need.sentence);
        json.key("since");
        write_time(json, need.since);
        if (need.series) json.member("series", *need.series);
        json.end_object();
    }
    json.end_array();
}

}  // namespace views
