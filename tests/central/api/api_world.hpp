#pragma once

#include <doctest/doctest.h>

#include <array>
#include <string>

#include "base/json.hpp"
#include "central/api/router.hpp"
#include "central/api/scripted_query.hpp"
#include "support/manual_clock.hpp"

namespace api_test {

using namespace std::chrono_literals;

inline constexpr std::array<http::Asset, 3> kAssets{{
    {"/", "text/html; charset=utf-8", "<p>leat</p>", "\"aaaa\""},
    {"/app-1A2B3C4D.js", "text/javascript; charset=utf-8", "1", "\"bbbb\""},
    {"/licences.txt", "text/plain; charset=utf-8", "MIT", "\"cccc\""},
}};

/// The router over a store that the test writes down: one node with one series.
struct World {
    support::ManualClock clock{kNoon + 6min};
    ScriptedQuery query;
    views::NodePresences presences;
    api::Health health;
    base::Counters counters;
    live::EventLog events{"e1"};
    api::Router router{{.query = query,
                        .presences = presences,
                        .health = health,
                        .counters = counters,
                        .clock = clock,
                        .events = events,
                        .assets = kAssets},
                       {.hosts = {"Leat.example.org"}, .subscribers_max = 2}};

    World() {
        query.node_rows = {node_row("attic", kNoon + 5min)};
        query.series_rows = {series_row("attic", "climate.temperature", kNoon, kNoon + 4min)};
    }

    http::Response get(const std::string& target, const std::string& method = "GET") {
        return router.answer({.method = method,
                              .target = target,
                              .host = "localhost:8080",
                              .local_address = "127.0.0.1",
                              .if_none_match = {},
                              .last_event_id = {}});
    }
    http::Response get_tagged(const std::string& target, const std::string& tag) {
        return router.answer({.method = "GET",
                              .target = target,
                              .host = "localhost",
                              .local_address = "127.0.0.1",
                              .if_none_match = tag,
                              .last_event_id = {}});
    }
    int status_for_host(const std::string& host) {
        return router
            .answer({.method = "GET",
                     .target = "/",
                     .host = host,
                     .local_address = "192.168.1.10",
                     .if_none_match = {},
                     .last_event_id = {}})
            .status;
    }
};

inline std::string header(const http::Response& response, const std::string& name) {
    for (const auto& one : response.headers) {
        if (one.name == name) return one.value;
    }
    return {};
}

inline base::Json parsed(const http::Response& response) {
    auto json = base::parse_json(response.body, {.bytes_max = 16'000'000, .values_max = 1'000'000});
    REQUIRE(json);
    return std::move(json).value();
}

}  // namespace api_test
