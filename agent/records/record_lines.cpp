#include "agent/records/record_lines.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdlib>
#include <map>
#include <optional>

#include "base/ensure.hpp"

namespace agent {

namespace {

// What a data record costs beside its columns, and a column beside its name and numbers: the fixed
// text of the format with the longest numbers in it.
constexpr std::size_t kRecordBytes = 144;
constexpr std::size_t kColumnBytes = 32;

template <class Number>
std::size_t length_of(Number number) {
    std::array<char, 32> buffer{};
    const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), number);
    return static_cast<std::size_t>(end.ptr - buffer.data());
}

struct Span {
    std::int64_t first = 0;
    std::int64_t last = 0;
};

Span span_of(std::span<const PendingReading> readings) {
    const auto [first, last] = std::minmax_element(
        readings.begin(), readings.end(),
        [](const PendingReading& a, const PendingReading& b) { return a.at_ms < b.at_ms; });
    return {.first = first->at_ms, .last = last->at_ms};
}

/// How many of the first readings fit into one record.
std::size_t fitting(std::span<const PendingReading> readings,
                    const std::vector<std::string>& names) {
    const auto whole = span_of(readings);
    const auto offset_bytes = length_of(whole.last - whole.first) + 1;
    std::vector<bool> has_column(names.size());
    std::size_t bytes = kRecordBytes;
    std::size_t count = 0;
    for (const auto& reading : readings) {
        if (count == wire::kRecordReadingsMax) break;
        if (!may_share_record(reading, readings.front())) break;
        bytes += offset_bytes + length_of(reading.value) + 1;
        if (!has_column[reading.series]) bytes += names[reading.series].size() + kColumnBytes;
        has_column[reading.series] = true;
        if (bytes > kLineBytesUsed) break;
        ++count;
    }
    ENSURE(count > 0);
    return count;
}

/// Time and clock, without columns. The record's time is that of its earliest reading.
wire::Data beginning_of(std::span<const PendingReading> readings, const std::string& boot) {
    const auto& earliest = *std::min_element(
        readings.begin(), readings.end(),
        [](const PendingReading& a, const PendingReading& b) { return a.at_ms < b.at_ms; });
    wire::Data data{.at = base::from_milliseconds(earliest.at_ms),
                    .clock = earliest.clock,
                    .boot = {},
                    .columns = {}};
    data.since_boot = earliest.since_boot;
    if (data.since_boot || data.clock == wire::ClockState::boot) data.boot = boot;
    return data;
}

wire::Record record_of(std::span<const PendingReading> readings,
                       const std::vector<std::string>& names, const std::string& boot) {
    auto data = beginning_of(readings, boot);
    const auto start = base::to_milliseconds(data.at);
    std::map<std::size_t, wire::RawColumn> columns;  // Ordered: the same readings, the same line.
    for (const auto& reading : readings) {
        auto& column = columns[reading.series];
        column.dt_ms.push_back(reading.at_ms - start);
        column.values.push_back(reading.value);
    }
    for (auto& [series, column] : columns) {
        data.columns.push_back({.series = names[series], .points = std::move(column)});
    }
    return {.body = std::move(data), .origin = {}};
}

/// Times that count from a boot say nothing to whoever reads a gap record.
Flush::Content content_of(const wire::Data& data, base::EventTime first, base::EventTime last) {
    if (data.clock == wire::ClockState::boot) {
        return Flush::Content::without_times(data.readings());
    }
    return {.readings = data.readings(),
            .first_ms = base::to_milliseconds(first),
            .last_ms = base::to_milliseconds(last)};
}

/// Partials on their way into one record: at most one column a series.
class PartialRecord {
  public:
    PartialRecord(const std::vector<std::string>& names, const std::string& boot)
        : names_(names), boot_(boot) {}

    /// False when it must go into another record.
    bool add(const PendingPartial& pending) {
        const auto bytes = bytes_alone(pending);
        if (points_ > 0) {
            if (!may_share_record(pending.like, like_)) return false;
            if (points_ == wire::kRecordReadingsMax) return false;
            if (bytes_ + bytes > kLineBytesUsed) return false;
        }
        auto& column = columns_[pending.series];
        if (!column.empty() && !is_alike(column.front(), pending)) return false;
        like_ = pending.like;
        bytes_ += bytes;
        ++points_;
        column.push_back(pending);
        return true;
    }

