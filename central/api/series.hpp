#pragma once

#include <string>
#include <variant>

#include "central/engine/changes.hpp"
#include "central/http/problem.hpp"
#include "central/http/target.hpp"
#include "central/sinks/query.hpp"
#include "central/views/node_presence.hpp"

namespace api {

/// The answer of /api/v1/series: one page of the series of a node, or of all nodes, with where each
/// is now; `location` and `tag` leave out the others. For an unknown node it is a problem that
/// suggests the most similar name.
std::variant<std::string, http::Problem> list_series(sinks::Query& query,
                                                     const views::NodePresences& presences,
                                                     const http::Target& target,
                                                     base::EventTime now);

/// A problem that suggests the most similar name when the node is not known. A known one may have
/// no series yet.
std::variant<std::monostate, http::Problem> missing_node(sinks::Query& query,
                                                         const views::NodePresences& presences,
                                                         const std::string& node);

/// The row of a series by its id, or a problem that suggests the most similar id.
std::variant<engine::SeriesRow, http::Problem> find_series(sinks::Query& query,
                                                           const std::string& id);

/// Whose items a list is to show; what is empty is not asked for.
struct Subject {
    std::string node;
    std::string series;  // Within the node.
};

/// Reads `node` and `series`. A node need not be known, as something may be said of one of which
/// nothing was ever stored; a series that is not is told: a mistyped one would look as if all were
/// well.
std::variant<Subject, http::Problem> parse_subject(sinks::Query& query, const http::Target& target);

}  // namespace api
