#pragma once

#include <string>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "central/api/common/paging.hpp"
#include "central/sinks/query.hpp"
#include "central/views/node_presence.hpp"

namespace api {

/// The answer of /api/v1/nodes: one page of the nodes that have records or a status, by name.
base::Result<std::string> list_nodes(sinks::Query& query, const views::NodePresences& presences,
                                     const PageQuestion& page, base::EventTime now);

}  // namespace api
