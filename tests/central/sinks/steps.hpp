#pragma once

#include <string>

#include "central/sinks/sink.hpp"

namespace sinks_test {

using namespace std::chrono_literals;

inline base::EventTime at(std::int64_t ms) {
    return base::from_milliseconds(ms);
}

inline wire::ChainHash hash_of(int number) {
    wire::ChainHash hash;
    hash.bytes.fill(static_cast<std::uint8_t>(number));
    return hash;
}

inline wire::NodeMark mark(const std::string& node, std::uint64_t incarnation, std::uint64_t seq,
                           int hash = 0) {
    return {.node = node,
            .incarnation = {incarnation},
            .mark = {.seq = seq, .hash = hash_of(hash == 0 ? static_cast<int>(seq) : hash)}};
}

inline engine::NodeRow node_row(const std::string& name) {
    return {.node = name,
            .incarnation = {0xfedcba9876543210U},
            .applied = {.seq = 7, .hash = hash_of(7)},
            .stored_at = at(5'000),
            .newest = at(-4'000),
            .clock = wire::ClockState::holdover,
            .lost_records = 3};
}

inline engine::SeriesRow series_row(const std::string& node, const std::string& series) {
    return {.node = node,
            .declared = {.series = series,
                         .quantity = "temperature",
                         .unit = "Cel",
                         .driver = "dht11",
                         .least = -10.5,
                         .most = {},
                         .resolution = 0.1,
                         .period = 2'000ms,
                         .also_between = true},
            .first_at = at(-4'000),
            .last_at = at(9'000),
            .last_value = 21.25,
            .readings = 12};
}

inline engine::WindowRow window_row(std::uint64_t revision) {
    return {.summary = {.count = 4,
                        .sum = 0.1 + 0.2,
                        .sumsq = 1e-300,
                        .min = -1.5,
                        .max = 2,
                        .first = -0.25,
                        .last = 1.0 / 3},
            .first_at = at(-4'000),
            .last_at = at(9'000),
            .failed = 1,
            .reasons = {{"checksum", 1}},
            .late = 2,
            .revision = revision};
}

/// A step with one of everything, of the partition as it was loaded.
inline sinks::Commit step_of(sinks::PartitionState state, const std::string& cursor) {
    sinks::Commit step;
    state.cursor = cursor;
    state.lineage = "origin";
    step.partitions.push_back(state);
    step.marks.push_back(mark("attic", 1, 7));
    step.tail.push_back(mark("attic", 1, 6));
    step.tail.push_back(mark("attic", 1, 7));
    step.tail_records = 4'096;
    auto& changes = step.changes;
    changes.nodes["attic"] = node_row("attic");
    changes.series[{"attic", "climate.temperature"}] = series_row("attic", "climate.temperature");
    changes.windows[{1min, "attic", "climate.temperature", at(-60'000)}] = window_row(1);
    changes.windows[{1h, "attic", "climate.temperature", at(0)}] = window_row(2);
    changes.gaps.push_back({.node = "attic",
                            .incarnation = {1},
                            .from = 3,
                            .to = 5,
                            .reason = "lost",
                            .readings = {},
                            .first_at = {},
                            .last_at = {}});
    changes.quarantined.push_back({.node = "attic",
                                   .incarnation = {1},
                                   .seq = 6,
                                   .line = std::string{"\0\xff nonsense", 11},
                                   .reason = "malformed: not JSON",
                                   .received = at(5'000)});
    return step;
}

}  // namespace sinks_test
