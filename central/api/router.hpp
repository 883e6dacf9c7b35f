#pragma once

#include <functional>
#include <span>
#include <string>

#include "base/clock.hpp"
#include "base/counters.hpp"
#include "central/api/assets.hpp"
#include "central/api/completeness.hpp"
#include "central/api/event_log.hpp"
#include "central/api/health.hpp"
#include "central/api/host_policy.hpp"
#include "central/api/message.hpp"
#include "central/api/node_presence.hpp"
#include "central/api/target.hpp"
#include "central/sinks/query.hpp"

namespace api {

/// What the resources are made from. All of it must outlive the router and its streams.
struct Sources {
    sinks::Query& query;
    const NodePresences& presences;
    const Health& health;
    const base::Counters& counters;
    const base::Clock& clock;
    EventLog& events;
    std::span<const Asset> assets;
};

struct RouterOptions {
    std::vector<std::string>
        hosts;  // Names beside the loopback ones that requests may be meant for.
    std::size_t subscribers_max = 64;
    base::Duration watermark_bound = kWatermarkBound;  // The engine's.
};

/// Gives every request its response. Knows no socket: what it needs to know is in the request.
class Router {
  public:
    Router(Sources sources, const RouterOptions& options);

    Response answer(const Request& request);

  private:
    using Resource = Response (Router::*)(const Request&, const Target&);
    struct Route {
        const char* path;
        std::vector<Parameter> parameters;
        Resource resource;
    };

    static const std::vector<Route>& routes();

    Response nodes(const Request& request, const Target& target);
    Response series(const Request& request, const Target& target);
    Response windows(const Request& request, const Target& target);
    Response events(const Request& request, const Target& target);
    Response healthz(const Request& request, const Target& target);
    Response metrics(const Request& request, const Target& target);
    Response other(const Request& request, const Target& target) const;

    Sources sources_;
    RouterOptions options_;
    HostPolicy hosts_;
};

}  // namespace api