    void finish(Flush& flush) const {
        auto start = base::EventTime::max();
        auto first = base::EventTime::max();
        auto last = base::EventTime::min();
        for (const auto& [series, column] : columns_) {
            for (const auto& pending : column) {
                start = std::min(start, pending.partial.start);
                first = std::min(first, pending.partial.first_at);
                last = std::max(last, pending.partial.last_at);
            }
        }
        const auto data = data_from(start);
        flush.contents.push_back(content_of(data, first, last));
        flush.lines.push_back(wire::encode_record({.body = data, .origin = {}}));
        ENSURE(flush.lines.back().size() <= kLineBytesUsed);
    }

  private:
    /// A column holds spans of one length, all with a sketch or all without.
    static bool is_alike(const PendingPartial& a, const PendingPartial& b) {
        return a.span == b.span && a.partial.sketch.has_value() == b.partial.sketch.has_value();
    }

    wire::Data data_from(base::EventTime start) const {
        wire::Data data{.at = start, .clock = like_.clock, .boot = {}, .columns = {}};
        if (like_.since_boot) {
            const auto before = base::from_milliseconds(like_.at_ms) - start;
            // A span may begin before the boot; then there is nothing to be told.
            if (*like_.since_boot >= before) data.since_boot = *like_.since_boot - before;
        }
        if (data.since_boot || data.clock == wire::ClockState::boot) data.boot = boot_;
        for (const auto& [series, column] : columns_) {
            std::vector<wire::Partial> partials;
            for (const auto& pending : column) partials.push_back(pending.partial);
            data.columns.push_back(
                {.series = names_[series],
                 .points = wire::column_of(partials, column.front().span, start)});
        }
        return data;
    }

    /// What a record of it alone takes, with the longest offset: together they take less.
    std::size_t bytes_alone(const PendingPartial& pending) const {
        PartialRecord alone{names_, boot_};
        alone.like_ = pending.like;
        alone.columns_[pending.series].push_back(pending);
        const auto data = alone.data_from(pending.partial.start);
        return wire::encode_record({.body = data, .origin = {}}).size() + kOffsetBytes;
    }

    static constexpr std::size_t kOffsetBytes = 16;

    const std::vector<std::string>& names_;
    const std::string& boot_;
    PendingReading like_;
    std::size_t bytes_ = 0;
    std::size_t points_ = 0;
    std::map<std::size_t, std::vector<PendingPartial>> columns_;
};

PendingPartial fit_into_a_line(PendingPartial pending) {
    auto& sketch = pending.partial.sketch;
    if (sketch && sketch->encode().size() > kSketchBytesMax) sketch.reset();
    return pending;
}

}  // namespace

bool may_share_record(const PendingReading& a, const PendingReading& b) {
    return a.clock == b.clock && a.epoch == b.epoch &&
           a.since_boot.has_value() == b.since_boot.has_value();
}

void add_partial_lines(std::span<const PendingPartial> partials,
                       const std::vector<std::string>& names, const std::string& boot,
                       Flush& flush) {
    std::optional<PartialRecord> record;
    for (const auto& partial : partials) {
        const auto fitting = fit_into_a_line(partial);
        if (record && record->add(fitting)) continue;
        if (record) record->finish(flush);
        record.emplace(names, boot);
        ENSURE(record->add(fitting));
    }
    if (record) record->finish(flush);
}

void add_data_lines(std::span<const PendingReading> readings, const std::vector<std::string>& names,
                    const std::string& boot, Flush& flush) {
    while (!readings.empty()) {
        const auto part = readings.first(fitting(readings, names));
        readings = readings.subspan(part.size());
        const auto span = span_of(part);
        const auto record = record_of(part, names, boot);
        flush.lines.push_back(wire::encode_record(record));
        flush.contents.push_back(content_of(std::get<wire::Data>(record.body),
                                            base::from_milliseconds(span.first),
                                            base::from_milliseconds(span.last)));
        ENSURE(flush.lines.back().size() <= kLineBytesUsed);
    }
}

void add_line(const wire::Record& record, std::optional<base::EventTime> at, Flush& flush) {
    flush.lines.push_back(wire::encode_record(record));
    auto content = Flush::Content::without_times(0);
    if (at) content.first_ms = content.last_ms = base::to_milliseconds(*at);
    flush.contents.push_back(content);
    ENSURE(flush.lines.back().size() <= kLineBytesUsed);
}

}  // namespace agent
