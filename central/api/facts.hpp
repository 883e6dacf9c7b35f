#pragma once

#include "base/clock.hpp"
#include "central/sinks/query.hpp"
#include "central/views/node_presence.hpp"

namespace api {

/// What answers about series are made from.
struct Facts {
    sinks::Query& query;
    const views::NodePresences& presences;
    base::EventTime now;
    base::Duration watermark_bound{};  // The engine's.
};

}  // namespace api
