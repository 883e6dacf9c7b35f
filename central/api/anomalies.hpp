#pragma once

#include <string>
#include <variant>
#include <vector>

#include "base/clock.hpp"
#include "central/http/problem.hpp"
#include "central/http/target.hpp"
#include "central/sinks/query.hpp"

namespace api {

/// The parameters of /api/v1/anomalies.
std::vector<http::Parameter> anomaly_parameters();

/// Answers with findings, the newest first; `next` gives those before them when passed as `after`.
std::variant<std::string, http::Problem> list_anomalies(sinks::Query& query,
                                                        const http::Target& target,
                                                        base::EventTime now);

}  // namespace api
