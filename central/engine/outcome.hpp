#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "central/validation/breach.hpp"

namespace engine {

/// Why a record, or columns or readings of it, could not be counted.
enum class RefusalKind {
    malformed,     // The line is not a record.
    unplaced,      // Its time counts from a boot, and too many such records wait already.
    series_limit,  // The node has too many series.
    unmergeable,   // A partial does not fit into a window.
    out_of_range,  // A value or a summary is impossible.
    conflict,      // Another record was applied under this number.
    rule_unit,     // Readings break a rule of the configuration; as validation::Breach.
    rule_time,
    rule_range,
    rule_value,
    rule_step,
};
constexpr std::size_t kRefusalKinds = 11;
std::string_view to_text(RefusalKind kind);
RefusalKind kind_of(validation::Breach breach);

struct Refusal {
    RefusalKind kind = RefusalKind::malformed;
    std::string detail;  // For a person.
};

/// What became of a record. A column that cannot be counted does not affect the others.
struct Outcome {
    std::uint64_t readings = 0;  // Counted.
    std::uint64_t late = 0;      // Of these: their smallest window had ended before the watermark.
    std::uint64_t future = 0;    // Of these: too far ahead of their arrival.
    std::uint64_t coarse = 0;    // Of these: in partials too long for the smallest window, or
                                 // placed across the end of one.
    std::uint64_t outdated = 0;  // Of these: so old that their smallest window is not kept.
    std::uint64_t failed = 0;    // Failed readings counted, of every series.
    std::uint64_t homeless = 0;  // Failed readings of sensors of which no series is known.
    std::uint64_t faults = 0;    // Failed readings told in detail.
    std::uint64_t crowded = 0;   // Hours of series with more changes than can be told.
    std::uint64_t waiting = 0;   // Records put aside until a clock record says when their boot was.
    std::uint64_t placed = 0;    // Records whose time since a boot was turned into UTC.
    std::optional<RefusalKind> refused;  // The line is in quarantine, for this reason first.

    /// Readings that broke a rule and were set aside, by what they broke.
    std::array<std::uint64_t, validation::kBreaches> set_aside{};

    bool has_set_aside() const { return set_aside != decltype(set_aside){}; }
};

}  // namespace engine
