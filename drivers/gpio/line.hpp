#pragma once

#include <chrono>
#include <compare>
#include <cstdint>
#include <vector>

#include "base/result.hpp"

namespace drivers::gpio {

/// How a GPIO line is configured.
struct LineMode {
    enum class Direction { input, output };
    enum class Bias { none, pull_up, pull_down };
    enum class Edges { none, falling, both };

    Direction direction = Direction::input;
    Bias bias = Bias::none;
    Edges edges = Edges::none;              // Inputs only.
    std::chrono::microseconds debounce{0};  // The kernel's; an edge is timed at its end.
    bool level = false;                     // Outputs only: what it is driven to.

    auto operator<=>(const LineMode&) const = default;
};

/// The line went up or down, at the kernel's CLOCK_MONOTONIC, in nanoseconds.
struct Edge {
    std::int64_t time_ns = 0;
    bool rising = false;

    auto operator<=>(const Edge&) const = default;
};

struct Edges {
    std::vector<Edge> edges;
    std::uint64_t lost = 0;    // How many the kernel's buffer had no room for.
    std::int64_t read_ns = 0;  // When they were read, on the same clock: gives their age.
};

/// One requested line. Used by one thread at a time. Opens nothing itself: a Line that exists was
/// granted.
class Line {
  public:
    virtual ~Line() = default;

    virtual base::Status configure(const LineMode& mode) = 0;
    virtual base::Status set(bool level) = 0;
    virtual base::Result<bool> level() = 0;

    /// The edges that came, oldest first; waits at most `patience` for the first one. An output has
    /// none: there it only waits.
    virtual base::Result<Edges> wait(std::chrono::microseconds patience) = 0;
};

}  // namespace drivers::gpio
