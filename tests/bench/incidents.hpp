#pragma once

#include <string>
#include <vector>

#include "base/clock.hpp"
#include "central/sinks/database_sink.hpp"

namespace bench {

/// What is known already when something happens.
struct Past {
    base::EventTime from;
    base::EventTime to;
    std::vector<std::string> series;  // "attic/climate.temperature"
};

/// Writes 400 findings, gaps, records in quarantine, alerts and runs of jobs each, evenly over that
/// time and over the series, as central does. The last five findings and alerts are open.
void add_incidents(const Past& past, const sinks::Address& address, sinks::DatabaseSink& sink);

}  // namespace bench
