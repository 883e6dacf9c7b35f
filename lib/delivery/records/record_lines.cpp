#include "delivery/records/record_lines.hpp"

#include <algorithm>

#include "base/ensure.hpp"

namespace delivery {

namespace {

// What a data record costs besides its columns, and a column besides its name and numbers: the
// fixed text of the format with the longest numbers in it.
constexpr std::size_t kRecordBytes = 144;
constexpr std::size_t kColumnBytes = 32;
constexpr std::size_t kOffsetBytes = 16;

bool is_earlier(const PendingReading& a, const PendingReading& b) {
    return a.at_ms < b.at_ms;
}

/// An upper bound of what any offset within these readings needs, with its comma.
std::size_t offset_bytes_of(std::span<const PendingReading> readings) {
    const auto [first, last] = std::minmax_element(readings.begin(), readings.end(), is_earlier);
    return length_of(last->at_ms - first->at_ms) + 1;
}

Point point_of(const PendingReading& reading) {
    return {.series = reading.series,
            .at = base::from_milliseconds(reading.at_ms),
            .value = reading.value};
}

Point point_of(const PendingPartial& pending) {
    return {.series = pending.series,
            .at = pending.partial.start,
            .span = pending.span,
            .partial = &pending.partial};
}

/// The boot is named where something counts from it.
wire::Data header_of(base::EventTime at, wire::ClockState clock,
                     std::optional<base::Duration> since_boot, const std::string& boot) {
    const bool counts = since_boot || clock == wire::ClockState::boot;
    return {.at = at,
            .clock = clock,
            .boot = counts ? boot : std::string{},
            .columns = {},
            .since_boot = since_boot};
}

/// The record's time is that of its earliest reading.
wire::Data header_of(std::span<const PendingReading> readings, const std::string& boot) {
    const auto& earliest = *std::min_element(readings.begin(), readings.end(), is_earlier);
    return header_of(base::from_milliseconds(earliest.at_ms), earliest.clock, earliest.since_boot,
                     boot);
}

/// The header of a record that begins at `start` and has the clock of the reading `like`.
wire::Data header_of(base::EventTime start, const PendingReading& like, const std::string& boot) {
    if (!like.since_boot) return header_of(start, like.clock, std::nullopt, boot);
    // A span may begin before the boot; then there is no time since it.
    const auto since_boot = *like.since_boot - (base::from_milliseconds(like.at_ms) - start);
    const bool is_after = since_boot >= base::Duration::zero();
    return header_of(start, like.clock, is_after ? std::optional{since_boot} : std::nullopt, boot);
}

/// What a record of this partial alone needs, with the longest offset; several together need less.
std::size_t bytes_alone(const PendingPartial& pending, const std::vector<std::string>& names,
                        const std::string& boot) {
    auto data = header_of(pending.partial.start, pending.like, boot);
    data.columns.push_back(
        {.series = names[pending.series],
         .points = column_of({&pending.partial, 1}, pending.span, pending.partial.start)});
    return wire::encode_record({.body = std::move(data), .origin = {}}).size() + kOffsetBytes;
}

void add(PackedLine packed, Flush& flush) {
    flush.lines.push_back(std::move(packed.line));
    flush.contents.push_back(packed.content);
}

}  // namespace

bool may_share_record(const PendingReading& a, const PendingReading& b) {
    return a.clock == b.clock && a.epoch == b.epoch &&
           a.since_boot.has_value() == b.since_boot.has_value();
}

void add_data_lines(std::span<const PendingReading> readings, const std::vector<std::string>& names,
                    const std::string& boot, Flush& flush) {
    std::size_t offset_bytes = 0;
    pack(
        readings,
        [&](auto left) {
            offset_bytes = offset_bytes_of(left);
            return DataLine{kRecordBytes};
        },
        [&](DataLine& line, auto left, const PendingReading& reading) {
            if (!may_share_record(reading, left.front())) return false;
            auto bytes = offset_bytes + length_of(reading.value) + 1;
            if (!line.has_column(reading.series)) {
                bytes += names[reading.series].size() + kColumnBytes;
            }
            return line.add(point_of(reading), bytes);
        },
        [&](const DataLine& line, auto packed) {
            add(line.finish(header_of(packed, boot), names), flush);
        });
}

void add_partial_lines(std::span<const PendingPartial> partials,
                       const std::vector<std::string>& names, const std::string& boot,
                       Flush& flush) {
    std::vector<PendingPartial> fitting(partials.begin(), partials.end());
    for (auto& pending : fitting) fit_into_a_line(pending.partial);
    pack(
        std::span<const PendingPartial>{fitting}, [](auto) { return DataLine{}; },
        [&](DataLine& line, auto left, const PendingPartial& pending) {
            return may_share_record(pending.like, left.front().like) &&
                   line.add(point_of(pending), bytes_alone(pending, names, boot));
        },
        [&](const DataLine& line, auto packed) {
            add(line.finish(header_of(line.start(), packed.back().like, boot), names), flush);
        });
}

void add_line(const wire::Record& record, std::optional<base::EventTime> at, Flush& flush) {
    auto content = Flush::Content::without_times(0);
    if (at) content.first_ms = content.last_ms = base::to_milliseconds(*at);
    add({.line = wire::encode_record(record), .content = content}, flush);
    ENSURE(flush.lines.back().size() <= kLineBytesUsed);
}

}  // namespace delivery
