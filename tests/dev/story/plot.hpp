#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"

namespace story {

/// What once happened to a series, other than what its sensor measures by itself. Times are how
/// long before the end of the story.
struct Twist {
    enum class Kind {
        shifts,  // By `by` at the beginning to `to` at the end, in the unit of the series.
        stays,   // At `to`.
        fails,   // With `reason`.
    };

    std::string series;  // "freezer.temperature"
    Kind kind = Kind::shifts;
    base::Duration began{};
    base::Duration ended{};
    double by = 0;
    double to = 0;
    std::string reason{};
};

/// A time without network.
struct Outage {
    base::Duration began{};
    base::Duration ended{};
};

/// The power was cut. Without a network the clock was not set again until later.
struct PowerCut {
    base::Duration began{};
    base::Duration ended{};
    base::Duration clock_set{};
};

/// What happened to a node.
struct Life {
    std::vector<Twist> twists{};
    std::optional<Outage> outage{};
    std::optional<PowerCut> power_cut{};
};

/// How long the story lasts: the contextual detector speaks after three days, and what is usual at
/// an hour is known from three days before.
constexpr base::Duration kLength = std::chrono::hours{108};

/// What happened to the node of that name; nothing, if the plot does not mention it.
Life life_of(const std::string& node);

}  // namespace story
