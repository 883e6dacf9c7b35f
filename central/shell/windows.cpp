#include "central/api/windows.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>

#include "central/shell/moment.hpp"
#include "central/shell/question.hpp"
#include "central/shell/subjects.hpp"
#include "central/shell/table/times.hpp"
#include "central/views/series_view.hpp"
#include "central/views/window_view.hpp"

namespace shell {

namespace {

using base::Error;
using base::Fault;

/// Where no span is named it is the shortest of which so many fit on a screen.
constexpr const char* kPoints = "15";  // Each is worth four windows.

std::vector<Column> columns() {
    return {{.name = "t", .title = "start"},
            {.name = "count", .title = "count"},
            {.name = "expected", .title = "expected"},
            {.name = "failed", .title = "failed"},
            {.name = "mean", .title = "mean"},
            {.name = "min", .title = "min"},
            {.name = "max", .title = "max"},
            {.name = "p50", .title = "p50", .is_rare = true},
            {.name = "p90", .title = "p90", .is_rare = true},
            {.name = "state", .title = "state"},
            {.name = "quality", .title = "quality"},
            {.name = "causes", .title = "causes", .is_prose = true}};
}

base::Result<http::Target> target_of(const Question& question) {
    http::Target target{.path = {},
                        .query = {{"series", question.command.option("series")},
                                  {"points", kPoints},
                                  {"quantiles", "p50,p90"}}};
    for (const std::string name : {"from", "to"}) {
        const auto time =
            parse_moment(question.command.option(name), question.facts.now, question.zone);
        if (!time) return Error{Fault::misconfigured, "--" + name + ": " + time.error().detail};
        target.query.emplace_back(name, std::to_string(base::to_milliseconds(time.value())));
    }
    const auto& span = question.command.option("span");
    if (!span.empty()) target.query.emplace_back("span", span);
    return target;
}

/// How many rows may be shown; as many as there are when nothing is said.
base::Result<std::size_t> limit_of(const std::string& text) {
    if (text.empty()) return api::kWindowsMax;
    std::size_t limit = 0;
    const auto* const end = text.data() + text.size();
    const auto parsed = std::from_chars(text.data(), end, limit);
    if (parsed.ec == std::errc{} && parsed.ptr == end && limit > 0) return limit;
    return Error{Fault::misconfigured, "--limit needs a number: --limit 24"};
}

Cell state_cell(engine::WindowState state) {
    std::string word = views::word(state);
    auto shown = word;
    std::replace(shown.begin(), shown.end(), '_', ' ');
    return shown_as(std::move(word), std::move(shown));
}

Cell causes_cell(const std::vector<engine::Cause>& causes) {
    std::vector<std::string> sentences;
    for (const auto& cause : causes) sentences.push_back(engine::sentence_of(cause));
    Cell cell;
    if (!causes.empty()) cell = fmt::format("{}", fmt::join(sentences, "; "));
    return with_json(std::move(cell),
                     [causes](base::JsonWriter& json) { views::write_causes(json, causes); });
}

Cell quality_cell(const std::optional<double>& quality) {
    return quality ? shown_as(*quality, fmt::format("{:.3f}", *quality)) : Cell{};
}

Row row_of(const views::JudgedWindow& window) {
    return {window.start,
            window.row.summary.count,
            window.expected,
            window.row.failed,
            views::mean_of(window),
            views::value_of(window, &wire::Summary::min),
            views::value_of(window, &wire::Summary::max),
            window.row.quantile(0.5),
            window.row.quantile(0.9),
            state_cell(window.state),
            quality_cell(window.quality),
            causes_cell(window.causes)};
}

Table table_of(const api::FoundWindows& found) {
    const auto& declared = found.material.series.declared;
    const auto& asked = found.question;
    const auto what = declared.quantity.empty()
                          ? std::string{}
                          : fmt::format("{} in {}, ", declared.quantity, declared.unit);
    return {
        .heading = fmt::format("{}: {}windows of {}", asked.series, what, length_text(asked.span)),
        .facts = {{"series", asked.series},
                  {"quantity", declared.quantity},
                  {"unit", declared.unit},
                  {"from", asked.from},
                  {"to", asked.to},
                  {"window_ms", asked.span}},
        .columns = columns(),
        .when_empty = asked.series +
                      " has nothing there; leat-central series shows from when "
                      "to when it has readings"};
}

}  // namespace

Answer list_windows(const Question& question) {
    const auto limit = limit_of(question.command.option("limit"));
    if (!limit) return limit.error();
    const auto series = one_series(question.facts, question.command.option("series"));
    if (!series) return series.error();
    const auto target = target_of(question);
    if (!target) return target.error();
    const auto answer = api::find_windows(question.facts, target.value());
    if (const auto* problem = std::get_if<http::Problem>(&answer)) return error_of(*problem);
    const auto& found = std::get<api::FoundWindows>(answer);
    auto table = table_of(found);
    const auto all = found.windows.size();
    const auto left_off = all - std::min(all, limit.value());
    for (auto i = left_off; i < all; ++i) table.rows.push_back(row_of(found.windows[i]));
    if (left_off > 0)
        table.remark = fmt::format("the newest {} of {} windows", all - left_off, all);
    return table;
}

}  // namespace shell
