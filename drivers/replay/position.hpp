#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace drivers::replay {

/// How many bytes before the position identify the file.
constexpr std::uint64_t kTailBytesMax = 1024;

/// How far a replay has come. Written as one JSON object.
struct Position {
    std::int64_t edition = 1;
    std::uint64_t offset = 0;               // The first unread byte.
    std::uint64_t line = 1;                 // The line that begins there.
    std::uint64_t row = 0;                  // Rows read in this pass, bad ones included.
    std::uint64_t pass = 0;                 // How often the file was read to its end.
    std::int64_t shift_ms = 0;              // What this pass adds to the file's times.
    std::optional<std::int64_t> latest_ms;  // The latest time of this pass, as in the file.
    std::uint64_t first_line_hash = 0;      // fnv1a64; identifies the file.
    std::uint64_t tail_hash = 0;            // fnv1a64 of the last bytes read, and
    std::uint64_t tail_bytes = 0;           // their number: 0 at the beginning of a pass.

    friend bool operator==(const Position&, const Position&) = default;
};

std::string to_text(const Position& position);

/// Malformed when the text is not a replay's position.
base::Result<Position> parse_position(std::string_view text);

}  // namespace drivers::replay
