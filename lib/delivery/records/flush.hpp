#pragma once

#include <cstdint>
#include <limits>
#include <map>
#include <string>
#include <vector>

namespace delivery {

/// What one append() commits, all or nothing.
struct Flush {
    /// Record lines in order; each gets the next sequence number.
    std::vector<std::string> lines;

    /// How many readings each line stands for, and the event times of its first and last one (ms):
    /// what a gap record has to declare if the line is evicted.
    struct Content {
        std::uint64_t readings = 0;
        std::int64_t first_ms = 0;
        std::int64_t last_ms = 0;  // Before first_ms when no time is known.

        /// For readings whose times count from a boot. When it is merged with another by least and
        /// greatest, the times of the other stay as they are.
        static constexpr Content without_times(std::uint64_t readings) {
            return {.readings = readings,
                    .first_ms = std::numeric_limits<std::int64_t>::max(),
                    .last_ms = std::numeric_limits<std::int64_t>::min()};
        }
        bool has_times() const { return first_ms <= last_ms; }
    };
    std::vector<Content> contents;  // As many as lines.

    /// Where sources that can be read again stand after these lines: sensor name -> position. An
    /// empty one is forgotten.
    std::map<std::string, std::string> positions;

    /// Records up to here may be deleted: the last durable owner has them.
    std::uint64_t settled = 0;
};

}  // namespace delivery
