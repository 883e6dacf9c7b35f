#include "central/engine/watermark.hpp"

#include <algorithm>

namespace engine {

std::optional<base::EventTime> watermark_of(const NodeRow& node, base::Duration bound) {
    if (!node.newest) return std::nullopt;
    return *node.newest - bound;
}

void advance(NodeRow& node, base::EventTime at) {
    node.newest = node.newest ? std::max(*node.newest, at) : at;
}

bool has_passed(std::optional<base::EventTime> watermark, base::EventTime end) {
    return watermark && end <= *watermark;
}

}  // namespace engine
