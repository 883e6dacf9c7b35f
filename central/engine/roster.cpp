#include "central/engine/roster.hpp"

namespace engine {

base::Result<Node*> Roster::node(const std::string& name) {
    const auto known = nodes_.find(name);
    if (known != nodes_.end()) return &known->second;
    auto row = memory_.node(name);
    if (!row) return row.error();
    auto series = memory_.series(name);
    if (!series) return series.error();
    auto& node = nodes_[name];
    node.row = std::move(row).value().value_or(NodeRow{.node = name,
                                                       .incarnation = {},
                                                       .applied = {},
                                                       .stored_at = {},
                                                       .newest = {},
                                                       .clock = {},
                                                       .lost_records = 0});
    for (auto& stored : std::move(series).value()) add(node, std::move(stored));
    return &node;
}

const Node* Roster::find(std::string_view name) const {
    const auto known = nodes_.find(name);
    return known == nodes_.end() ? nullptr : &known->second;
}

Series& Roster::add(Node& node, SeriesRow row) {
    const auto id = static_cast<std::uint32_t>(series_.size());
    auto& series = series_.emplace_back(Series{.id = id, .row = std::move(row)});
    node.series.emplace(series.row.declared.series, &series);
    return series;
}

Series* Roster::series(Node& node, const std::string& name, std::size_t series_max) {
    const auto known = node.series.find(name);
    if (known != node.series.end()) return known->second;
    if (node.series.size() >= series_max) return nullptr;
    SeriesRow row;
    row.node = node.row.node;
    row.declared.series = name;
    return &add(node, std::move(row));
}

void Roster::touch(Node& node) {
    if (node.changed) return;
    node.changed = true;
    changed_nodes_.push_back(&node);
}

void Roster::touch(Series& series) {
    if (series.changed) return;
    series.changed = true;
    changed_series_.push_back(&series);
}

void Roster::take_changes(Changes& changes) {
    for (auto* node : changed_nodes_) {
        node->changed = false;
        changes.nodes.insert_or_assign(node->row.node, node->row);
    }
    for (auto* series : changed_series_) {
        series->changed = false;
        changes.series.insert_or_assign({series->row.node, series->row.declared.series},
                                        series->row);
    }
    changed_nodes_.clear();
    changed_series_.clear();
}

void Roster::forget() {
    nodes_.clear();
    series_.clear();
    changed_nodes_.clear();
    changed_series_.clear();
}

}  // namespace engine
