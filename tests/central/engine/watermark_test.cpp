#include "central/engine/watermark.hpp"

#include <doctest/doctest.h>

#include "central/engine/made_rows.hpp"

using namespace std::chrono_literals;

TEST_CASE("the watermark is the newest event time less the bound") {
    CHECK(engine::watermark_of(node_row("attic", kNoon), engine::kWatermarkBound) == kNoon - 10s);
    CHECK(engine::watermark_of(node_row("attic", kNoon), 1min) == kNoon - 1min);
    CHECK_FALSE(engine::watermark_of(engine::NodeRow{}, 1min));
}

TEST_CASE("the newest event time never goes back") {
    engine::NodeRow node;
    engine::advance(node, kNoon);
    CHECK(node.newest == kNoon);
    engine::advance(node, kNoon - 1ms);
    CHECK(node.newest == kNoon);
    engine::advance(node, kNoon + 1ms);
    CHECK(node.newest == kNoon + 1ms);
}

TEST_CASE("a watermark passes a window at its end, and none passes nothing") {
    CHECK(engine::has_passed(kNoon, kNoon));
    CHECK_FALSE(engine::has_passed(kNoon, kNoon + 1ms));
    CHECK_FALSE(engine::has_passed(std::nullopt, kNoon));
}
