#include "agent/record_lines.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdlib>
#include <map>

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

}  // namespace

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
