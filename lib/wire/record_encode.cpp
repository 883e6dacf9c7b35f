#include <cmath>

#include "base/ensure.hpp"
#include "base/json.hpp"
#include "wire/limits.hpp"
#include "wire/record.hpp"

namespace wire {

namespace {

using base::JsonWriter;

void write_offsets(JsonWriter& json, const std::vector<std::int64_t>& offsets,
                   const char* name = "dt") {
    json.key(name).begin_array();
    for (const auto offset : offsets) json.value(offset);
    json.end_array();
}

template <class Member>
void write_member(JsonWriter& json, const char* name, const std::vector<Summary>& summaries,
                  Member member) {
    json.key(name).begin_array();
    for (const auto& summary : summaries) json.value(summary.*member);
    json.end_array();
}

const std::vector<std::int64_t>& offsets_of(const Column& column) {
    return std::visit(
        [](const auto& points) -> const std::vector<std::int64_t>& { return points.dt_ms; },
        column.points);
}

std::size_t text_length(const std::vector<std::int64_t>& offsets) {
    JsonWriter json;
    json.begin_array();
    for (const auto offset : offsets) json.value(offset);
    return json.end_array().text().size();
}

/// An earlier column of the record with the same offsets, if its name is shorter than they are.
const Column* namesake(const std::vector<Column>& columns, const Column& column) {
    const auto& offsets = offsets_of(column);
    for (const auto& earlier : columns) {
        if (&earlier == &column) return nullptr;
        if (offsets_of(earlier) != offsets) continue;
        const auto quoted = earlier.series.size() + 2;
        return quoted < text_length(offsets) ? &earlier : nullptr;
    }
    return nullptr;
}

void write_offsets(JsonWriter& json, const std::vector<Column>& columns, const Column& column) {
    const auto* earlier = namesake(columns, column);
    if (earlier == nullptr) return write_offsets(json, offsets_of(column));
    json.member("dt", earlier->series);
}

void write_points(JsonWriter& json, const RawColumn& column) {
    ENSURE(!column.values.empty());
    ENSURE(column.dt_ms.size() == column.values.size());
    json.key("v").begin_array();
    for (const double value : column.values) {
        ENSURE(std::isfinite(value));
        json.value(value);
    }
    json.end_array();
}

void write_points(JsonWriter& json, const PartialColumn& column) {
    ENSURE(!column.summaries.empty());
    ENSURE(column.dt_ms.size() == column.summaries.size());
    ENSURE(column.sketches.empty() || column.sketches.size() == column.summaries.size());
    write_member(json, "count", column.summaries, &Summary::count);
    write_member(json, "min", column.summaries, &Summary::min);
    write_member(json, "max", column.summaries, &Summary::max);
    write_member(json, "sum", column.summaries, &Summary::sum);
    write_member(json, "sumsq", column.summaries, &Summary::sumsq);
    write_member(json, "first", column.summaries, &Summary::first);
    write_member(json, "last", column.summaries, &Summary::last);
    if (!column.first_dt_ms.empty()) {
        ENSURE(column.first_dt_ms.size() == column.summaries.size());
        ENSURE(column.last_dt_ms.size() == column.summaries.size());
        write_offsets(json, column.first_dt_ms, "first_dt");
        write_offsets(json, column.last_dt_ms, "last_dt");
    }
    if (column.sketches.empty()) return;
    json.key("sketch").begin_array();
    for (const auto& sketch : column.sketches) json.value(sketch);
    json.end_array();
}

/// What every record with times has.
template <class Timed>
void write_time(JsonWriter& json, const Timed& record) {
    const bool counts_from_boot = record.clock == ClockState::boot;
    ENSURE(!record.boot.empty() || (!counts_from_boot && !record.since_boot));
    ENSURE(!counts_from_boot || !record.since_boot);
    json.member("t", base::to_milliseconds(record.at)).member("clk", to_text(record.clock));
    if (!record.boot.empty()) json.member("boot", record.boot);
    if (record.since_boot) json.member("bt", record.since_boot->count());
}

void write_body(JsonWriter& json, const Data& data) {
    json.member("k", "data");
    write_time(json, data);
    json.key("series").begin_object();
    for (const auto& column : data.columns) {
        json.key(column.series).begin_object();
        if (const auto* partial = std::get_if<PartialColumn>(&column.points)) {
            json.member("span", partial->span.count());
        }
        write_offsets(json, data.columns, column);
        std::visit([&](const auto& points) { write_points(json, points); }, column.points);
        json.end_object();
    }
    json.end_object();
}

void write_optional(JsonWriter& json, const char* name, const std::optional<double>& number) {
    if (number) json.member(name, *number);
}

void write_situation(JsonWriter& json, const Situation& situation) {
    ENSURE(situation.location.empty() || is_location(situation.location));
    ENSURE(are_tags(situation.tags));
    write_time(json, situation);
    if (!situation.location.empty()) json.member("location", situation.location);
    if (situation.tags.empty()) return;
    json.key("tags").begin_array();
    for (const auto& tag : situation.tags) json.value(tag);
    json.end_array();
}

void write_body(JsonWriter& json, const SeriesDeclaration& series) {
    json.member("k", "series").member("series", series.series);
    json.member("quantity", series.quantity).member("unit", series.unit);
    json.member("driver", series.driver);
    write_optional(json, "least", series.least);
    write_optional(json, "most", series.most);
    write_optional(json, "resolution", series.resolution);
    if (series.period) json.member("period", series.period->count());
    if (series.also_between) json.member("also_between", true);
    if (series.situation) write_situation(json, *series.situation);
}

void write_body(JsonWriter& json, const Gap& gap) {
    json.member("k", "gap").member("from", gap.from).member("to", gap.to);
    json.member("readings", gap.readings);
    ENSURE(gap.first.has_value() == gap.last.has_value());
    if (gap.first) json.member("first", base::to_milliseconds(*gap.first));
    if (gap.last) json.member("last", base::to_milliseconds(*gap.last));
    json.member("reason", to_text(gap.reason));
}

void write_body(JsonWriter& json, const ClockSample& sample) {
    json.member("k", "clock").member("boot", sample.boot);
    json.member("bt", sample.since_boot.count());
    json.member("utc", base::to_milliseconds(sample.utc));
    json.member("error", sample.error.count());
}

void write_body(JsonWriter& json, const SensorFault& fault) {
    json.member("k", "fault");
    write_time(json, fault);
    json.member("sensor", fault.sensor).member("reason", fault.reason);
    if (fault.edges_us.empty()) return;
    json.key("edges_us").begin_array();
    for (const double edge : fault.edges_us) json.value(edge);
    json.end_array();
}

void write_body(JsonWriter& json, const Failed& failed) {
    ENSURE(failed.span > base::Duration::zero());
    json.member("k", "failed");
    write_time(json, failed);
    json.member("span", failed.span.count());
    write_failed_columns(json.key("series"), failed.columns);
}

void write_origin(JsonWriter& json, const Origin& origin) {
    json.key("origin").begin_object();
    json.member("inc", to_text(origin.incarnation)).member("seq", origin.seq);
    json.member("h", to_text(origin.hash)).end_object();
}

}  // namespace

std::string encode_record(const Record& record) {
    JsonWriter json;
    json.begin_object();
    std::visit([&](const auto& body) { write_body(json, body); }, record.body);
    if (record.origin) write_origin(json, *record.origin);
    json.end_object();
    ENSURE(json.text().size() <= kLineBytesMax);
    return json.take();
}

std::string with_origin(std::string_view line, const Origin& origin) {
    ENSURE(line.ends_with('}'));
    if (line.find(R"(,"origin":{)") != std::string_view::npos) return std::string{line};
    JsonWriter json;
    write_origin(json, origin);
    std::string tagged{line.substr(0, line.size() - 1)};
    tagged += ',';
    tagged += json.text();
    return tagged + '}';
}

}  // namespace wire
