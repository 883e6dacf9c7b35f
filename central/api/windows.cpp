#include "central/api/windows.hpp"

#include <algorithm>

#include "central/api/json_values.hpp"
#include "central/api/series.hpp"
#include "central/api/windows_question.hpp"

namespace api {

namespace {

/// A number of the window's readings, or nothing when it has none.
std::optional<double> of_readings(const JudgedWindow& window, double wire::Summary::*member) {
    if (window.row.summary.count == 0) return std::nullopt;
    return window.row.summary.*member;
}

std::optional<double> mean_of(const JudgedWindow& window) {
    const auto& summary = window.row.summary;
    if (summary.count == 0) return std::nullopt;
    return summary.sum / static_cast<double>(summary.count);
}

/// Writes "name":[…] with one entry a window.
template <class Write>
void write_column(base::JsonWriter& json, const char* name,
                  const std::vector<JudgedWindow>& windows, Write write) {
    json.key(name).begin_array();
    for (const auto& window : windows) write(window);
    json.end_array();
}

void write_columns(base::JsonWriter& json, const std::vector<JudgedWindow>& windows) {
    using Window = const JudgedWindow&;
    const auto number = [&](const char* name, double wire::Summary::*member) {
        write_column(json, name, windows,
                     [&](Window window) { write_number(json, of_readings(window, member)); });
    };
    write_column(json, "t", windows,
                 [&](Window window) { json.value(base::to_milliseconds(window.start)); });
    write_column(json, "count", windows,
                 [&](Window window) { json.value(window.row.summary.count); });
    write_column(json, "expected", windows,
                 [&](Window window) { write_count(json, window.expected); });
    number("min", &wire::Summary::min);
    number("max", &wire::Summary::max);
    number("first", &wire::Summary::first);
    number("last", &wire::Summary::last);
    write_column(json, "mean", windows,
                 [&](Window window) { write_number(json, mean_of(window)); });
    write_column(json, "state", windows, [&](Window window) { json.value(letter(window.state)); });
    write_column(json, "revision", windows,
                 [&](Window window) { json.value(window.row.revision); });
}

void write_gaps(base::JsonWriter& json, const std::vector<engine::GapRow>& gaps) {
    json.key("gaps").begin_array();
    for (std::size_t i = 0; i < std::min(gaps.size(), kGapsMax); ++i) {
        const auto& gap = gaps[i];
        json.begin_object().key("from");
        write_time(json, gap.first_at);
        json.key("to");
        write_time(json, gap.last_at);
        json.member("records", gap.to - gap.from + 1).key("readings");
        write_count(json, gap.readings);
        json.member("reason", gap.reason).end_object();
    }
    json.end_array();
}

/// What the store has to say about the question.
struct Material {
    engine::SeriesRow series;
    std::vector<std::pair<base::EventTime, engine::WindowRow>> rows;
    std::vector<engine::GapRow> gaps;
    std::optional<base::EventTime> watermark;
};

std::string answer(const WindowsQuestion& question, const Material& material,
                   const std::vector<JudgedWindow>& windows) {
    base::JsonWriter json;
    json.begin_object().member("series", question.series);
    json.member("unit", material.series.declared.unit);
    json.member("from", base::to_milliseconds(question.from));
    json.member("to", base::to_milliseconds(question.to));
    json.member("window_ms", std::int64_t{question.span.count()});
    write_columns(json, windows);
    write_gaps(json, material.gaps);
    json.key("watermark");
    write_time(json, material.watermark);
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
    return watermark_of(*row.value(), bound);
}

base::Result<Material> collect(sinks::Query& query, engine::SeriesRow series,
                               const WindowsQuestion& question, base::Duration watermark_bound) {
    Material material{.series = std::move(series), .rows = {}, .gaps = {}, .watermark = {}};
    const auto& node = material.series.node;
    const auto first = engine::window_start(question.from, question.span);
    auto rows = query.windows({.node = node,
                               .series = material.series.declared.series,
                               .span = question.span,
                               .from = first,
                               .to = question.to,
                               .rows_max = kWindowsMax});
    if (!rows) return rows.error();
    material.rows = std::move(rows).value();
    auto gaps = query.gaps(node, first, question.to);
    if (!gaps) return gaps.error();
    material.gaps = std::move(gaps).value();
    const auto watermark = find_watermark(query, node, watermark_bound);
    if (!watermark) return watermark.error();
    material.watermark = watermark.value();
    return material;
}

/// One entry for every window of the covered range, whether it has a row or not.
std::vector<JudgedWindow> fill(const Material& material, const CoveredRange& covered,
                               base::Duration span) {
    const GapSpans gaps{material.gaps};
    std::vector<JudgedWindow> windows;
    auto row = material.rows.begin();
    for (auto start = covered.from; start < covered.to; start += span) {
        while (row != material.rows.end() && row->first < start) ++row;
        const bool has_row = row != material.rows.end() && row->first == start;
        windows.push_back(judge_row(material.series, start, span,
                                    has_row ? row->second : engine::WindowRow{}, material.watermark,
                                    gaps));
    }
    return windows;
}

}  // namespace

JudgedWindow judge_row(const engine::SeriesRow& series, base::EventTime start, base::Duration span,
                       const engine::WindowRow& row, std::optional<base::EventTime> watermark,
                       const GapSpans& gaps) {
    JudgedWindow window{.start = start,
                        .span = span,
                        .row = row,
                        .expected = expected_readings(series, start, span)};
    window.state = judge({.start = start,
                          .span = span,
                          .count = row.summary.count,
                          .failed = row.failed,
                          .expected = window.expected},
                         watermark, gaps);
    return window;
}

void write_window(base::JsonWriter& json, const std::string& series, const JudgedWindow& window) {
    const auto number = [&](const char* name, double wire::Summary::*member) {
        json.key(name);
        write_number(json, of_readings(window, member));
    };
    json.begin_object().member("s", series).member("t", base::to_milliseconds(window.start));
    json.member("w", std::int64_t{window.span.count()}).member("count", window.row.summary.count);
    json.key("expected");
    write_count(json, window.expected);
    number("min", &wire::Summary::min);
    number("max", &wire::Summary::max);
    number("first", &wire::Summary::first);
    number("last", &wire::Summary::last);
    json.key("mean");
    write_number(json, mean_of(window));
    json.member("state", letter(window.state)).member("rev", window.row.revision).end_object();
}

std::variant<std::string, Problem> list_windows(sinks::Query& query, const Target& target,
                                                base::EventTime now,
                                                base::Duration watermark_bound) {
    auto parsed = parse_windows_question(target, now);
    if (auto* problem = std::get_if<Problem>(&parsed)) return std::move(*problem);
    auto& question = std::get<WindowsQuestion>(parsed);
    auto found = find_series(query, question.series);
    if (auto* problem = std::get_if<Problem>(&found)) return std::move(*problem);
    auto& series = std::get<engine::SeriesRow>(found);
    if (auto problem = settle_span(question, series)) return std::move(*problem);
    const auto covered = covered_range(question, series);
    const auto material = collect(query, std::move(series), question, watermark_bound);
    if (!material) return query_failed(material.error());
    return answer(question, material.value(), fill(material.value(), covered, question.span));
}

}  // namespace api
