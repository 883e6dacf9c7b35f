#include "drivers/dht/capture.hpp"

#include <algorithm>
#include <cmath>

#include "drivers/dht/decode.hpp"

namespace drivers::dht {

namespace {

// Longer than any two edges of an answer are apart, shorter than the start pulse of 1 to 20 ms.
constexpr std::int64_t kApartNs = 400'000;

// The host's own falling edge, alone: an answer that never came.
constexpr std::size_t kAnswerEdgesLeast = 2;

struct Group {
    std::size_t first = 0;
    std::size_t size = 0;
};

/// A capture without a single rise is a list of falls: what a fault record keeps.
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

DhtCapture decode_capture(Model model, std::span<const LevelChange> changes) {
    DhtCapture capture;
    const auto falls = falls_of(changes);
    const auto groups = groups_of(falls);
    for (std::size_t i = 0; i < groups.size(); ++i) {
        const auto& group = groups[i];
        const double t_us = static_cast<double>(falls[group.first]) / 1000;
        if (group.size < kAnswerEdgesLeast) {
            // The host's start pulse, answered by the next group unless that is another start.
            const bool answered = i + 1 < groups.size() && groups[i + 1].size >= kAnswerEdgesLeast;
            if (!answered) capture.refused.push_back({t_us, std::string{dht_reason::kNoResponse}});
            continue;
        }
        const auto climate = decode_falls(model, std::span(falls).subspan(group.first, group.size));
        if (climate) {
            capture.frames.push_back({t_us, climate.value()});
        } else {
            capture.refused.push_back({t_us, climate.error().detail});
        }
    }
    return capture;
}

}  // namespace drivers::dht
