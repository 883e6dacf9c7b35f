#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/json.hpp"
#include "wire/limits.hpp"
#include "wire/members.hpp"
#include "wire/record.hpp"
#include "wire/record_scan.hpp"
#include "wire/sketch.hpp"

namespace wire {

namespace {

using base::Error;
using base::Json;
using base::Result;

Error malformed(std::string reason) {
    return {base::Fault::malformed, std::move(reason)};
}

/// `dt`: offsets, or the name of an earlier column of the record with the same `size` offsets.
std::vector<std::int64_t> read_offsets(Members& members, const std::vector<Column>& earlier,
                                       std::size_t size) {
    const auto* dt = members.require("dt");
    if (dt == nullptr || !dt->is_string()) return members.integers("dt");
    for (const auto& column : earlier) {
        if (column.series != dt->string) continue;
        const auto& offsets = std::visit(
            [](const auto& points) -> const std::vector<std::int64_t>& { return points.dt_ms; },
            column.points);
        if (offsets.size() == size) return offsets;
        members.refuse("dt names a column of another length");
    }
    members.refuse("dt names no column before it");
    return {};
}

RawColumn read_raw(Members& members, const std::vector<Column>& earlier) {
    RawColumn column{.dt_ms = {}, .values = members.numbers("v")};
    column.dt_ms = read_offsets(members, earlier, column.values.size());
    if (column.values.empty()) members.refuse("a column holds no values");
    if (column.dt_ms.size() != column.values.size()) members.refuse("dt and v differ in length");
    return column;
}

PartialColumn read_partial(Members& members, const std::vector<Column>& earlier) {
    PartialColumn column{.span = members.duration("span"),
                         .dt_ms = {},
                         .summaries = {},
                         .sketches = {},
                         .first_dt_ms = {},
                         .last_dt_ms = {}};
    if (column.span <= base::Duration::zero()) members.refuse("span is not positive");
    const auto counts = members.integers("count");
    column.dt_ms = read_offsets(members, earlier, counts.size());
    const auto& sums = members.numbers("sum");
    const auto& squares = members.numbers("sumsq");
    const auto& least = members.numbers("min");
    const auto& most = members.numbers("max");
    const auto& first = members.numbers("first");
    const auto& last = members.numbers("last");
    const auto size = column.dt_ms.size();
    if (size == 0) members.refuse("a column holds no spans");
    for (const auto length : {counts.size(), sums.size(), squares.size(), least.size(), most.size(),
                              first.size(), last.size()}) {
        if (length != size) members.refuse("the lists of a partial differ in length");
    }
    if (!members.is_good()) return column;
    for (std::size_t i = 0; i < size; ++i) {
        if (counts[i] <= 0) members.refuse("count is not positive");
        column.summaries.push_back({.count = static_cast<std::uint64_t>(counts[i]),
                                    .sum = sums[i],
                                    .sumsq = squares[i],
                                    .min = least[i],
                                    .max = most[i],
                                    .first = first[i],
                                    .last = last[i]});
    }
    return column;
}

void read_times(Members& members, PartialColumn& column) {
    if (!members.has("first_dt") && !members.has("last_dt")) return;
    column.first_dt_ms = members.integers("first_dt");
    column.last_dt_ms = members.integers("last_dt");
    if (!members.is_good()) return;
    const auto size = column.summaries.size();
    if (column.first_dt_ms.size() != size || column.last_dt_ms.size() != size) {
        return members.refuse("the lists of a partial differ in length");
    }
    for (std::size_t i = 0; i < size; ++i) {
        const auto first = column.first_dt_ms[i];
        const auto last = column.last_dt_ms[i];
        if (first >= 0 && first <= last && last < column.span.count()) continue;
        return members.refuse("first_dt and last_dt are not within the span");
    }
}

void read_sketches(Members& members, const Json& object, PartialColumn& column) {
    const auto* sketches = object.find("sketch");
    if (sketches == nullptr || !members.is_good()) return;
    if (sketches->array.size() != column.summaries.size()) {
        return members.refuse("the lists of a partial differ in length");
    }
    for (const auto& sketch : sketches->array) {
        if (!sketch.is_string()) return members.refuse("sketch holds more than texts");
        const auto decoded = Sketch::decode(sketch.string);
        if (!decoded) return members.refuse(decoded.error().detail);
        if (decoded.value().count() != column.summaries[column.sketches.size()].count) {
            return members.refuse("a sketch has another count than its partial");
        }
        column.sketches.push_back(sketch.string);
    }
}

Result<Column> read_column(const std::string& series, const Json& object,
                           const std::vector<Column>& earlier) {
    if (!is_series_name(series)) return malformed("a series name is not sensor.quantity");
    if (!object.is_object()) return malformed("a column is not an object");
    Members members{object};
    Column column{.series = series, .points = {}};
    if (members.has("span")) {
        auto partial = read_partial(members, earlier);
        read_times(members, partial);
        read_sketches(members, object, partial);
        column.points = std::move(partial);
    } else {
        column.points = read_raw(members, earlier);
    }
    if (!members.is_good()) return members.error();
    return column;
}

/// What every record with times has.
template <class Timed>
void read_time(Members& members, Timed& record) {
    record.at = members.time("t");
    const auto state = parse_clock_state(members.text("clk"));
    if (!state) members.refuse("clk is not synced, holdover or boot");
    record.clock = state.value_or(ClockState::synced);
    record.boot = members.text_or_empty("boot", kNameBytesMax);
    if (members.has("bt")) record.since_boot = members.duration("bt");
    if (record.clock == ClockState::boot) {
        if (record.boot.empty()) members.refuse("clk is boot without a boot id");
        if (record.since_boot) members.refuse("clk is boot: t is the time since the boot, not bt");
        if (record.at < base::EventTime{}) members.refuse("t is before the boot");
    } else if (record.since_boot && record.boot.empty()) {
        members.refuse("bt without a boot id");
    }
}

/// Of the points that the column carries; a span of a partial is one.
const std::vector<std::int64_t>& offsets_of(const Column& column) {
    return std::visit(
        [](const auto& points) -> const std::vector<std::int64_t>& { return points.dt_ms; },
        column.points);
}

Result<Record> read_data(const Json& object) {
    Members members{object};
    Data data;
    read_time(members, data);
    const auto* series = members.require("series");
    if (series == nullptr || !series->is_object() || series->object.empty()) {
        members.refuse("series is not an object with columns");
    }
    if (!members.is_good()) return members.error();
    std::size_t points = 0;
    for (const auto& [name, content] : series->object) {
        auto column = read_column(name, content, data.columns);
        if (!column) return column.error();
        const auto& offsets = offsets_of(column.value());
        if (!has_exact_times(offsets, data.at)) return malformed("t and dt are not a time");
        points += offsets.size();
        data.columns.push_back(std::move(column).value());
    }
    if (points > kRecordReadingsMax) {
        return malformed(fmt::format("{} readings, {} are allowed", points, kRecordReadingsMax));
    }
    return Record{.body = std::move(data), .origin = {}};
}

/// Nothing when the declaration has no time: its node is an older one.
std::optional<Situation> read_situation(Members& members, const Json& object) {
    if (!members.has("t")) return std::nullopt;
    Situation situation;
    read_time(members, situation);
    situation.location = members.text_or_empty("location", kLocationBytesMax);
    if (!situation.location.empty() && !is_location(situation.location)) {
        members.refuse("location is not a path like /house/attic");
    }
    const auto* tags = object.find("tags");
    if (tags == nullptr) return situation;
    for (const auto& tag : tags->array) situation.tags.push_back(tag.string);
    const bool is_none = tags->is_numbers() && tags->numbers.empty();
    if ((situation.tags.empty() && !is_none) || !are_tags(situation.tags)) {
        members.refuse("tags are not a list of tags, in order and each once");
    }
    return situation;
}

Result<Record> read_series(const Json& object) {
    Members members{object};
    SeriesDeclaration series{.series = members.text("series"),
                             .quantity = members.text("quantity", kNameBytesMax),
                             .unit = members.text("unit", kNameBytesMax),
                             .driver = members.text("driver", kNameBytesMax),
                             .least = members.optional_number("least"),
                             .most = members.optional_number("most"),
                             .resolution = members.optional_number("resolution"),
                             .period = {}};
    if (members.has("period")) series.period = members.duration("period");
    series.also_between = members.truth_or_false("also_between");
    series.situation = read_situation(members, object);
    if (!is_series_name(series.series)) members.refuse("series is not sensor.quantity");
    if (!members.is_good()) return members.error();
    return Record{.body = std::move(series), .origin = {}};
}

Result<Record> read_gap(const Json& object) {
    Members members{object};
    Gap gap{.from = members.count("from"),
            .to = members.count("to"),
            .readings = members.count("readings"),
            .first = members.optional_time("first"),
            .last = members.optional_time("last"),
            .reason = {}};
    const auto reason = members.text("reason");
    bool known = false;
    for (const auto candidate : {GapReason::evicted, GapReason::thinned, GapReason::corrupt}) {
        if (to_text(candidate) != reason) continue;
        gap.reason = candidate;
        known = true;
    }
    if (!known) members.refuse("reason is not evicted, thinned or corrupt");
    if (gap.from == 0 || gap.to < gap.from) members.refuse("from and to are not a range");
    if (gap.first.has_value() != gap.last.has_value()) members.refuse("first and last go together");
    if (!members.is_good()) return members.error();
    return Record{.body = gap, .origin = {}};
}

Result<Record> read_clock_sample(const Json& object) {
    Members members{object};
    ClockSample sample{.boot = members.text("boot", kNameBytesMax),
                       .since_boot = members.duration("bt"),
                       .utc = members.time("utc"),
                       .error = members.duration("error")};
    if (sample.boot.empty()) members.refuse("boot is empty");
    if (!members.is_good()) return members.error();
    return Record{.body = std::move(sample), .origin = {}};
}

Result<Record> read_fault(const Json& object) {
    Members members{object};
    SensorFault fault;
    read_time(members, fault);
    fault.sensor = members.text("sensor", kNameBytesMax);
    fault.reason = members.text("reason");
    if (members.has("edges_us")) fault.edges_us = members.numbers("edges_us");
    if (!is_series_name(fault.sensor + ".x")) members.refuse("sensor is not a name");
    if (!members.is_good()) return members.error();
    return Record{.body = std::move(fault), .origin = {}};
}

Result<Record> read_failed(const Json& object) {
    Members members{object};
    Failed failed;
    read_time(members, failed);
    failed.span = members.duration("span");
    if (failed.span <= base::Duration::zero()) members.refuse("span is not positive");
    const auto* series = members.require("series");
    if (series == nullptr || !series->is_object() || series->object.empty()) {
        members.refuse("series is not an object with reasons");
    }
    if (!members.is_good()) return members.error();
    failed.columns = read_failed_columns(members, *series);
    std::size_t counts = 0;
    for (const auto& column : failed.columns) {
        counts += column.dt_ms.size();
        if (!has_exact_times(column.dt_ms, failed.at)) members.refuse("t and dt are not a time");
    }
    if (counts > kRecordReadingsMax) {
        members.refuse(fmt::format("{} counts, {} are allowed", counts, kRecordReadingsMax));
    }
    if (!members.is_good()) return members.error();
    return Record{.body = std::move(failed), .origin = {}};
}

Result<Record> read_body(const std::string& kind, const Json& object) {
    if (kind == "data") return read_data(object);
    if (kind == "series") return read_series(object);
    if (kind == "gap") return read_gap(object);
    if (kind == "clock") return read_clock_sample(object);
    if (kind == "fault") return read_fault(object);
    if (kind == "failed") return read_failed(object);
    return malformed("k is not data, series, gap, clock, fault or failed");
}

Result<Origin> read_origin(const Json& object) {
    Members members{object};
    const auto incarnation = parse_incarnation(members.text("inc"));
    const auto hash = parse_chain_hash(members.text("h"));
    const auto seq = members.count("seq");
    if (!members.is_good()) return members.error();
    if (!incarnation || !hash || seq == 0) return malformed("origin is not inc, seq and h");
    return Origin{.incarnation = *incarnation, .seq = seq, .hash = *hash};
}

}  // namespace

std::string_view to_text(ClockState state) {
    switch (state) {
        case ClockState::synced:
            return "synced";
        case ClockState::holdover:
            return "holdover";
        case ClockState::boot:
            return "boot";
    }
    return "";
}

std::optional<ClockState> parse_clock_state(std::string_view text) {
    for (const auto state : {ClockState::synced, ClockState::holdover, ClockState::boot}) {
        if (to_text(state) == text) return state;
    }
    return std::nullopt;
}

std::string_view to_text(GapReason reason) {
    switch (reason) {
        case GapReason::evicted:
            return "evicted";
        case GapReason::thinned:
            return "thinned";
        case GapReason::corrupt:
            return "corrupt";
    }
    return "";
}

std::uint64_t Column::readings() const {
    if (const auto* raw = std::get_if<RawColumn>(&points)) return raw->values.size();
    std::uint64_t total = 0;
    for (const auto& summary : std::get<PartialColumn>(points).summaries) total += summary.count;
    return total;
}

std::uint64_t Data::readings() const {
    std::uint64_t total = 0;
    for (const auto& column : columns) total += column.readings();
    return total;
}

Result<Record> decode_record(std::string_view line) {
    if (auto record = scan_record(line)) return std::move(*record);
    return parse_record(line);
}

bool has_exact_times(const std::vector<std::int64_t>& offsets, base::EventTime at) {
    const auto start = base::to_milliseconds(at);
    constexpr auto kMost = static_cast<std::int64_t>(kSequenceMax);
    return std::all_of(offsets.begin(), offsets.end(), [start](std::int64_t offset) {
        return start + offset <= kMost && start + offset >= -kMost;
    });
}

Result<Record> parse_record(std::string_view line) {
    const auto json = base::parse_json(
        line,
        {.bytes_max = kLineBytesMax, .depth_max = kJsonDepthMax, .values_max = kLineBytesMax});
    if (!json) return json.error();
    if (!json.value().is_object()) return malformed("a record is not an object");
    const auto* kind = json.value().find("k");
    if (kind == nullptr || !kind->is_string()) return malformed("k is missing");
    auto record = read_body(kind->string, json.value());
    if (!record) return record;
    const auto* origin = json.value().find("origin");
    if (origin == nullptr) return record;
    auto parsed = read_origin(*origin);
    if (!parsed) return parsed.error();
    auto tagged = std::move(record).value();
    tagged.origin = parsed.value();
    return tagged;
}

}  // namespace wire
