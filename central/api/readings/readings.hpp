#pragma once

#include "central/engine/changes.hpp"
#include "central/http/message.hpp"
#include "central/http/target.hpp"
#include "central/sinks/query.hpp"

namespace api {

/// The answer of /api/v1/series/{id}/readings: the single readings of the series, as far as they
/// are kept, as JSON, CSV or NDJSON.
http::Response list_readings(sinks::Query& query, const engine::SeriesRow& series,
                             const http::Target& target, base::EventTime now);

}  // namespace api
