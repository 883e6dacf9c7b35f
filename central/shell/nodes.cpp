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
            {.name = "needs", .title = "needs"},
            {.name = "last_stored.inc", .title = "incarnation"},
            {.name = "last_stored.seq", .title = {}},
            {.name = "last_stored.at", .title = {}}};
}

/// People see how many there are, as the sentences stand below the table.
Cell needs_cell(const std::vector<alerts::Symptom>& needs) {
    std::vector<std::string> sentences;
    for (const auto& need : needs) sentences.push_back(need.sentence);
    Cell cell;
    if (!needs.empty()) {
        cell = shown_as(fmt::format("{}", fmt::join(sentences, "; ")),
                        fmt::format("{}", needs.size()));
    }
    return with_json(std::move(cell),
                     [needs](base::JsonWriter& json) { views::write_need_list(json, needs); });
}

void add_notes(const std::vector<alerts::Symptom>& needs, Table& table) {
    for (const auto& need : needs) {
        table.notes.push_back(need.sentence);
        if (!need.advice.empty()) table.notes.push_back("  " + need.advice);
    }
}

base::Status add_node(const Question& question, const engine::NodeRow& node, Table& table) {
    const auto series = question.facts.query.series(node.node);
    if (!series) return series.error();
    views::NodeView view{.node = node.node, .row = &node, .series = {}};
    for (const auto& row : series.value()) view.series.push_back(&row);
    if (auto added = views::add_stored(view, question.facts.query, question.facts.now); !added) {
        return added.error();
    }
    const auto needs = views::needs_of(view);
    Row row{node.node,
            {},
            node.newest,
            std::string{wire::to_text(node.clock)},
            node.unplaced,
            node.lost_records,
            needs_cell(needs),
            {},
            {},
            {}};
    if (node.applied.seq > 0) {
        row[1] = age_text(node.stored_at, question.facts.now);
        row[7] = wire::to_text(node.incarnation);
        row[8] = node.applied.seq;
        row[9] = node.stored_at;
    }
    table.rows.push_back(std::move(row));
    add_notes(needs, table);
    return base::Done{};
}

}  // namespace

Answer list_nodes(const Question& question) {
    const auto nodes = question.facts.query.nodes();
    if (!nodes) return nodes.error();
    Table table{.facts = {{"now", question.facts.now}},
                .columns = columns(),
                .when_empty = "no node has a record in the database yet"};
    for (const auto& node : nodes.value()) {
        if (auto added = add_node(question, node, table); !added) return added.error();
    }
    return table;
}

}  // namespace shell
