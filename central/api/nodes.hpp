#pragma once

#include <string>
#include <vector>

#include "base/json.hpp"
#include "base/result.hpp"
#include "central/api/node_presence.hpp"
#include "central/api/paging.hpp"
#include "central/engine/changes.hpp"
#include "central/sinks/query.hpp"

namespace api {

/// Everything that one item of the node list is made from; a pointer is null where nothing is
/// known.
struct NodeView {
    std::string node;
    const engine::NodeRow* row = nullptr;
    const NodePresence* presence = nullptr;
    std::vector<const engine::SeriesRow*> series;
};

/// One item of the list, also the data of a `node` event.
void write_node(base::JsonWriter& json, const NodeView& view);

/// The answer of /api/v1/nodes: the nodes that have records or a status, by name, a page of them.
base::Result<std::string> list_nodes(sinks::Query& query, const NodePresences& presences,
                                     const PageQuestion& page, base::EventTime now);

}  // namespace api
