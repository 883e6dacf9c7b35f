#include <fmt/format.h>

#include "central/shell/question.hpp"
#include "central/shell/subjects.hpp"
#include "central/shell/table/times.hpp"
#include "central/views/series_view.hpp"

namespace shell {

namespace {

std::vector<Column> columns() {
    return {{.name = "id", .title = "series"},
            {.name = "node", .title = {}},
            {.name = "series", .title = {}},
            {.name = "quantity", .title = {}},
            {.name = "value", .title = "value"},
            {.name = "unit", .title = "unit"},
            {.name = "t", .title = "time"},
            {.name = "age_ms", .title = "age"},
            {.name = "ahead.t", .title = {}},
            {.name = "ahead.value", .title = {}},
            {.name = "ahead.readings", .title = "from the future", .is_rare = true}};
}

Row row_of(const engine::SeriesRow& row, base::EventTime now) {
    const auto& declared = row.declared;
    Row cells{views::series_id(row),
              row.node,
              declared.series,
              declared.quantity,
              {},
              declared.unit,
              {},
              {},
              {},
              {},
              {}};
    if (row.last_at) {
        cells[4] = shown_as(row.last_value, fmt::format("{}", row.last_value));
        cells[6] = *row.last_at;
        cells[7] = shown_as(now - *row.last_at, age_text(*row.last_at, now));
    }
    if (row.ahead) {
        cells[8] = row.ahead->at;
        cells[9] = row.ahead->value;
        cells[10] = row.ahead->readings;
    }
    return cells;
}

}  // namespace

Answer list_latest(const Question& question) {
    const auto rows = series_of_all(question.facts, words_of(question.command.option("what")));
    if (!rows) return rows.error();
    Table table{.facts = {{"now", question.facts.now}},
                .columns = columns(),
                .when_empty = "no series is known yet"};
    for (const auto& row : rows.value()) table.rows.push_back(row_of(row, question.facts.now));
    return table;
}

}  // namespace shell
