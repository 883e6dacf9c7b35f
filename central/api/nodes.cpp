#include "central/api/nodes.hpp"

#include <iterator>
#include <map>

#include "central/views/node_view.hpp"

namespace api {

base::Result<std::string> list_nodes(sinks::Query& query, const views::NodePresences& presences,
                                     const PageQuestion& page, base::EventTime now) {
    // One more of each than is shown: this shows whether there are more.
    const auto rows = query.nodes({.after = page.after, .limit = page.limit + 1});
    if (!rows) return rows.error();
    std::map<std::string, views::NodeView> views;
    for (const auto& row : rows.value()) views[row.node].row = &row;
    auto presence = presences.upper_bound(page.after);
    for (std::size_t i = 0; i <= page.limit && presence != presences.end(); ++i, ++presence) {
        views[presence->first].presence = &presence->second;
    }
    const bool more = views.size() > page.limit;
    if (more)
        views.erase(std::next(views.begin(), static_cast<std::ptrdiff_t>(page.limit)), views.end());
    base::JsonWriter json;
    json.begin_object().member("now", base::to_milliseconds(now)).key("items").begin_array();
    for (auto& [node, view] : views) {
        const auto series = query.series(node);
        if (!series) return series.error();
        view.node = node;
        if (auto added = views::add_stored(view, query, now); !added) return added.error();
        for (const auto& row : series.value()) view.series.push_back(&row);
        views::write_node(json, view);
        view.series.clear();
    }
    json.end_array();
    write_next(json, more ? &views.rbegin()->first : nullptr);
    json.end_object();
    return json.take();
}

}  // namespace api
