#include "central/views/window_view.hpp"

#include <algorithm>

#include "central/engine/quality/assessment.hpp"
#include "central/views/json_values.hpp"

namespace views {

std::optional<double> value_of(const JudgedWindow& window, double wire::Summary::*member) {
    if (window.row.summary.count == 0) return std::nullopt;
    return window.row.summary.*member;
}

std::optional<double> mean_of(const JudgedWindow& window) {
    return mean_of(window.row);
}

std::optional<double> mean_of(const engine::WindowRow& row) {
    if (row.summary.count == 0) return std::nullopt;
    return row.mean();
}

const char* letter(engine::WindowState state) {
    switch (state) {
        case engine::WindowState::complete:
            return "c";
        case engine::WindowState::provisional:
            return "p";
        case engine::WindowState::known_gap:
            return "g";
        case engine::WindowState::nothing_due:
            return "n";
        case engine::WindowState::unclaimed:
            return "u";
        case engine::WindowState::only_wider:
            return "w";
    }
    return "";
}

const char* word(engine::WindowState state) {
    switch (state) {
        case engine::WindowState::complete:
            return "complete";
        case engine::WindowState::provisional:
            return "provisional";
        case engine::WindowState::known_gap:
            return "known_gap";
        case engine::WindowState::nothing_due:
            return "nothing_due";
        case engine::WindowState::unclaimed:
            return "unclaimed";
        case engine::WindowState::only_wider:
            return "only_wider";
    }
    return "";
}

JudgedWindow judge_row(const engine::SeriesRow& series, base::EventTime start, base::Duration span,
                       const engine::WindowRow& row, const Surroundings& surroundings,
                       const engine::Circumstances& circumstances) {
    auto assessment = engine::assess({.start = start,
                                      .span = span,
                                      .row = row,
                                      .around = surroundings.around(start),
                                      .is_coarse = surroundings.is_coarse(start)},
                                     series, circumstances);
    return {.start = start,
            .span = span,
            .row = row,
            .expected = assessment.judgement.expected,
            .state = assessment.judgement.state,
            .quality = assessment.quality,
            .causes = std::move(assessment.causes)};
}

std::vector<JudgedWindow> judge_range(const engine::SeriesRow& series, const WindowRows& rows,
                                      const Surroundings& surroundings, base::EventTime from,
                                      base::EventTime to,
                                      const engine::Circumstances& circumstances) {
    std::vector<JudgedWindow> windows;
    if (from < to) windows.reserve(static_cast<std::size_t>((to - from) / rows.span) + 1);
    auto row = rows.windows.begin();
    const auto end = rows.windows.end();
    for (auto start = from; start < to; start += rows.span) {
        while (row != end && row->first < start) ++row;
        const bool has_row = row != end && row->first == start;
        windows.push_back(judge_row(series, start, rows.span,
                                    has_row ? row->second : engine::WindowRow{}, surroundings,
                                    circumstances));
    }
    return windows;
}

void write_causes(base::JsonWriter& json, const std::vector<engine::Cause>& causes) {
    json.begin_array();
    for (const auto& cause : causes) {
        json.begin_object();
        write_cause_members(json, cause);
        json.end_object();
    }
    json.end_array();
}

std::string causes_text(const std::vector<engine::Cause>& causes) {
    base::JsonWriter json;
    write_causes(json, causes);
    return json.take();
}

void write_window(base::JsonWriter& json, const std::string& series, const JudgedWindow& window) {
    const auto number = [&](const char* name, double wire::Summary::*member) {
        json.key(name);
        write_number(json, value_of(window, member));
    };
    json.begin_object().member("s", series).member("t", base::to_milliseconds(window.start));
    json.member("w", std::int64_t{window.span.count()}).member("count", window.row.summary.count);
    json.member("failed", window.row.failed);
    json.key("expected");
    write_count(json, window.expected);
    number("min", &wire::Summary::min);
    number("max", &wire::Summary::max);
    number("first", &wire::Summary::first);
    number("last", &wire::Summary::last);
    json.key("mean");
    write_number(json, mean_of(window));
    json.member("state", letter(window.state)).key("quality");
    write_number(json, window.quality);
    json.member("rev", window.row.revision);
    if (!window.row.reasons.empty()) {
        json.key("reasons");
        write_reasons(json, window.row);
    }
    if (!window.causes.empty()) write_causes(json.key("causes"), window.causes);
    json.end_object();
}

void write_reasons(base::JsonWriter& json, const engine::WindowRow& row) {
    json.begin_object();
    for (const auto& [reason, readings] : row.reasons) json.member(reason, readings);
    json.end_object();
}

void write_cause_members(base::JsonWriter& json, const engine::Cause& cause) {
    json.member("cause", engine::to_text(cause.kind));
    if (!cause.reason.empty()) json.member("reason", cause.reason);
    json.key("readings");
    write_count(json, cause.readings);
    json.member("sentence", engine::sentence_of(cause));
}

}  // namespace views
