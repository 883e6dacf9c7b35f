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

using alerts::Symptom;
using Needs = std::vector<Symptom>;

Symptom need(const NodeView& view, const char* code, std::string_view what,
             std::optional<base::EventTime> since, const char* advice) {
    return {.code = code,
            .node = view.node,
            .sentence = fmt::format("{}: {}", view.node, what),
            .advice = advice,
            .since = since};
}

/// The broker's word: a node that sleeps, or is only starting, is well. One that is away is not
/// silent as well.
void add_presence(const NodeView& view, Needs& needs) {
    const auto& [state, since, details, signs] = *view.presence;
    if (state == wire::NodeState::lost) {
        needs.push_back(need(view, "lost",
                             "the broker lost it: no power, no network, or its program died", since,
                             "look whether it has power and network; on the node: systemctl status "
                             "leat-agent. It keeps its readings and sends them when it is back"));
    } else if (state == wire::NodeState::disconnected) {
        needs.push_back(need(view, "disconnected", "it was stopped, and sends nothing", since,
                             "on the node: systemctl start leat-agent; or leat-central forget, if "
                             "it is gone for good"));
    } else if (signs.silent_since) {
        needs.push_back(need(view, "node_silent",
                             "it is connected, and yet no record has come for far longer than its "
                             "series need",
                             signs.silent_since,
                             "on the node: journalctl -u leat-agent, and leat-agent probe"));
    }
}

/// Whether what comes of the series now comes from the future. One reading that did is no need.
bool comes_ahead(const engine::SeriesRow& series, const engine::NodeRow* row) {
    constexpr auto kPatience = std::chrono::minutes{10};
    if (!series.ahead || row == nullptr || series.ahead->at <= row->stored_at) return false;
    return !series.last_at || row->stored_at - *series.last_at > kPatience;
}

void add_clock(const NodeView& view, Needs& needs) {
    constexpr const char* kAdvice = "on the node: timedatectl timesync-status";
    const auto* presence = view.presence;
    const bool has_details = presence != nullptr && presence->details;
    if (has_details && presence->details->clock == wire::ClockState::boot) {
        needs.push_back(need(view, "clock",
                             "its clock was never set since it started; its readings wait to be "
                             "placed in time",
                             presence->since, kAdvice));
    }
    const auto is_ahead = [&](const auto* series) { return comes_ahead(*series, view.row); };
    if (std::none_of(view.series.begin(), view.series.end(), is_ahead)) return;
    needs.push_back(
        need(view, "clock", "its clock is ahead: readings come from the future", {}, kAdvice));
}

/// What a node says of a sensor whose reads are known to fail is no need of its own.
bool is_told_as_failing(const NodeView& view, std::string_view trouble) {
    const auto sensor = std::string{trouble.substr(0, trouble.find(": "))} + ".";
    return std::any_of(view.open.begin(), view.open.end(), [&](const auto& open) {
        return open.second.code == detect::Code::failing && open.first.starts_with(sensor);
    });
}

void add_trouble(const NodeView& view, Needs& needs) {
    constexpr std::uint64_t kCardDays = 30;
    const auto& details = *view.presence->details;
    for (const auto& text : trouble_of(view, details)) {
        if (is_told_as_failing(view, text)) continue;
        needs.push_back(need(view, "trouble", text, details.failed_at, ""));
    }
    if (!details.disk_days_left || *details.disk_days_left > kCardDays) return;
    const auto text = fmt::format("its card is worn out in {} days, at the pace at which it writes",
                                  *details.disk_days_left);
    needs.push_back(need(view, "card", text, {},
                         "replace the card, and copy nothing by hand: a "
                         "new one begins anew"));
}

void add_signs(const NodeView& view, Needs& needs) {
    const auto& signs = view.presence->signs;
    if (signs.doubled_since) {
        needs.push_back(need(view, "two_nodes",
                             "two nodes seem to have this name, or its card was copied",
                             signs.doubled_since,
                             "give one of them another name ([node] name), and an outbox of its "
                             "own"));
    }
    if (signs.outbox_grows_since && view.presence->details) {
        const auto text = fmt::format("{} records wait in its outbox, and they become more",
                                      view.presence->details->outbox_records);
        needs.push_back(need(view, "outbox", text, signs.outbox_grows_since,
                             "it sends less than it measures, or is not acknowledged: look at its "
                             "network, and at the bridge"));
    }
    if (signs.refused_since) {
        const auto text = fmt::format("ever more of its records are set aside: {}", signs.refused);
        needs.push_back(
            need(view, "quarantine", text, signs.refused_since, "leat-central quarantine list"));
    }
}

/// Other records in quarantine are past and gone, but this goes on until somebody does something.
void add_quarantine(const NodeView& view, Needs& needs) {
    for (const auto& [reason, records, detail] : view.quarantined) {
        if (reason != "series_limit") continue;
        const auto text = fmt::format("{} {} could not be used: {}", records,
                                      records == 1 ? "record" : "records", detail);
        needs.push_back(need(view, "quarantine", text, {}, "raise [limits] series_per_node"));
    }
}

/// What fails gives no readings either: that is one need, and the failure says why.
bool is_explained(const NodeView& view, const std::string& series, const detect::Finding& finding) {
    if (finding.code != detect::Code::silent) return false;
    return std::any_of(view.open.begin(), view.open.end(), [&](const auto& other) {
        return other.first == series && other.second.code == detect::Code::failing;
    });
}

/// A notice is for who looks; it needs nobody.
void add_findings(const NodeView& view, Needs& needs) {
    for (const auto& [series, finding] : view.open) {
        if (finding.severity == detect::Severity::notice) continue;
        if (is_explained(view, series, finding)) continue;
        needs.push_back({.code = std::string{detect::to_text(finding.code)},
                         .node = view.node,
                         .series = series,
                         .severity = finding.severity,
                         .sentence = finding.sentence,
                         .since = finding.from});
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

Needs needs_of(const NodeView& view) {
    Needs needs;
    if (view.presence != nullptr) add_presence(view, needs);
    add_clock(view, needs);
    if (view.presence != nullptr && view.presence->details) add_trouble(view, needs);
    if (view.presence != nullptr) add_signs(view, needs);
    add_findings(view, needs);
    add_quarantine(view, needs);
    return needs;
}

void write_needs(base::JsonWriter& json, const Needs& needs) {
    write_need_list(json.key("needs"), needs);
}

void write_need_list(base::JsonWriter& json, const Needs& needs) {
    json.begin_array();
    for (const auto& need : needs) {
        json.begin_object().member("code", need.code).member("sentence", need.sentence);
        json.key("since");
        write_time(json, need.since);
        if (!need.advice.empty()) json.member("advice", need.advice);
        if (!need.series.empty()) json.member("series", need.node + "/" + need.series);
        json.end_object();
    }
    json.end_array();
}

}  // namespace views
