#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "central/views/node_view.hpp"

namespace views {

/// Something about a node that a person should look at.
struct Need {
    std::string code;  // For machines: "lost", "clock", "trouble", "quarantine", or a finding's.
    std::string sentence;
    std::optional<base::EventTime> since;  // Nothing when that is not known.
    std::optional<std::string> series{};   // "attic/climate.temperature" where it is one.
};

/// What a node needs, the most urgent first; empty when all is well.
std::vector<Need> needs_of(const NodeView& view);

void write_needs(base::JsonWriter& json, const std::vector<Need>& needs);

/// The node's alarms, and those of its last failures that still matter.
std::vector<std::string> trouble_of(const NodeView& view, const NodeDetails& details);

}  // namespace views
