#pragma once

#include <chrono>
#include <optional>

#include "base/clock.hpp"
#include "central/engine/changes.hpp"

namespace engine {

/// How long after its newest event time a node may still send older readings without their being
/// late, unless configured otherwise.
constexpr base::Duration kWatermarkBound = std::chrono::seconds{10};

/// The node's watermark: its newest event time less the bound. Everything before it counts as
/// known. Nothing while the node has no event time.
std::optional<base::EventTime> watermark_of(const NodeRow& node, base::Duration bound);

/// Raises the node's newest event time to `at`. Never call it with a time in the future: a wrong
/// clock would make everything after it late.
void advance(NodeRow& node, base::EventTime at);

/// Whether the watermark has passed a window that ends there.
bool has_passed(std::optional<base::EventTime> watermark, base::EventTime end);

}  // namespace engine
