#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "wire/identity.hpp"
#include "wire/record.hpp"

namespace engine {

/// No block reaches beyond the end of its hour, so that one that begins in an hour holds nothing of
/// another.
constexpr base::Duration kBlockSpan = std::chrono::hours{1};

inline base::EventTime hour_start(base::EventTime at) {
    return std::chrono::floor<std::chrono::hours>(at);
}

/// A reading by itself.
struct Single {
    base::EventTime at;
    double value = 0;

    friend bool operator==(const Single&, const Single&) = default;
};

/// The record that readings came in, under the number that its node gave it first.
struct ReadingOrigin {
    wire::Incarnation incarnation;
    std::uint64_t seq = 0;
    base::EventTime received;                           // When the bridge accepted it.
    wire::ClockState clock = wire::ClockState::synced;  // That stamped it; boot: placed later.

    friend bool operator==(const ReadingOrigin&, const ReadingOrigin&) = default;
};

/// What one record says of one series in one hour: readings in order of time, or how many its node
/// had summarised, of which only windows tell more.
struct ReadingBlock {
    ReadingOrigin origin;
    bool is_ahead = false;  // They are later than their arrival allows: most likely a wrong clock.
    base::EventTime first_at;
    base::EventTime last_at;
    std::vector<Single> readings{};
    std::uint64_t summarised = 0;  // 0 when there are readings.

    friend bool operator==(const ReadingBlock&, const ReadingBlock&) = default;
};

struct SeriesBlocks {
    std::string node;
    std::string series;
    std::vector<ReadingBlock> blocks;  // In the order in which their records came.

    friend bool operator==(const SeriesBlocks&, const SeriesBlocks&) = default;
};

}  // namespace engine
