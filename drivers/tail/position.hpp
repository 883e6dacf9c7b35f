#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace drivers::tail {

/// How many bytes at the beginning of a file, and before a position in it, identify the file.
constexpr std::size_t kMarkBytesMax = 1024;

/// How far a file has been read. Written as one JSON object.
struct Position {
    std::uint64_t path = 0;   // fnv1a64 of the configured path: whether the position is ours.
    std::uint64_t inode = 0;  // 0: there was no file yet, so the next one is all new.
    std::uint64_t device = 0;
    std::uint64_t offset = 0;        // The first unread byte: a line begins there.
    std::uint64_t header_bytes = 0;  // The header line; every file begins with it.
    std::uint64_t head_bytes = 0;    // The file's first bytes,
    std::uint64_t head = 0;          // fnv1a64 of them,
    std::uint64_t tail_bytes = 0;    // the last ones before the offset,
    std::uint64_t tail = 0;          // and fnv1a64 of those.
    std::uint64_t size = 0;          // Of the file at the last read,
    std::int64_t modified_us = 0;    // and the latest time at which any file was written.

    std::optional<std::int64_t> header_at{};  // Where a later header begins that is in force, and
    std::optional<std::int64_t> time_ms{};    // the time of the last row, if any,
    std::optional<std::int64_t> step_ms{};    // and tables::RowTimes::step().

    /// Nothing has been read that identifies the file.
    bool is_fresh() const { return offset <= header_bytes; }

    friend bool operator==(const Position&, const Position&) = default;
};

std::string to_text(const Position& position);

/// Malformed when the text is not a tail's position.
base::Result<Position> parse_position(std::string_view text);

}  // namespace drivers::tail
