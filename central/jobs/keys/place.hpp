#pragma once

#include <string>
#include <vector>

#include "base/clock.hpp"
#include "broker/paho_connection.hpp"
#include "central/engine/watermark.hpp"
#include "central/retention/keep.hpp"
#include "central/sinks/access/address.hpp"

namespace jobs {

/// What every job needs of the rest of the configuration.
struct Place {
    sinks::Address database;            // Of the sink.
    std::vector<base::Duration> spans;  // Of its windows.
    retention::KeepReadings keep{};     // How long single readings are.
    base::Duration watermark_bound = engine::kWatermarkBound;

    // For jobs that bring readings, as a node does:
    broker::PahoOptions broker{};
    std::string topic_root = "leat/v1";
    std::size_t series_max = 64;         // That central takes of a node.
    const base::Clock* clock = nullptr;  // None where no job runs.
};

}  // namespace jobs
