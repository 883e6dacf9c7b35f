#pragma once

#include <doctest/doctest.h>

#include <string>

#include "central/engine/engine.hpp"
#include "central/engine/map_memory.hpp"
#include "central/engine/records.hpp"

namespace engine_test {

/// An engine with its memory, and the numbers that the pipeline would give to records.
class Feed {
  public:
    /// By itself with windows of a minute and of an hour only, which are enough for most tests.
    explicit Feed(engine::EngineOptions options = {.spans = {std::chrono::minutes{1},
                                                             std::chrono::hours{1}}})
        : engine(std::move(options), memory) {}

    /// Applies one record of the node, which arrives an hour after at(0) unless the test says when.
    engine::Outcome accept(const std::string& line, const std::string& node = "attic",
                           base::EventTime received = at(3'600'000)) {
        const engine::Arrival arrival{.node = node,
                                      .incarnation = {1},
                                      .mark = {.seq = ++seq, .hash = {}},
                                      .received = received,
                                      .line = line};
        const auto outcome = engine.apply(arrival, wire::decode_record(line));
        REQUIRE(outcome);
        return outcome.value();
    }

    void commit() { memory.commit(engine.take_changes()); }

    engine::WindowRow row(const std::string& series, base::Duration span, std::int64_t start,
                          const std::string& node = "attic") {
        const auto found =
            memory.windows.find({.span = span, .node = node, .series = series, .start = at(start)});
        REQUIRE(found != memory.windows.end());
        return found->second;
    }

    MapMemory memory;
    engine::Engine engine;
    std::uint64_t seq = 0;
};

}  // namespace engine_test
