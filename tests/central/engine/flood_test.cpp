// Goal: the engine's memory is bounded, whatever names are invented. Method: many nodes, each with
// more series than it may have, go through the engine, which commits to a memory that keeps
// nothing; what the heap holds is measured after a part of the flood and after all of it.
#include <doctest/doctest.h>
#include <malloc.h>

#include <string>

#include "central/engine/no_memory.hpp"
#include "central/engine/records.hpp"

using namespace engine_test;

namespace {

constexpr std::size_t kSeriesMax = 20;
constexpr std::size_t kSeriesSent = 30;

/// Sends the readings of one invented node, which the detectors judge, too.
engine::Outcome send_node(engine::Engine& engine, std::size_t number) {
    std::vector<wire::Column> columns;
    for (std::size_t i = 0; i < kSeriesSent; ++i) {
        columns.push_back(raw("s.n" + std::to_string(number * kSeriesSent + i),
                              {{0, 1}, {60'000, 2}, {200'000, 3}}));
    }
    const auto line = engine_test::data(columns);
    const engine::Arrival arrival{.node = "node" + std::to_string(number),
                                  .incarnation = {1},
                                  .mark = {.seq = 1, .hash = {}},
                                  .received = at(3'600'000),
                                  .line = line};
    const auto outcome = engine.apply(arrival, wire::decode_record(line));
    REQUIRE(outcome);
    return outcome.value();
}

std::size_t heap() {
    return ::mallinfo2().uordblks;
}

}  // namespace

TEST_CASE("a flood of invented names fills no memory, and is counted or refused to the last") {
    engine_test::NoMemory memory;
    engine::Engine engine{{.series_per_node_max = kSeriesMax, .rows_max = 2'000, .nodes_max = 20},
                          memory};
    constexpr std::size_t kNodes = 1'200;
    constexpr std::size_t kPart = 200;
    std::size_t after_part = 0;
    std::size_t most_pending = 0;
    std::uint64_t readings = 0;
    std::uint64_t refused = 0;
    for (std::size_t number = 0; number < kNodes; ++number) {
        const auto outcome = send_node(engine, number);
        readings += outcome.readings;
        if (outcome.refused == engine::RefusalKind::series_limit) ++refused;
        most_pending = std::max(most_pending, engine.pending());
        if (number % 5 == 4) static_cast<void>(engine.take_changes());
        if (number + 1 == kPart) after_part = heap();
    }
    CHECK(readings == kNodes * kSeriesMax * 3);
    CHECK(refused == kNodes);
    CHECK(most_pending <= 5 * (kSeriesMax * 4 * 4 + 100));
    // An instrumented allocator tells nothing.
    if (after_part == 0) return;
    CAPTURE(after_part);
    CAPTURE(heap());
    CHECK(heap() < after_part + after_part / 4 + 4'000'000);
}
