#pragma once

#include <cstddef>
#include <cstdint>

/// What a peer may send; checked before parsing wherever possible.
namespace wire {

constexpr std::size_t kLineBytesMax = 16 * 1024;
constexpr std::size_t kBatchBytesMax = 64 * 1024;
constexpr std::size_t kBatchRecordsMax = 64;
constexpr std::size_t kRecordReadingsMax = 600;
constexpr std::size_t kSeriesPerNodeMax = 64;  // Default; configurable upward at the centre.
constexpr std::size_t kJsonDepthMax = 8;
constexpr std::size_t kNameBytesMax = 63;
constexpr std::size_t kTextBytesMax = 256;
constexpr std::size_t kLocationBytesMax = 255;
constexpr std::size_t kLocationLevelsMax = 8;
constexpr std::size_t kTagsMax = 16;  // Of a series.

/// Nothing measures more than this; and below it, no sum of squares overflows within 10^8 readings,
/// so no partial and no row can become "not a number".
constexpr double kValueMax = 1e150;

/// Sequence numbers stay exact in every JSON reader (RFC 8259 §6: 2^53-1).
constexpr std::uint64_t kSequenceMax = (std::uint64_t{1} << 53U) - 1;

}  // namespace wire
