#include <fmt/format.h>

#include <utility>

#include "central/shell/question.hpp"
#include "central/shell/table/times.hpp"
#include "central/views/needs.hpp"
#include "central/views/node_view.hpp"

namespace shell {

namespace {

std::vector<Column> columns() {
    return {{.name = "node", .title = "node"},
            {.name = {}, .title = "last record"},
            {.name = "last_record", .title = "newest reading"},
            {.name = "clock", .title = "clock"},
            {.name = "unplaced_records", .title = "waiting"},
            {.name = "lost_records", .title = "lost"},
            {.name = "last_stored.inc", .title = "incarnation"},
            {.name = "last_stored.seq", .title = {}},
            {.name = "last_stored.at", .title = {}},
            {.name = "needs", .title = "needs", .is_prose = true}};
}

/// The sentence of each says which node it is about; here the row does.
Cell needs_cell(const std::string& node, std::vector<alerts::Symptom> needs) {
    const auto prefix = node + ": ";
    std::vector<std::string> sentences;
    for (const auto& need : needs) {
        const auto& sentence = need.sentence;
        sentences.push_back(sentence.starts_with(prefix) ? sentence.substr(prefix.size())
                                                         : sentence);
    }
    Cell cell;
    if (!needs.empty()) cell = fmt::format("{}", fmt::join(sentences, "; "));
    return with_json(std::move(cell), [needs = std::move(needs)](base::JsonWriter& json) {
        views::write_need_list(json, needs);
    });
}

base::Result<Row> row_of(const Question& question, const engine::NodeRow& node) {
    const auto series = question.facts.query.series(node.node);
    if (!series) return series.error();
    views::NodeView view{.node = node.node, .row = &node, .series = {}};
    for (const auto& row : series.value()) view.series.push_back(&row);
    if (auto added = views::add_stored(view, question.facts.query, question.facts.now); !added) {
        return added.error();
    }
    Row row{node.node,
            {},
            node.newest,
            std::string{wire::to_text(node.clock)},
            node.unplaced,
            node.lost_records,
            {},
            {},
            {},
            needs_cell(node.node, views::needs_of(view))};
    if (node.applied.seq == 0) return row;  // Nothing of it is stored yet.
    row[1] = age_text(node.stored_at, question.facts.now);
    row[6] = wire::to_text(node.incarnation);
    row[7] = node.applied.seq;
    row[8] = node.stored_at;
    return row;
}

}  // namespace

Answer list_nodes(const Question& question) {
    const auto nodes = question.facts.query.nodes();
    if (!nodes) return nodes.error();
    Table table{.facts = {{"now", question.facts.now}},
                .columns = columns(),
                .when_empty = "no node has a record in the database yet"};
    for (const auto& node : nodes.value()) {
        auto row = row_of(question, node);
        if (!row) return row.error();
        table.rows.push_back(std::move(row).value());
    }
    return table;
}

}  // namespace shell
