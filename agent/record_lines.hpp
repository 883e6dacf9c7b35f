#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "agent/outbox.hpp"
#include "wire/limits.hpp"
#include "wire/record.hpp"
#include "wire/span_fold.hpp"

namespace agent {

/// A record's line leaves room for the origin that a fork adds (wire::with_origin: about 100
/// bytes).
constexpr std::size_t kLineBytesUsed = wire::kLineBytesMax - 256;

/// A reading between its sensor and its record.
struct PendingReading {
    std::size_t series = 0;  // Index into the names.
    std::int64_t at_ms = 0;
    double value = 0;  // Finite.
    wire::ClockState clock = wire::ClockState::synced;
};

/// A partial between its series and its record.
struct PendingPartial {
    std::size_t series = 0;
    base::Duration span{};
    wire::ClockState clock = wire::ClockState::synced;
    wire::Partial partial;
};

/// Event times outside of ± this are refused: differences must stay exact in JSON (2^53).
constexpr std::int64_t kEventTimeMax = std::int64_t{1} << 51;

/// Adds data records with these readings, in their order: as few as the limits of the wire allow
/// (readings and bytes a record), a new one whenever the clock's state changes.
void add_data_lines(std::span<const PendingReading> readings, const std::vector<std::string>& names,
                    Flush& flush);

/// Adds data records with these partials: as few as the limits of the wire allow. A sketch of more
/// than kSketchBytesMax is left out: every partial fits into a line.
void add_partial_lines(std::span<const PendingPartial> partials,
                       const std::vector<std::string>& names, Flush& flush);

constexpr std::size_t kSketchBytesMax = 8 * 1024;

/// Adds a record that carries no readings and belongs to the time `at`.
void add_line(const wire::Record& record, base::EventTime at, Flush& flush);

}  // namespace agent
