#include "agent/record_lines.hpp"

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
constexpr std::size_t kRecordBytes = 96;
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
        if (reading.clock != readings.front().clock) break;
        bytes += offset_bytes + length_of(reading.value) + 1;
        if (!has_column[reading.series]) bytes += names[reading.series].size() + kColumnBytes;
        has_column[reading.series] = true;
        if (bytes > kLineBytesUsed) break;
        ++count;
    }
    ENSURE(count > 0);
    return count;
}

wire::Record record_of(std::span<const PendingReading> readings,
                       const std::vector<std::string>& names) {
    const auto start = span_of(readings).first;
    std::map<std::size_t, wire::RawColumn> columns;  // Ordered: the same readings, the same line.
    for (const auto& reading : readings) {
        auto& column = columns[reading.series];
        column.dt_ms.push_back(reading.at_ms - start);
        column.values.push_back(reading.value);
    }
    wire::Data data{.at = base::from_milliseconds(start),
                    .clock = readings.front().clock,
                    .boot = {},
                    .columns = {}};
    for (auto& [series, column] : columns) {
        data.columns.push_back({.series = names[series], .points = std::move(column)});
    }
    return {.body = std::move(data), .origin = {}};
}

/// Partials on their way into one record: at most one column a series.
class PartialRecord {
  public:
    explicit PartialRecord(const std::vector<std::string>& names) : names_(names) {}

    /// False when it must go into another record.
    bool add(const PendingPartial& pending) {
        const auto bytes = bytes_alone(pending);
        if (points_ > 0) {
            if (pending.clock != clock_ || points_ == wire::kRecordReadingsMax) return false;
            if (bytes_ + bytes > kLineBytesUsed) return false;
        }
        auto& column = columns_[pending.series];
        if (!column.empty() && column.front().span != pending.span) return false;
        clock_ = pending.clock;
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
        flush.contents.push_back({.readings = data.readings(),
                                  .first_ms = base::to_milliseconds(first),
                                  .last_ms = base::to_milliseconds(last)});
        flush.lines.push_back(wire::encode_record({.body = data, .origin = {}}));
        ENSURE(flush.lines.back().size() <= kLineBytesUsed);
    }

  private:
    wire::Data data_from(base::EventTime start) const {
        wire::Data data{.at = start, .clock = clock_, .boot = {}, .columns = {}};
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
        PartialRecord alone{names_};
        alone.columns_[pending.series].push_back(pending);
        const auto data = alone.data_from(pending.partial.start);
        return wire::encode_record({.body = data, .origin = {}}).size() + kOffsetBytes;
    }

    static constexpr std::size_t kOffsetBytes = 16;

    const std::vector<std::string>& names_;
    wire::ClockState clock_ = wire::ClockState::synced;
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

void add_partial_lines(std::span<const PendingPartial> partials,
                       const std::vector<std::string>& names, Flush& flush) {
    std::optional<PartialRecord> record;
    for (const auto& partial : partials) {
        const auto fitting = fit_into_a_line(partial);
        if (record && record->add(fitting)) continue;
        if (record) record->finish(flush);
        record.emplace(names);
        ENSURE(record->add(fitting));
    }
    if (record) record->finish(flush);
}

void add_data_lines(std::span<const PendingReading> readings, const std::vector<std::string>& names,
                    Flush& flush) {
    while (!readings.empty()) {
        const auto part = readings.first(fitting(readings, names));
        readings = readings.subspan(part.size());
        const auto span = span_of(part);
        flush.lines.push_back(wire::encode_record(record_of(part, names)));
        flush.contents.push_back(
            {.readings = part.size(), .first_ms = span.first, .last_ms = span.last});
        ENSURE(flush.lines.back().size() <= kLineBytesUsed);
    }
}

void add_line(const wire::Record& record, base::EventTime at, Flush& flush) {
    const auto ms = base::to_milliseconds(at);
    flush.lines.push_back(wire::encode_record(record));
    flush.contents.push_back({.readings = 0, .first_ms = ms, .last_ms = ms});
    ENSURE(flush.lines.back().size() <= kLineBytesUsed);
}

}  // namespace agent
