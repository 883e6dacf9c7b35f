#include "agent/records/condensed.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include "agent/records/record_lines.hpp"
#include "base/ensure.hpp"
#include "wire/limits.hpp"

namespace agent {

namespace {

using base::Duration;
using base::EventTime;
using wire::Partial;

/// A clock that is kept in time is moved by less between two records.
constexpr Duration kNear = std::chrono::milliseconds{500};

/// Partials take the place of readings when they need at most this share of their bytes.
constexpr std::size_t kWorthPercent = 60;

// What the format costs beside its numbers, with room to spare.
constexpr std::size_t kRecordBytes = 128;
constexpr std::size_t kRawColumnBytes = 32;
constexpr std::size_t kPartialColumnBytes = 160;

template <class Number>
std::size_t length_of(Number number) {
    std::array<char, 32> buffer{};
    const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), number);
    return static_cast<std::size_t>(end.ptr - buffer.data()) + 1;  // And a comma.
}

std::size_t bytes_of(const Partial& partial) {
    const auto& summary = partial.summary;
    std::size_t bytes = length_of(summary.count);
    for (const double number :
         {summary.sum, summary.sumsq, summary.min, summary.max, summary.first, summary.last}) {
        bytes += length_of(number);
    }
    bytes += length_of((partial.first_at - partial.start).count());
    bytes += length_of((partial.last_at - partial.start).count());
    if (partial.sketch) bytes += partial.sketch->encode().size() + 3;
    return bytes;
}

void fit_into_a_line(Partial& partial) {
    if (!partial.sketch || partial.sketch->encode().size() <= kSketchBytesMax) return;
    partial.sketch.reset();
}

/// A reading or a partial on its way into a line.
struct Item {
    const std::string* series = nullptr;
    EventTime at{};   // Of the reading; the start of the span.
    Duration span{};  // 0: a reading.
    double value = 0;
    const Partial* partial = nullptr;

    std::size_t bytes() const { return partial == nullptr ? length_of(value) : bytes_of(*partial); }
    bool has_sketch() const { return partial != nullptr && partial->sketch; }
    EventTime first_at() const { return partial == nullptr ? at : partial->first_at; }
    EventTime last_at() const { return partial == nullptr ? at : partial->last_at; }
};

/// A line while it grows.
class Line {
  public:
    Line(const ClockOrigin& clock, EventTime at)
        : clock_(clock), at_(at), bytes_(kRecordBytes + clock.boot.size()) {}

    /// False when it must go into another line.
    bool add(const Item& item) {
        if (points_ == wire::kRecordReadingsMax) return false;
        const auto known = columns_.find(*item.series);
        if (known != columns_.end() && !known->second.takes(item)) return false;
        auto bytes = item.bytes() + length_of((item.at - at_).count());
        if (known == columns_.end()) {
            bytes += item.series->size();
            bytes += item.partial == nullptr ? kRawColumnBytes : kPartialColumnBytes;
        }
        if (bytes_ + bytes > kLineBytesUsed) return false;
        bytes_ += bytes;
        ++points_;
        columns_[*item.series].items.push_back(item);
        return true;
    }

    ThinnedLine finish(Detail detail) const {
        wire::Data data{
            .at = at_, .clock = clock_.state, .boot = clock_.boot, .columns = {}, .since_boot = {}};
        // A span may begin before the boot in which its first reading was taken.
        if (clock_.booted && at_ >= *clock_.booted) data.since_boot = at_ - *clock_.booted;
        EventTime first = EventTime::max();
        EventTime last = EventTime::min();
        for (const auto& [name, column] : columns_) {
            data.columns.push_back({.series = name, .points = column.points(at_)});
            for (const auto& item : column.items) {
                first = std::min(first, item.first_at());
                last = std::max(last, item.last_at());
            }
        }
        auto content = Flush::Content::without_times(data.readings());
        if (clock_.state != wire::ClockState::boot) {
            content.first_ms = base::to_milliseconds(first);
            content.last_ms = base::to_milliseconds(last);
        }
        return {.line = wire::encode_record({.body = std::move(data), .origin = {}}),
                .content = content,
                .detail = detail};
    }

  private:
    struct Column {
        std::vector<Item> items;

