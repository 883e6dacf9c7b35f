#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace drivers::replay {

/// How many bytes before the position tell whether the file is still the same there.
constexpr std::uint64_t kTailBytesMax = 1024;

/// Where a replay stands: after which row of which file. Written as one JSON object.
struct Position {
    std::int64_t edition = 1;
    std::uint64_t offset = 0;               // First byte that is not consumed.
    std::uint64_t line = 1;                 // The line that begins there.
    std::uint64_t row = 0;                  // Rows consumed in this pass, bad ones included.
    std::uint64_t pass = 0;                 // How often the file was read to its end.
    std::int64_t shift_ms = 0;              // What this pass adds to the file's times.
    std::optional<std::int64_t> latest_ms;  // The latest time of this pass, as in the file.
    std::uint64_t first_line_hash = 0;      // fnv1a64: is this the file we know?
    std::uint64_t tail_hash = 0;            // fnv1a64 of the last bytes consumed, and
    std::uint64_t tail_bytes = 0;           // how many these are: 0 at the beginning of a pass.

    friend bool operator==(const Position&, const Position&) = default;
};

std::string to_text(const Position& position);

/// Malformed when it is no position of a replay.
base::Result<Position> parse_position(std::string_view text);

}  // namespace drivers::replay
