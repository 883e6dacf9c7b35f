#include "delivery/records/failed_lines.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "base/ensure.hpp"
#include "delivery/records/data_line.hpp"
#include "wire/limits.hpp"

namespace delivery {

namespace {

// The fixed text of the format with the longest numbers in it.
constexpr std::size_t kRecordBytes = 256;
constexpr std::size_t kColumnBytes = 32;
constexpr std::size_t kCountBytes = 40;

/// A record while it grows, within the limits of the wire.
class Line {
  public:
    /// False when the count must go into another line.
    bool add(const FailedKey& key, std::uint64_t count) {
        const auto known = columns_.find({key.series, key.reason});
        const bool is_new = known == columns_.end();
        auto bytes = kCountBytes;
        // A reason may need an escape for each of its characters.
        if (is_new) bytes += kColumnBytes + key.series.size() + 2 * key.reason.size();
        if (counts_ == wire::kRecordReadingsMax || bytes_ + bytes > kLineBytesUsed) return false;
        auto& reasons = reasons_[key.series];
        if (is_new && reasons == wire::kFailedReasonsMax) return false;
        if (is_new) ++reasons;
        bytes_ += bytes;
        ++counts_;
        columns_[{key.series, key.reason}].emplace_back(key.start, count);
        return true;
    }

    bool empty() const { return counts_ == 0; }

    /// Adds the record to the flush.
    void finish(const FailedHeader& header, Flush& flush) const {
        auto first = base::EventTime::max();
        auto last = base::EventTime::min();
        for (const auto& [name, counts] : columns_) {
            first = std::min(first, counts.front().first);
            last = std::max(last, counts.back().first);
        }
        auto record = header(first);
        for (const auto& [name, counts] : columns_) {
            auto& column = record.columns.emplace_back(wire::FailedColumn{
                .series = name.first, .reason = name.second, .dt_ms = {}, .counts = {}});
            for (const auto& [start, count] : counts) {
                column.dt_ms.push_back((start - first).count());
                column.counts.push_back(count);
            }
        }
        // They are no readings: a gap record does not count them.
        auto content = Flush::Content::without_times(0);
        if (record.clock != wire::ClockState::boot) {
            content.first_ms = base::to_milliseconds(first);
            content.last_ms = base::to_milliseconds(last + record.span) - 1;
        }
        flush.lines.push_back(wire::encode_record({.body = std::move(record), .origin = {}}));
        flush.contents.push_back(content);
        ENSURE(flush.lines.back().size() <= kLineBytesUsed);
    }

  private:
    using Counts = std::vector<std::pair<base::EventTime, std::uint64_t>>;

    std::size_t bytes_ = kRecordBytes;
    std::size_t counts_ = 0;
    std::map<std::pair<std::string, std::string>, Counts> columns_;  // By series and reason.
    std::map<std::string, std::size_t> reasons_;                     // How many of each series.
};

}  // namespace

void add_failed_lines(const FailedCounts& counts, const FailedHeader& header, Flush& flush) {
    Line line;
    for (const auto& [key, count] : counts) {
        if (line.add(key, count)) continue;
        line.finish(header, flush);
        line = {};
        ENSURE(line.add(key, count));
    }
    if (!line.empty()) line.finish(header, flush);
}

base::EventTime span_start(base::EventTime at, base::Duration span) {
    auto within = at.time_since_epoch() % span;
    if (within < base::Duration::zero()) within += span;
    return at - within;
}

}  // namespace delivery
