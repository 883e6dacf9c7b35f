#pragma once

#include <string>
#include <vector>

#include "base/json.hpp"
#include "central/alerts/core/symptom.hpp"
#include "central/views/node_view.hpp"

namespace views {

/// What a node needs, the most urgent first; empty when all is well. The alerts are made from the
/// same list.
std::vector<alerts::Symptom> needs_of(const NodeView& view);

/// The member "needs", and its value alone.
void write_needs(base::JsonWriter& json, const std::vector<alerts::Symptom>& needs);
void write_need_list(base::JsonWriter& json, const std::vector<alerts::Symptom>& needs);

/// The node's alarms, and those of its last failures that still matter.
std::vector<std::string> trouble_of(const NodeView& view, const NodeDetails& details);

}  // namespace views
