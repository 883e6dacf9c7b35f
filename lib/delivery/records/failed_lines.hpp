#pragma once

#include <compare>
#include <cstdint>
#include <functional>
#include <map>
#include <string>

#include "base/clock.hpp"
#include "delivery/records/flush.hpp"
#include "wire/record.hpp"

namespace delivery {

/// What a count of failed readings belongs to.
struct FailedKey {
    base::EventTime start;  // Of the span.
    std::string series;     // Or a sensor's name alone, as in wire::FailedColumn.
    std::string reason;

    friend auto operator<=>(const FailedKey&, const FailedKey&) = default;
};
using FailedCounts = std::map<FailedKey, std::uint64_t>;

/// Makes a record that begins at `start` and has no columns yet.
using FailedHeader = std::function<wire::Failed(base::EventTime start)>;

/// Adds `failed` records with these counts, in order of time: as few as the limits of the wire
/// allow. All of them count in spans of the length that `header` gives.
void add_failed_lines(const FailedCounts& counts, const FailedHeader& header, Flush& flush);

/// The start of the span that contains `at`; spans are aligned to 0.
base::EventTime span_start(base::EventTime at, base::Duration span);

}  // namespace delivery
