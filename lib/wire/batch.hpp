#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "wire/chain.hpp"
#include "wire/identity.hpp"

namespace wire {

/// The first line of a batch.
struct BatchHeader {
    Incarnation incarnation;
    std::uint64_t base = 0;    // Sequence number of the first record; in a probe, head + 1.
    std::uint32_t count = 0;   // Records that follow; 0 is a probe.
    std::uint64_t lowest = 0;  // Lowest sequence number the node still stores.
    ChainHash before;          // h(base - 1).
    base::EventTime now;       // The node's clock at sending: for people, never for decisions.

    /// The records after this one and before `base` no longer exist, although some up to this one
    /// still do.
    std::optional<std::uint64_t> after{};

    friend bool operator==(const BatchHeader&, const BatchHeader&) = default;
};

/// A batch in its parts. The lines are views into the payload: nothing is copied or re-serialised.
struct BatchView {
    BatchHeader header;
    std::vector<std::string_view> lines;
};

/// Header and lines joined by newlines; ENSUREs the limits of wire/limits.hpp.
std::string encode_batch(const BatchHeader& header, const std::vector<std::string_view>& lines);

/// The most bytes that encode_batch() needs for the header; a line costs its size and one more.
constexpr std::size_t kHeaderBytesMax = 256;

/// Malformed if the payload is not a batch. Checks the header and the lengths of the lines, but
/// does not read the records.
base::Result<BatchView> decode_batch(std::string_view payload);

}  // namespace wire
