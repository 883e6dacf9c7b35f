#include "delivery/records/condensed.hpp"

#include <algorithm>
#include <span>

#include "delivery/records/data_line.hpp"

namespace delivery {

namespace {

using base::Duration;
using base::EventTime;

/// A disciplined clock moves by less between two records.
constexpr Duration kNear = std::chrono::milliseconds{500};

/// Readings are folded when the partials need at most this share of their bytes.
constexpr std::size_t kWorthPercent = 60;

// What the format costs besides its numbers, with room to spare.
constexpr std::size_t kRecordBytes = 128;
constexpr std::size_t kRawColumnBytes = 32;
constexpr std::size_t kPartialColumnBytes = 160;

/// A number and its comma.
template <class Number>
std::size_t bytes_of(Number number) {
    return length_of(number) + 1;
}

std::size_t bytes_of(const Partial& partial) {
    const auto& summary = partial.summary;
    std::size_t bytes = bytes_of(summary.count);
    for (const double number :
         {summary.sum, summary.sumsq, summary.min, summary.max, summary.first, summary.last}) {
        bytes += bytes_of(number);
    }
    bytes += bytes_of((partial.first_at - partial.start).count());
    bytes += bytes_of((partial.last_at - partial.start).count());
    if (partial.sketch) bytes += partial.sketch->encode().size() + 3;
    return bytes;
}

/// The point's bytes in a line of the time `at`. `new_column` is the name of its column when the
/// line has no such column yet, else empty.
std::size_t bytes_of(const Point& point, EventTime at, const std::string& new_column) {
    const bool is_raw = point.partial == nullptr;
    auto bytes = is_raw ? bytes_of(point.value) : bytes_of(*point.partial);
    bytes += bytes_of((point.at - at).count());
    if (new_column.empty()) return bytes;
    return bytes + new_column.size() + (is_raw ? kRawColumnBytes : kPartialColumnBytes);
}

}  // namespace

ClockOrigin::ClockOrigin(const wire::Data& data) : state(data.clock), boot(data.boot) {
    if (data.since_boot) booted = data.at - *data.since_boot;
}

ClockOrigin::ClockOrigin(const wire::Failed& failed) : state(failed.clock), boot(failed.boot) {
    if (failed.since_boot) booted = failed.at - *failed.since_boot;
}

bool ClockOrigin::is_near(const ClockOrigin& other) const {
    if (state != other.state || boot != other.boot) return false;
    if (!booted || !other.booted) return booted == other.booted;
    return std::chrono::abs(*booted - *other.booted) <= kNear;
}

base::Duration span_of(Detail detail) {
    ENSURE(detail != Detail::full);
    return std::chrono::minutes{detail == Detail::minutes ? 1 : 15};
}

Condensed::Condensed(Detail detail, ClockOrigin clock)
    : detail_(detail), clock_(std::move(clock)), span_(span_of(detail)) {}

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
        for (auto& each : partials_of(partial, data.at)) known.push_back(std::move(each));
    }
}

/// Only what lies within the spans aligned to `span_` can be folded; other partials stay.
void Condensed::fold(Series& series) const {
    SpanFold fold{span_};
    std::size_t bytes = 0;
    for (const auto& point : series.raw) {
        fold.add(point.at, point.value);
        bytes += bytes_of(point.value) + bytes_of((point.at - series.raw.front().at).count());
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
    // Parts of one span are joined without a loss.
    const bool loses =
        !series.raw.empty() || (!series.partials.empty() && series.partials.begin()->first < span_);
    if (loses && folded_bytes * 100 > bytes * kWorthPercent) return;
    auto& known = rest[span_];
    for (auto& partial : folded) known.push_back(std::move(partial));
    series.raw.clear();
    series.partials = std::move(rest);
}

std::vector<Point> Condensed::points() {
    std::vector<Point> points;
    std::size_t index = 0;
    for (auto& [name, series] : series_) {
        for (const auto& [at, value] : series.raw) {
            points.push_back({.series = index, .at = at, .value = value});
        }
        for (auto& [span, partials] : series.partials) {
            for (auto& partial : partials) {
                fit_into_a_line(partial);
                points.push_back(
                    {.series = index, .at = partial.start, .span = span, .partial = &partial});
            }
        }
        ++index;
    }
    std::stable_sort(points.begin(), points.end(),
                     [](const Point& a, const Point& b) { return a.at < b.at; });
    return points;
}

/// The header of a record whose points begin at `at`.
wire::Data Condensed::header(EventTime at) const {
    wire::Data data{
        .at = at, .clock = clock_.state, .boot = clock_.boot, .columns = {}, .since_boot = {}};
    // A span may begin before the boot in which its first reading was taken.
    if (clock_.booted && at >= *clock_.booted) data.since_boot = at - *clock_.booted;
    return data;
}

void Condensed::write(std::vector<ThinnedLine>& lines) {
    std::vector<std::string> names;
    for (auto& [name, series] : series_) {
        fold(series);
        names.push_back(name);
    }
    const auto points = this->points();
    pack(
        std::span{points}, [&](auto) { return DataLine{kRecordBytes + clock_.boot.size()}; },
        [&](DataLine& line, auto left, const Point& point) {
            const auto column = line.has_column(point.series) ? std::string{} : names[point.series];
            return line.add(point, bytes_of(point, left.front().at, column));
        },
        [&](const DataLine& line, auto packed) {
            auto [text, content] = line.finish(header(packed.front().at), names);
            lines.push_back({.line = std::move(text), .content = content, .detail = detail_});
        });
}

}  // namespace delivery
