#include "central/api/windows.hpp"

#include <algorithm>

#include "central/api/problems.hpp"
#include "central/api/series.hpp"
#include "central/api/windows_question.hpp"
#include "central/engine/watermark.hpp"
#include "central/views/json_values.hpp"
#include "central/views/surroundings.hpp"
#include "central/views/window_rows.hpp"
#include "central/views/window_view.hpp"

namespace api {

namespace {

/// Writes "name":[…] with one entry a window.
template <class Write>
void write_column(base::JsonWriter& json, const char* name,
                  const std::vector<views::JudgedWindow>& windows, Write write) {
    json.key(name).begin_array();
    for (const auto& window : windows) write(window);
    json.end_array();
}

void write_columns(base::JsonWriter& json, const std::vector<views::JudgedWindow>& windows,
                   const std::vector<std::pair<std::string, double>>& quantiles) {
    using Window = const views::JudgedWindow&;
    const auto number = [&](const char* name, double wire::Summary::*member) {
        write_column(json, name, windows, [&](Window window) {
            views::write_number(json, views::value_of(window, member));
        });
    };
    write_column(json, "t", windows,
                 [&](Window window) { json.value(base::to_milliseconds(window.start)); });
    write_column(json, "count", windows,
                 [&](Window window) { json.value(window.row.summary.count); });
    write_column(json, "expected", windows,
                 [&](Window window) { views::write_count(json, window.expected); });
    write_column(json, "failed", windows, [&](Window window) { json.value(window.row.failed); });
    number("min", &wire::Summary::min);
    number("max", &wire::Summary::max);
    number("first", &wire::Summary::first);
    number("last", &wire::Summary::last);
    write_column(json, "mean", windows,
                 [&](Window window) { views::write_number(json, views::mean_of(window)); });
    for (const auto& [name, share] : quantiles) {
        write_column(json, name.c_str(), windows, [&, share = share](Window window) {
            views::write_number(json, window.row.quantile(share));
        });
    }
    write_column(json, "state", windows,
                 [&](Window window) { json.value(views::letter(window.state)); });
    write_column(json, "revision", windows,
                 [&](Window window) { json.value(window.row.revision); });
}

/// Only of windows in which readings failed, and only when there are any.
void write_failures(base::JsonWriter& json, const std::vector<views::JudgedWindow>& windows) {
    const auto has_reasons = [](const auto& window) { return !window.row.reasons.empty(); };
    if (std::none_of(windows.begin(), windows.end(), has_reasons)) return;
    json.key("reasons").begin_array();
    for (const auto& window : windows) {
        if (!has_reasons(window)) continue;
        json.begin_object().member("t", base::to_milliseconds(window.start)).key("failed");
        views::write_reasons(json, window.row);
        json.end_object();
    }
    json.end_array();
}

void write_gaps(base::JsonWriter& json, const std::vector<engine::GapRow>& gaps) {
    json.key("gaps").begin_array();
    for (std::size_t i = 0; i < std::min(gaps.size(), kGapsMax); ++i) {
        const auto& gap = gaps[i];
        json.begin_object().key("from");
        views::write_time(json, gap.first_at);
        json.key("to");
        views::write_time(json, gap.last_at);
        json.member("records", gap.to - gap.from + 1).key("readings");
        views::write_count(json, gap.readings);
        json.member("reason", gap.reason).end_object();
    }
    json.end_array();
}

/// What the store holds for the question.
struct Material {
    engine::SeriesRow series;
    CoveredRange covered;
    views::WindowRows rows;
    std::vector<engine::GapRow> gaps;
    std::optional<base::EventTime> watermark;
};

std::string answer(const WindowsQuestion& question, const Material& material,
                   const std::vector<views::JudgedWindow>& windows) {
    base::JsonWriter json;
    json.begin_object().member("series", question.series);
    json.member("quantity", material.series.declared.quantity);
    json.member("unit", material.series.declared.unit);
    json.member("from", base::to_milliseconds(question.from));
    json.member("to", base::to_milliseconds(question.to));
    json.member("window_ms", std::int64_t{question.span.count()});
    write_columns(json, windows, question.quantiles);
    write_failures(json, windows);
    write_gaps(json, material.gaps);
    json.key("watermark");
    views::write_time(json, material.watermark);
    const auto left_off = material.gaps.size() - std::min(material.gaps.size(), kGapsMax);
    json.member("truncated", left_off > 0).member("left_off", std::uint64_t{left_off});
    json.end_object();
    return json.take();
}

base::Result<std::optional<base::EventTime>> find_watermark(sinks::Query& query,
                                                            const std::string& node,
                                                            base::Duration bound) {
    const auto row = query.node(node);
    if (!row) return row.error();
    if (!row.value()) return std::optional<base::EventTime>{};
    return engine::watermark_of(*row.value(), bound);
}

base::Result<Material> collect(sinks::Query& query, const engine::SeriesRow& series,
                               const WindowsQuestion& question, base::Duration watermark_bound) {
    Material material{.series = series, .covered = {}, .rows = {}, .gaps = {}, .watermark = {}};
    const auto covered = covered_with_failures(query, question, series);
    if (!covered) return covered.error();
    material.covered = covered.value();
    auto rows = views::read_rows(query, series, question.span, material.covered.from,
                                 material.covered.to, kWindowsMax, !question.quantiles.empty());
    if (!rows) return rows.error();
    material.rows = std::move(rows).value();
    auto gaps =
        query.gaps(series.node, engine::window_start(question.from, question.span), question.to);
    if (!gaps) return gaps.error();
    material.gaps = std::move(gaps).value();
    const auto watermark = find_watermark(query, series.node, watermark_bound);
    if (!watermark) return watermark.error();
    material.watermark = watermark.value();
    return material;
}

/// One entry for every window of the covered range, whether it has a row or not.
std::vector<views::JudgedWindow> fill(const Material& material,
                                      const views::Surroundings& surroundings) {
    const engine::GapSpans gaps{material.gaps};
    const auto span = material.rows.span;
    std::vector<views::JudgedWindow> windows;
    auto row = material.rows.windows.begin();
    const auto end = material.rows.windows.end();
    for (auto start = material.covered.from; start < material.covered.to; start += span) {
        while (row != end && row->first < start) ++row;
        const bool has_row = row != end && row->first == start;
        windows.push_back(views::judge_row(material.series, start, span,
                                           has_row ? row->second : engine::WindowRow{},
                                           surroundings, material.watermark, gaps));
    }
    return windows;
}

}  // namespace

std::variant<std::string, http::Problem> list_windows(sinks::Query& query,
                                                      const http::Target& target,
                                                      base::EventTime now,
                                                      base::Duration watermark_bound) {
    auto parsed = parse_windows_question(target, now);
    if (auto* problem = std::get_if<http::Problem>(&parsed)) return std::move(*problem);
    auto& question = std::get<WindowsQuestion>(parsed);
    auto found = find_series(query, question.series);
    if (auto* problem = std::get_if<http::Problem>(&found)) return std::move(*problem);
    auto& series = std::get<engine::SeriesRow>(found);
    const bool is_chosen = question.span != base::Duration::zero();
    const auto stored = query.spans();
    if (!stored) return query_failed(stored.error());
    if (auto problem = choose_span(question, series, stored.value())) return std::move(*problem);
    auto material = collect(query, series, question, watermark_bound);
    if (!material) return query_failed(material.error());
    views::Surroundings surroundings{material.value().rows};
    if (!is_chosen && surroundings.are_most_coarse()) {
        question.span = views::kWideSpan;
        material = collect(query, series, question, watermark_bound);
        if (!material) return query_failed(material.error());
        surroundings = views::Surroundings{material.value().rows};
    }
    return answer(question, material.value(), fill(material.value(), surroundings));
}

}  // namespace api
