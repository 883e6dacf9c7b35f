#pragma once

#include <string>
#include <variant>
#include <vector>

#include "base/clock.hpp"
#include "central/alerts/core/archive.hpp"
#include "central/http/problem.hpp"
#include "central/http/target.hpp"
#include "central/sinks/query.hpp"

namespace api {

/// The parameters of /api/v1/alerts.
std::vector<http::Parameter> alert_parameters();

/// Answers with alerts, the newest first; `next` gives those before them when passed as `after`.
/// Without an archive there are none.
std::variant<std::string, http::Problem> list_alerts(alerts::Archive* archive, sinks::Query& query,
                                                     const http::Target& target,
                                                     base::EventTime now);

}  // namespace api
