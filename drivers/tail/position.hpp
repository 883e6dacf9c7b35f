#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace drivers::tail {

/// How many bytes at a file's beginning, and how many before the place that is reached, tell
/// whether it is still the same file.
constexpr std::size_t kMarkBytesMax = 1024;

/// Where the reading of a file stands: after which byte of which file. Written as one JSON object.
struct Position {
    std::uint64_t path = 0;   // fnv1a64 of the configured path: is this position ours?
    std::uint64_t inode = 0;  // 0: there was no file yet, so that the next one is all new.
    std::uint64_t device = 0;
    std::uint64_t offset = 0;        // First byte that is not consumed: a line begins there.
    std::uint64_t header_bytes = 0;  // Of the line that names the columns: every file begins so.
    std::uint64_t head_bytes = 0;    // The file's first bytes,
    std::uint64_t head = 0;          // fnv1a64 of them,
    std::uint64_t tail_bytes = 0;    // the last ones before the offset,
    std::uint64_t tail = 0;          // and fnv1a64 of those.
    std::uint64_t size = 0;          // Of the file when it was last seen,
    std::int64_t modified_us = 0;    // and the latest time any was written.

    /// Nothing was consumed by which the file could be told from another one.
    bool is_fresh() const { return offset <= header_bytes; }

    friend bool operator==(const Position&, const Position&) = default;
};

std::string to_text(const Position& position);

/// Malformed when it is no position of a tail.
base::Result<Position> parse_position(std::string_view text);

}  // namespace drivers::tail
