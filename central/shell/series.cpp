#include <map>
#include <utility>

#include "central/shell/question.hpp"
#include "central/shell/subjects.hpp"
#include "central/views/series_view.hpp"

namespace shell {

namespace {

using Situations = std::map<std::string, dimensions::Situation>;

std::vector<Column> columns() {
    return {{.name = "id", .title = "series"},
            {.name = "node", .title = {}},
            {.name = "series", .title = {}},
            {.name = "quantity", .title = "quantity"},
            {.name = "unit", .title = "unit"},
            {.name = "driver", .title = {}},
            {.name = "period_ms", .title = "period"},
            {.name = "readings", .title = "readings"},
            {.name = "first", .title = "first"},
            {.name = "last", .title = "last"},
            {.name = "location", .title = "location", .is_rare = true},
            {.name = "tags", .title = "tags", .is_rare = true, .is_prose = true}};
}

/// What was never declared is not known, rather than empty.
Cell known(const std::string& text) {
    return text.empty() ? Cell{} : Cell{text};
}

Row row_of(const engine::SeriesRow& row, const dimensions::Situation& situation) {
    const auto& declared = row.declared;
    auto tags = with_json(situation.tags.empty() ? Cell{} : Cell{situation.tags},
                          [tags = situation.tags](base::JsonWriter& json) {
                              json.begin_array();
                              for (const auto& tag : tags) json.value(std::string_view{tag});
                              json.end_array();
                          });
    return {views::series_id(row),
            row.node,
            declared.series,
            known(declared.quantity),
            known(declared.unit),
            known(declared.driver),
            declared.period,
            row.readings,
            row.first_at,
            row.last_at,
            known(situation.location),
            std::move(tags)};
}

}  // namespace

Answer list_series(const Question& question) {
    const auto rows = series_of_all(question.facts, words_of(question.command.option("node")));
    if (!rows) return rows.error();
    Table table{.facts = {{"now", question.facts.now}},
                .columns = columns(),
                .when_empty = "no series is known yet"};
    std::map<std::string, Situations> nodes;
    for (const auto& row : rows.value()) {
        auto known = nodes.find(row.node);
        if (known == nodes.end()) {
            auto read = question.facts.query.situations(row.node, question.facts.now);
            if (!read) return read.error();
            known = nodes.emplace(row.node, std::move(read).value()).first;
        }
        table.rows.push_back(row_of(row, known->second[row.declared.series]));
    }
    return table;
}

}  // namespace shell
