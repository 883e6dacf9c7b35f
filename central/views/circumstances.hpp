#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "central/engine/changes.hpp"
#include "central/engine/quality/causes.hpp"
#include "central/sinks/query.hpp"
#include "central/views/node_presence.hpp"

namespace views {

/// What is known of the node of a series, to judge its windows by.
struct NodeFacts {
    std::optional<base::EventTime> watermark;
    std::uint64_t unplaced = 0;  // Records that wait for a clock.
    engine::Absence absence = engine::Absence::none;
};

/// `row` is null when the node has no record yet, `presence` when the broker says nothing of it.
/// A node is silent when the series has had no reading for more than three periods; nobody says so
/// where `now` is not known.
NodeFacts facts_of(const engine::NodeRow* row, const NodePresence* presence,
                   const engine::SeriesRow& series, std::optional<base::EventTime> now,
                   base::Duration watermark_bound);

/// Whether the broker says that the node is gone.
bool is_away(const NodePresence& presence);

/// What the broker says of a node, or null.
const NodePresence* presence_of(const NodePresences& presences, const std::string& node);

/// The gaps by which windows are explained: `gaps`, which are those of a range, and all others of
/// the node where some have no times, as others may tell of the same records.
base::Result<std::vector<engine::GapRow>> explaining_gaps(sinks::Query& query,
                                                          const std::string& node,
                                                          std::vector<engine::GapRow> gaps);

}  // namespace views
