#pragma once

#include <string>

namespace sinks {

/// What makes the views that answer what people ask first: v_pipeline_health and
/// v_anomaly_trends_7d, and v_completeness where windows of a day are kept. They need all tables.
std::string overview_views(bool has_days);

}  // namespace sinks
