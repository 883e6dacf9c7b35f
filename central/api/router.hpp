#pragma once

#include <span>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/counters.hpp"
#include "central/alerts/core/archive.hpp"
#include "central/api/facts.hpp"
#include "central/api/health.hpp"
#include "central/api/jobs/jobs.hpp"
#include "central/engine/watermark.hpp"
#include "central/http/host_policy.hpp"
#include "central/http/message.hpp"
#include "central/http/static_files.hpp"
#include "central/http/target.hpp"
#include "central/live/event_log.hpp"
#include "central/sinks/query.hpp"
#include "central/views/node_presence.hpp"

namespace api {

/// What the resources are made from. All of it must outlive the router and its streams.
struct Sources {
    sinks::Query& query;
    const views::NodePresences& presences;
    const Health& health;
    const base::Counters& counters;
    const base::Clock& clock;
    live::EventLog& events;
    std::span<const http::Asset> assets;
    alerts::Archive* alerts = nullptr;  // None: there are no alerts.
    JobFacts jobs{};
};

struct RouterOptions {
    /// Names that requests may be meant for, beside the loopback ones.
    std::vector<std::string> hosts;
    std::size_t subscribers_max = 64;
    base::Duration watermark_bound = engine::kWatermarkBound;  // The engine's.
};

/// Answers every request. Knows no socket: all it needs is in the request.
class Router {
  public:
    Router(Sources sources, const RouterOptions& options);

    http::Response answer(const http::Request& request);

  private:
    using Resource = http::Response (Router::*)(const http::Request&, const http::Target&);
    struct Route {
        std::string path;  // "{id}" in it stands for any text.
        std::vector<http::Parameter> parameters;
        Resource resource;
    };

    static const std::vector<Route>& routes();

    http::Response nodes(const http::Request& request, const http::Target& target);
    http::Response series(const http::Request& request, const http::Target& target);
    http::Response statistics(const http::Request& request, const http::Target& target);
    http::Response readings(const http::Request& request, const http::Target& target);
    http::Response windows(const http::Request& request, const http::Target& target);
    http::Response alerts(const http::Request& request, const http::Target& target);
    http::Response anomalies(const http::Request& request, const http::Target& target);
    http::Response runs(const http::Request& request, const http::Target& target);
    http::Response visits(const http::Request& request, const http::Target& target);
    http::Response events(const http::Request& request, const http::Target& target);
    http::Response healthz(const http::Request& request, const http::Target& target);
    http::Response metrics(const http::Request& request, const http::Target& target);
    http::Response other(const http::Request& request, const http::Target& target) const;

    Facts facts() const;

    Sources sources_;
    RouterOptions options_;
    http::HostPolicy hosts_;
};

}  // namespace api
