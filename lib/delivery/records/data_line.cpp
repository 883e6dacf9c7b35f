#include "delivery/records/data_line.hpp"

#include <algorithm>

namespace delivery {

namespace {

wire::RawColumn raw_column(const std::vector<Point>& points, base::EventTime at) {
    wire::RawColumn column;
    for (const auto& point : points) {
        column.dt_ms.push_back((point.at - at).count());
        column.values.push_back(point.value);
    }
    return column;
}

wire::PartialColumn partial_column(const std::vector<Point>& points, base::EventTime at) {
    std::vector<Partial> partials;
    for (const auto& point : points) partials.push_back(*point.partial);
    return column_of(partials, points.front().span, at);
}

wire::Column column_of(const std::string& series, const std::vector<Point>& points,
                       base::EventTime at) {
    if (points.front().partial == nullptr) {
        return {.series = series, .points = raw_column(points, at)};
    }
    return {.series = series, .points = partial_column(points, at)};
}

}  // namespace

void fit_into_a_line(Partial& partial) {
    if (partial.sketch && partial.sketch->encode().size() > kSketchBytesMax) partial.sketch.reset();
}

bool DataLine::add(const Point& point, std::size_t bytes) {
    if (points_ == wire::kRecordReadingsMax || bytes_ + bytes > kLineBytesUsed) return false;
    const auto known = columns_.find(point.series);
    if (known != columns_.end()) {
        const auto& first = known->second.front();
        if (first.span != point.span || first.has_sketch() != point.has_sketch()) return false;
    }
    bytes_ += bytes;
    ++points_;
    columns_[point.series].push_back(point);
    return true;
}

base::EventTime DataLine::start() const {
    auto start = base::EventTime::max();
    for (const auto& [series, points] : columns_) {
        for (const auto& point : points) start = std::min(start, point.at);
    }
    return start;
}

PackedLine DataLine::finish(wire::Data header, const std::vector<std::string>& names) const {
    auto first = base::EventTime::max();
    auto last = base::EventTime::min();
    for (const auto& [series, points] : columns_) {
        header.columns.push_back(column_of(names[series], points, header.at));
        for (const auto& point : points) {
            first = std::min(first, point.first_at());
            last = std::max(last, point.last_at());
        }
    }
    auto content = Flush::Content::without_times(header.readings());
    // Times that count from a boot mean nothing in a gap record.
    if (header.clock != wire::ClockState::boot) {
        content.first_ms = base::to_milliseconds(first);
        content.last_ms = base::to_milliseconds(last);
    }
    auto line = wire::encode_record({.body = std::move(header), .origin = {}});
    ENSURE(line.size() <= kLineBytesUsed);
    return {.line = std::move(line), .content = content};
}

}  // namespace delivery
