#pragma once

#include <string>
#include <utility>
#include <vector>

#include "central/engine/engine.hpp"
#include "wire/record.hpp"

namespace engine_test {

using namespace std::chrono_literals;

/// A whole hour: the start of windows of every span.
constexpr std::int64_t kHourMs = 1'763'640'000'000 / 3'600'000 * 3'600'000;

inline base::EventTime at(std::int64_t ms) {
    return base::from_milliseconds(kHourMs + ms);
}

using Points = std::vector<std::pair<std::int64_t, double>>;

inline wire::Column raw(const std::string& series, const Points& points) {
    wire::RawColumn column;
    for (const auto& [dt, value] : points) {
        column.dt_ms.push_back(dt);
        column.values.push_back(value);
    }
    return {.series = series, .points = column};
}

inline wire::Column partial(const std::string& series, base::Duration span,
                            const std::vector<std::pair<std::int64_t, wire::Summary>>& summaries) {
    wire::PartialColumn column;
    column.span = span;
    for (const auto& [dt, summary] : summaries) {
        column.dt_ms.push_back(dt);
        column.summaries.push_back(summary);
    }
    return {.series = series, .points = column};
}

/// A data record whose time is at(0).
inline std::string data(const std::vector<wire::Column>& columns,
                        wire::ClockState clock = wire::ClockState::synced) {
    return wire::encode_record(
        {.body = wire::Data{.at = at(0), .clock = clock, .boot = "b", .columns = columns},
         .origin = {}});
}

inline std::string readings(const std::string& series, const Points& points) {
    return data({raw(series, points)});
}

inline std::string declaration(const std::string& series, const std::string& unit = "Cel") {
    return wire::encode_record({.body = wire::SeriesDeclaration{.series = series,
                                                                .quantity = "temperature",
                                                                .unit = unit,
                                                                .driver = "dht11",
                                                                .least = 0,
                                                                .most = 50,
                                                                .resolution = {},
                                                                .period = 2000ms},
                                .origin = {}});
}

/// `count` readings that failed in a span that begins at `ms`.
inline std::string failed(const std::string& series, std::int64_t ms, std::uint64_t count,
                          base::Duration span = 10s) {
    return wire::encode_record({.body = wire::Failed{.at = at(ms),
                                                     .clock = wire::ClockState::synced,
                                                     .boot = {},
                                                     .span = span,
                                                     .columns = {{.series = series,
                                                                  .reason = "checksum",
                                                                  .dt_ms = {0},
                                                                  .counts = {count}}}},
                                .origin = {}});
}

inline std::string fault(const std::string& sensor, std::int64_t ms) {
    return wire::encode_record({.body = wire::SensorFault{.at = at(ms),
                                                          .clock = wire::ClockState::synced,
                                                          .boot = {},
                                                          .sensor = sensor,
                                                          .reason = "checksum",
                                                          .edges_us = {}},
                                .origin = {}});
}

}  // namespace engine_test
