#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "central/api/node_presence.hpp"
#include "central/api/paging.hpp"
#include "central/api/problem.hpp"
#include "central/engine/changes.hpp"
#include "central/sinks/query.hpp"

namespace api {

/// "attic/climate.temperature".
std::string series_id(const engine::SeriesRow& row);

/// The answer of /api/v1/series: the series of a node, or of all nodes when it is empty, a page of
/// them. A node that nobody knows is a problem that names the nearest.
std::variant<std::string, Problem> list_series(sinks::Query& query, const NodePresences& presences,
                                               const std::string& node, const PageQuestion& page,
                                               base::EventTime now);

/// The row of a series by its id, or a problem that names the nearest.
std::variant<engine::SeriesRow, Problem> find_series(sinks::Query& query, const std::string& id);

/// 404, naming the nearest of what there is. `kind` is "node" or "series".
Problem not_known(const std::string& kind, const std::string& name,
                  const std::vector<std::string>& known);

}  // namespace api