        /// A column holds one kind of points, all with a sketch or all without.
        bool takes(const Item& item) const {
            return items.front().span == item.span &&
                   items.front().has_sketch() == item.has_sketch();
        }
        std::variant<wire::RawColumn, wire::PartialColumn> points(EventTime at) const {
            if (items.front().partial == nullptr) {
                wire::RawColumn raw;
                for (const auto& item : items) {
                    raw.dt_ms.push_back((item.at - at).count());
                    raw.values.push_back(item.value);
                }
                return raw;
            }
            std::vector<Partial> partials;
            for (const auto& item : items) partials.push_back(*item.partial);
            return wire::column_of(partials, items.front().span, at);
        }
    };

    const ClockOrigin& clock_;
    EventTime at_;
    std::size_t bytes_;
    std::size_t points_ = 0;
    std::map<std::string, Column> columns_;
};

}  // namespace

ClockOrigin::ClockOrigin(const wire::Data& data) : state(data.clock), boot(data.boot) {
    if (data.since_boot) booted = data.at - *data.since_boot;
}

bool ClockOrigin::is_near(const ClockOrigin& other) const {
    if (state != other.state || boot != other.boot) return false;
    if (!booted || !other.booted) return booted == other.booted;
    return std::chrono::abs(*booted - *other.booted) <= kNear;
}

Condensed::Condensed(Detail detail, ClockOrigin clock)
    : detail_(detail),
      clock_(std::move(clock)),
      span_(std::chrono::minutes{detail == Detail::minutes ? 1 : 15}) {}

void Condensed::add(const wire::Data& data) {
    for (const auto& column : data.columns) {
        auto& series = series_[column.series];
        if (const auto* raw = std::get_if<wire::RawColumn>(&column.points)) {
            for (std::size_t i = 0; i < raw->values.size(); ++i) {
                series.raw.push_back(
                    {.at = data.at + Duration{raw->dt_ms[i]}, .value = raw->values[i]});
            }
            continue;
        }
        const auto& partial = std::get<wire::PartialColumn>(column.points);
        auto& known = series.partials[partial.span];
        for (auto& each : wire::partials_of(partial, data.at)) known.push_back(std::move(each));
    }
}

/// Only what lies within the spans aligned to `span_` can be folded; other partials stay.
void Condensed::fold(Series& series) const {
    wire::SpanFold fold{span_};
    std::size_t bytes = 0;
    for (const auto& point : series.raw) {
        fold.add(point.at, point.value);
        bytes += length_of(point.value) + length_of((point.at - series.raw.front().at).count());
    }
    auto rest = series.partials;
    for (auto& [span, partials] : rest) {
        if (span > span_) break;
        std::erase_if(partials, [&, length = span](const Partial& partial) {
            if (!fold.fits(partial.start, length)) return false;
            fold.merge(partial);
            bytes += bytes_of(partial);
            return true;
        });
    }
    auto folded = fold.take_all();
    std::size_t folded_bytes = 0;
    for (const auto& partial : folded) folded_bytes += bytes_of(partial);
    // Nothing is lost where halves of the same span are put together.
    const bool loses =
        !series.raw.empty() || (!series.partials.empty() && series.partials.begin()->first < span_);
    if (loses && folded_bytes * 100 > bytes * kWorthPercent) return;
    auto& known = rest[span_];
    for (auto& partial : folded) known.push_back(std::move(partial));
    series.raw.clear();
    series.partials = std::move(rest);
}

void Condensed::write(std::vector<ThinnedLine>& lines) {
    std::vector<Item> items;
    for (auto& [name, series] : series_) {
        fold(series);
        for (const auto& [at, value] : series.raw) {
            items.push_back({.series = &name, .at = at, .value = value});
        }
        for (auto& [span, partials] : series.partials) {
            for (auto& partial : partials) {
                fit_into_a_line(partial);
                items.push_back(
                    {.series = &name, .at = partial.start, .span = span, .partial = &partial});
            }
        }
    }
    std::stable_sort(items.begin(), items.end(),
                     [](const Item& a, const Item& b) { return a.at < b.at; });
    std::optional<Line> line;
    for (const auto& item : items) {
        if (line && line->add(item)) continue;
        if (line) lines.push_back(line->finish(detail_));
        line.emplace(clock_, item.at);
        ENSURE(line->add(item));
    }
    if (line) lines.push_back(line->finish(detail_));
}

}  // namespace agent
