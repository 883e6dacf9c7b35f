#include "drivers/dht/recording.hpp"

#include <algorithm>
#include <cmath>

#include "drivers/dht/decode.hpp"

namespace drivers::dht {

namespace {

// More than any two edges of an answer are apart, less than the start pulse of 1 to 20 ms.
constexpr std::int64_t kApartNs = 400'000;

// The host's own falling edge alone is an answer that never came.
constexpr std::size_t kAnswerEdgesLeast = 2;

struct Group {
    std::size_t first = 0;
    std::size_t size = 0;
};

/// A recording without a single rise is a list of falls, as a fault record keeps it.
std::vector<std::int64_t> falls_of(std::span<const LevelChange> changes) {
    const bool only_falls = std::none_of(changes.begin(), changes.end(),
                                         [](const LevelChange& change) { return change.level; });
    std::vector<std::int64_t> falls;
    bool before = true;
    for (const auto& change : changes) {
        if ((before || only_falls) && !change.level)
            falls.push_back(std::llround(change.time_us * 1000));
        before = change.level;
    }
    return falls;
}

std::vector<Group> groups_of(const std::vector<std::int64_t>& falls) {
    std::vector<Group> groups;
    for (std::size_t i = 0; i < falls.size(); ++i) {
        if (i == 0 || falls[i] - falls[i - 1] > kApartNs) groups.push_back({.first = i, .size = 0});
        ++groups.back().size;
    }
    return groups;
}

}  // namespace

DecodedRecording decode_recording(Model model, std::span<const LevelChange> changes) {
    DecodedRecording decoded;
    const auto falls = falls_of(changes);
    const auto groups = groups_of(falls);
    for (std::size_t i = 0; i < groups.size(); ++i) {
        const auto& group = groups[i];
        const double t_us = static_cast<double>(falls[group.first]) / 1000;
        if (group.size < kAnswerEdgesLeast) {
            // The host's start pulse. The next group is the answer, unless it is another start.
            const bool answered = i + 1 < groups.size() && groups[i + 1].size >= kAnswerEdgesLeast;
            if (!answered) decoded.refused.push_back({t_us, no_response().reason});
            continue;
        }
        const auto climate = decode_falls(model, std::span(falls).subspan(group.first, group.size));
        if (climate) {
            decoded.frames.push_back({t_us, climate.value()});
        } else {
            decoded.refused.push_back({t_us, climate.refusal().reason});
        }
    }
    return decoded;
}

}  // namespace drivers::dht
