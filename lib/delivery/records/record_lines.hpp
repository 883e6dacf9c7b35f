#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "delivery/records/data_line.hpp"
#include "delivery/records/flush.hpp"
#include "delivery/records/span_fold.hpp"
#include "wire/record.hpp"

namespace delivery {

/// A reading between its sensor and its record.
struct PendingReading {
    std::size_t series = 0;  // Index into the names.
    std::int64_t at_ms = 0;
    double value = 0;  // Finite.
    wire::ClockState clock = wire::ClockState::synced;
    std::optional<base::Duration> since_boot{};  // As in wire::Data.
    std::uint32_t epoch = 0;
};

/// A partial between its series and its record.
struct PendingPartial {
    std::size_t series = 0;
    base::Duration span{};
    Partial partial;

    /// One of its readings: all of them have its clock, boot and epoch.
    PendingReading like;
};

/// Whether their times have the same clock.
bool may_share_record(const PendingReading& a, const PendingReading& b);

/// Event times outside of ± this are refused: differences must stay exact in JSON (2^53).
constexpr std::int64_t kEventTimeMax = std::int64_t{1} << 51;

/// Adds data records with these readings, in their order: as few as the limits of the wire allow
/// (readings and bytes a record), a new one whenever the clock's state changes or it was stepped.
/// `boot` names the boot of those that count from one.
void add_data_lines(std::span<const PendingReading> readings, const std::vector<std::string>& names,
                    const std::string& boot, Flush& flush);

/// Adds data records with these partials: as few as the limits of the wire allow. A sketch that is
/// too large (kSketchBytesMax) is left out.
void add_partial_lines(std::span<const PendingPartial> partials,
                       const std::vector<std::string>& names, const std::string& boot,
                       Flush& flush);

/// Adds a record that carries no readings; `at` is its time, if that is known.
void add_line(const wire::Record& record, std::optional<base::EventTime> at, Flush& flush);

}  // namespace delivery
