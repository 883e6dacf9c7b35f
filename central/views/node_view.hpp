#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "base/json.hpp"
#include "central/dimensions/statement.hpp"
#include "central/engine/changes.hpp"
#include "central/engine/quality/brackets.hpp"
#include "central/sinks/query.hpp"
#include "central/views/node_presence.hpp"

namespace views {

/// Everything that is known of a node. A pointer is null where nothing is known.
struct NodeView {
    std::string node;
    const engine::NodeRow* row = nullptr;
    const NodePresence* presence = nullptr;
    std::vector<const engine::SeriesRow*> series;
    std::vector<sinks::QuarantineCount> quarantined{};
    std::vector<engine::Bracket> unplaced{};                    // Boots that records wait for.
    std::map<std::string, dimensions::Situation> situations{};  // Of its series, now.
    std::optional<sinks::PlacedBoot> placed{};
    std::vector<std::pair<std::string, detect::Finding>> open{};  // Findings, by series.
};

/// Open findings of a node, and boots that records wait for, that are shown with it.
constexpr std::size_t kOpenFindingsMax = 1'000;
constexpr std::size_t kWaitingBootsMax = 50;

/// Adds to the view what the store knows of the node beside its rows: its quarantine, its open
/// findings, what waits for a clock, and where its series are now. Fails as the query does.
base::Status add_stored(NodeView& view, sinks::Query& query, base::EventTime now);

/// An item of the node list, and the data of a `node` event.
void write_node(base::JsonWriter& json, const NodeView& view);

}  // namespace views
