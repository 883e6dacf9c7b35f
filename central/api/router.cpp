#include "central/api/router.hpp"

#include <fmt/format.h>

#include <memory>
#include <set>

#include "base/settings.hpp"
#include "central/api/alerts.hpp"
#include "central/api/anomalies.hpp"
#include "central/api/common/paging.hpp"
#include "central/api/common/problems.hpp"
#include "central/api/groups.hpp"
#include "central/api/nodes.hpp"
#include "central/api/readings/readings.hpp"
#include "central/api/readings/readings_question.hpp"
#include "central/api/series.hpp"
#include "central/api/statistics.hpp"
#include "central/api/visits.hpp"
#include "central/api/windows.hpp"
#include "central/live/event_stream.hpp"

namespace api {

namespace {

http::Response respond(std::variant<std::string, http::Problem> outcome) {
    if (const auto* problem = std::get_if<http::Problem>(&outcome))
        return http::to_response(*problem);
    return http::json_response(std::move(std::get<std::string>(outcome)));
}

http::Response method_not_allowed(const std::string& method) {
    auto response = http::to_response({.status = 405,
                                       .slug = "method-not-allowed",
                                       .title = "Only GET and HEAD are understood",
                                       .detail = fmt::format("{} is not", method),
                                       .errors = {}});
    response.headers.push_back({"Allow", "GET, HEAD"});
    return response;
}

http::Response misdirected(const std::string& host) {
    return http::to_response(
        {.status = 421,
         .slug = "unknown-host",
         .title = "This server does not answer to that name",
         .detail = fmt::format("\"{}\" is not among the names it knows; add it to hosts in the "
                               "[api] table of the configuration",
                               host),
         .errors = {}});
}

const std::string kId = "{id}";
const std::string kReadings = "/api/v1/series/" + kId + "/readings";
const std::string kStatistics = "/api/v1/series/" + kId + "/statistics";

/// What stands for {id} in a path that is like the pattern; nothing when it is not, and an empty
/// text where the pattern is the path.
std::optional<std::string> id_in(const std::string& path, const std::string& pattern) {
    const auto place = pattern.find(kId);
    if (place == std::string::npos)
        return path == pattern ? std::optional{std::string{}} : std::nullopt;
    const auto before = pattern.substr(0, place);
    const auto behind = pattern.substr(place + kId.size());
    const bool is_like = path.size() > before.size() + behind.size() && path.starts_with(before) &&
                         path.ends_with(behind);
    if (!is_like) return std::nullopt;
    return path.substr(place, path.size() - before.size() - behind.size());
}

}  // namespace

Router::Router(Sources sources, const RouterOptions& options)
    : sources_(sources), options_(options), hosts_(options.hosts) {}

const std::vector<Router::Route>& Router::routes() {
    static const std::vector<Route> kRoutes{
        {"/healthz", {}, &Router::healthz},
        {"/metrics", {}, &Router::metrics},
        {"/api/v1/nodes", with_paging({}), &Router::nodes},
        {"/api/v1/series", with_paging({{"node"}, {"location"}, {"tag"}}), &Router::series},
        {kReadings, reading_parameters(), &Router::readings},
        {kStatistics, statistics_parameters(), &Router::statistics},
        {"/api/v1/windows", window_parameters(), &Router::windows},
        {"/api/v1/alerts", alert_parameters(), &Router::alerts},
        {"/api/v1/anomalies", anomaly_parameters(), &Router::anomalies},
        {"/api/v1/jobs", job_parameters(), &Router::runs},
        {"/api/v1/visits", visit_parameters(), &Router::visits},
        {"/api/v1/events", {{"windows", true}}, &Router::events},
    };
    return kRoutes;
}

http::Response Router::answer(const http::Request& request) {
    if (!hosts_.allows(request.host, request.local_address)) return misdirected(request.host);
    if (request.method != "GET" && request.method != "HEAD") {
        return method_not_allowed(request.method);
    }
    const auto target = http::parse_target(request.target);
    if (!target) {
        return http::to_response({.status = 400,
                                  .slug = "bad-target",
                                  .title = "The address is not understood",
                                  .detail = target.error().detail,
                                  .errors = {}});
    }
    for (const auto& route : routes()) {
        if (!id_in(target.value().path, route.path)) continue;
        if (const auto problem = http::check_parameters(target.value(), route.parameters)) {
            return http::to_response(*problem);
        }
        return (this->*route.resource)(request, target.value());
    }
    return other(request, target.value());
}

http::Response Router::nodes(const http::Request& /*request*/, const http::Target& target) {
    const auto page = parse_page(target);
    if (const auto* problem = std::get_if<http::Problem>(&page)) return http::to_response(*problem);
    auto list = list_nodes(sources_.query, sources_.presences, std::get<PageQuestion>(page),
                           sources_.clock.event_time());
    if (!list) return http::to_response(query_failed(list.error()));
    return http::json_response(std::move(list).value());
}

http::Response Router::series(const http::Request& /*request*/, const http::Target& target) {
    return respond(
        list_series(sources_.query, sources_.presences, target, sources_.clock.event_time()));
}

Facts Router::facts() const {
    return {.query = sources_.query,
            .presences = sources_.presences,
            .now = sources_.clock.event_time(),
            .watermark_bound = options_.watermark_bound};
}

http::Response Router::windows(const http::Request& /*request*/, const http::Target& target) {
    if (target.find("group")) {
        return respond(list_group(sources_.query, target, sources_.clock.event_time()));
    }
    return respond(list_windows(facts(), target));
}

http::Response Router::readings(const http::Request& /*request*/, const http::Target& target) {
    auto found = find_series(sources_.query, id_in(target.path, kReadings).value_or(""));
    if (const auto* problem = std::get_if<http::Problem>(&found)) {
        return http::to_response(*problem);
    }
    return list_readings(sources_.query, std::get<engine::SeriesRow>(found), target,
                         sources_.clock.event_time());
}

http::Response Router::statistics(const http::Request& /*request*/, const http::Target& target) {
    return respond(list_statistics(facts(), id_in(target.path, kStatistics).value_or(""), target));
}

http::Response Router::anomalies(const http::Request& /*request*/, const http::Target& target) {
    return respond(list_anomalies(sources_.query, target, sources_.clock.event_time()));
}

http::Response Router::visits(const http::Request& /*request*/, const http::Target& target) {
    return respond(list_visits(facts(), target));
}

http::Response Router::runs(const http::Request& /*request*/, const http::Target& target) {
    return respond(list_runs(sources_.jobs, target, sources_.clock.event_time()));
}

http::Response Router::alerts(const http::Request& /*request*/, const http::Target& target) {
    return respond(
        list_alerts(sources_.alerts, sources_.query, target, sources_.clock.event_time()));
}

http::Response Router::events(const http::Request& request, const http::Target& target) {
    std::set<std::string> series;
    for (const auto& id : target.all("windows")) {
        auto found = find_series(sources_.query, id);
        if (auto* problem = std::get_if<http::Problem>(&found)) {
            for (auto& error : problem->errors) error.parameter = "windows";
            return http::to_response(*problem);
        }
        series.insert(id);
    }
    if (sources_.events.readers() >= options_.subscribers_max) {
        auto response = http::to_response(
            {.status = 503,
             .slug = "too-many-subscribers",
             .title = "All event streams are in use",
             .detail = fmt::format("{} are open already", options_.subscribers_max),
             .errors = {}});
        response.headers.push_back({"Retry-After", "10"});
        return response;
    }
    http::Response response;
    response.content_type = "text/event-stream";
    // Without this header nginx holds event streams back in its buffer.
    response.headers = {{"Cache-Control", "no-store"}, {"X-Accel-Buffering", "no"}};
    if (request.method == "HEAD") return response;
    response.stream = std::make_unique<live::EventStream>(sources_.events, sources_.clock,
                                                          request.last_event_id, std::move(series));
    return response;
}

http::Response Router::healthz(const http::Request& /*request*/, const http::Target& /*target*/) {
    return sources_.health.answer(sources_.clock.instant());
}

http::Response Router::metrics(const http::Request& /*request*/, const http::Target& /*target*/) {
    http::Response response;
    response.content_type = "text/plain; version=0.0.4; charset=utf-8";
    response.headers = {{"Cache-Control", "no-store"}};
    response.body = sources_.counters.prometheus();
    return response;
}

http::Response Router::other(const http::Request& request, const http::Target& target) const {
    if (auto file = http::serve_file(sources_.assets, target.path, request.if_none_match)) {
        return std::move(*file);
    }
    std::vector<std::string> paths{"/"};
    for (const auto& route : routes()) paths.push_back(route.path);
    std::string detail = "there is nothing at " + target.path;
    if (const auto near = base::nearest_word(target.path, paths)) {
        detail += fmt::format("; did you mean {}?", *near);
    }
    return http::to_response({.status = 404,
                              .slug = "not-found",
                              .title = "There is no such resource",
                              .detail = detail,
                              .errors = {}});
}

}  // namespace api
