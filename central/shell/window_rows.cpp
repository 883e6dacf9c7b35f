#include "central/shell/window_rows.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace shell {

namespace {

Cell state_cell(engine::WindowState state) {
    std::string word = views::word(state);
    auto shown = word;
    std::replace(shown.begin(), shown.end(), '_', ' ');
    return shown_as(std::move(word), std::move(shown));
}

Cell quality_cell(const std::optional<double>& quality) {
    return quality ? shown_as(*quality, fmt::format("{:.3f}", *quality)) : Cell{};
}

Cell causes_cell(const std::vector<engine::Cause>& causes) {
    std::vector<std::string> sentences;
    for (const auto& cause : causes) sentences.push_back(engine::sentence_of(cause));
    Cell cell;
    if (!causes.empty()) cell = fmt::format("{}", fmt::join(sentences, "; "));
    return with_json(std::move(cell),
                     [causes](base::JsonWriter& json) { views::write_causes(json, causes); });
}

}  // namespace

std::vector<Column> window_columns() {
    return {{.name = "count", .title = "count"},
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

Row window_row(const views::JudgedWindow& window) {
    return {window.row.summary.count,
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

}  // namespace shell
