#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace drivers::replay {

/// How many bytes before the position identify the file.
constexpr std::uint64_t kTailBytesMax = 1024;

/// How many imports a position remembers; the oldest are forgotten.
constexpr std::size_t kImportsMax = 64;

/// The beginning of a file, as far as it was read.
struct Import {
    std::uint64_t bytes = 0;
    std::uint64_t hash = 0;                   // ContentHash of them.
    std::optional<std::int64_t> header_at{};  // As in Position.

    friend bool operator==(const Import&, const Import&) = default;
};

/// How far a replay has come. Written as one JSON object.
struct Position {
    std::int64_t edition = 1;
    std::uint64_t offset = 0;               // The first unread byte.
    std::uint64_t line = 1;                 // The line that begins there.
    std::uint64_t row = 0;                  // Rows read in this pass, bad ones included.
    std::uint64_t pass = 0;                 // How often the file was read to its end.
    std::int64_t shift_ms = 0;              // What this pass adds to the file's times.
    std::optional<std::int64_t> latest_ms;  // The latest time of this pass, as in the file.
    std::optional<std::int64_t> time_ms;    // The time of the last row, as in the file,
    std::optional<std::int64_t> step_ms{};  // and RowTimes::step().
    std::optional<std::int64_t> header_at;  // Where a later header begins that is in force.
    std::uint64_t first_line_hash = 0;      // fnv1a64 of the header; identifies the file.
    std::uint64_t tail_hash = 0;            // fnv1a64 of the last bytes read, and
    std::uint64_t tail_bytes = 0;           // their number: 0 at the beginning of a pass.

    /// ContentHash of all bytes before the offset; none in what older programs saved.
    std::optional<std::uint64_t> read_hash;
    std::vector<Import> imports;  // By the editions before.

    friend bool operator==(const Position&, const Position&) = default;
};

std::string to_text(const Position& position);

/// Malformed when the text is not a replay's position.
base::Result<Position> parse_position(std::string_view text);

}  // namespace drivers::replay
