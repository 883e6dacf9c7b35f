#include "central/api/series.hpp"

#include "central/api/problems.hpp"
#include "central/views/series_view.hpp"

namespace api {

namespace {

/// A problem when the node is not known. A known one may have no series yet.
std::variant<std::monostate, http::Problem> missing_node(sinks::Query& query,
                                                         const views::NodePresences& presences,
                                                         const std::string& node) {
    if (presences.contains(node)) return {};
    const auto row = query.node(node);
    if (!row) return query_failed(row.error());
    if (row.value()) return {};
    const auto rows = query.nodes({.after = {}, .limit = kComparedNamesMax + 1});
    if (!rows) return query_failed(rows.error());
    std::vector<std::string> names;
    for (const auto& one : rows.value()) names.push_back(one.node);
    for (const auto& [name, presence] : presences) names.push_back(name);
    auto problem = not_known("node", node, names);
    return problem;
}

}  // namespace

std::variant<std::string, http::Problem> list_series(sinks::Query& query,
                                                     const views::NodePresences& presences,
                                                     const std::string& node,
                                                     const PageQuestion& page,
                                                     base::EventTime now) {
    auto found = query.series(node, {.after = page.after, .limit = page.limit + 1});
    if (!found) return query_failed(found.error());
    auto rows = std::move(found).value();
    if (rows.empty() && !node.empty()) {
        auto missing = missing_node(query, presences, node);
        if (auto* problem = std::get_if<http::Problem>(&missing)) return std::move(*problem);
    }
    base::JsonWriter json;
    json.begin_object().member("now", base::to_milliseconds(now)).key("items").begin_array();
    const bool more = rows.size() > page.limit;
    if (more) rows.pop_back();
    for (const auto& row : rows) views::write_series(json, row);
    json.end_array();
    const auto last = more ? views::series_id(rows.back()) : std::string{};
    write_next(json, more ? &last : nullptr);
    json.end_object();
    return json.take();
}

std::variant<engine::SeriesRow, http::Problem> find_series(sinks::Query& query,
                                                           const std::string& id) {
    const auto rows = query.series(id.substr(0, id.find('/')));
    if (!rows) return query_failed(rows.error());
    for (const auto& row : rows.value()) {
        if (views::series_id(row) == id) return row;
    }
    const auto all = query.series({}, {.after = {}, .limit = kComparedNamesMax + 1});
    if (!all) return query_failed(all.error());
    std::vector<std::string> ids;
    for (const auto& row : all.value()) ids.push_back(views::series_id(row));
    return not_known("series", id, ids);
}

}  // namespace api
