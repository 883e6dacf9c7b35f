#include "central/views/readings/reading_text.hpp"

#include <fmt/format.h>

#include <utility>

#include "base/json.hpp"
#include "central/text/csv.hpp"
#include "central/text/rfc3339.hpp"

namespace views {

std::string_view quality_of(const sinks::StoredReading& reading) {
    return reading.is_ahead ? "ahead" : "good";
}

ReadingText::ReadingText(const engine::SeriesRow& series, ReadingStyle style)
    : id_(series.node + "/" + series.declared.series),
      unit_(series.declared.unit),
      style_(std::move(style)) {}

std::string ReadingText::header() const {
    if (style_.format != ReadingFormat::csv) return {};
    return fmt::format("time,{}series,value,unit,quality,clock{}\r\n",
                       style_.zone ? "local_time," : "",
                       style_.with_origin ? ",incarnation,seq,stored_at" : "");
}

void ReadingText::add(std::string& text, const sinks::StoredReading& reading) {
    if (style_.format == ReadingFormat::csv) return add_csv(text, reading);
    if (style_.format == ReadingFormat::json && !std::exchange(is_first_, false)) text += ",";
    add_json(text, reading);
    text += '\n';
}

void ReadingText::add_json(std::string& text, const sinks::StoredReading& reading) const {
    base::JsonWriter json;
    json.begin_object().member("t", base::to_milliseconds(reading.place.at));
    if (style_.zone) json.member("local_time", text::rfc3339(reading.place.at, *style_.zone));
    if (style_.format == ReadingFormat::ndjson) json.member("series", id_);
    json.member("value", reading.value).member("quality", quality_of(reading));
    json.member("clock", wire::to_text(reading.origin.clock));
    if (style_.with_origin) {
        json.member("incarnation", wire::to_text(reading.origin.incarnation));
        json.member("seq", reading.origin.seq);
        json.member("stored_at", base::to_milliseconds(reading.origin.received));
    }
    json.end_object();
    text += json.text();
}

void ReadingText::add_csv(std::string& text, const sinks::StoredReading& reading) const {
    text += text::rfc3339(reading.place.at);
    if (style_.zone) text += "," + text::rfc3339(reading.place.at, *style_.zone);
    text += fmt::format(",{},{},{},{},{}", id_, reading.value, text::csv_field(unit_),
                        quality_of(reading), wire::to_text(reading.origin.clock));
    if (style_.with_origin) {
        text += fmt::format(",{},{},{}", wire::to_text(reading.origin.incarnation),
                            reading.origin.seq, text::rfc3339(reading.origin.received));
    }
    text += "\r\n";
}

}  // namespace views
