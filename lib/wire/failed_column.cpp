#include "wire/failed_column.hpp"

#include <fmt/format.h>

#include <utility>

#include "base/ensure.hpp"
#include "base/json.hpp"
#include "wire/identity.hpp"
#include "wire/members.hpp"

namespace wire {

namespace {

using base::Json;
using base::JsonWriter;

FailedColumn read_column(Members& outer, const std::string& series, const std::string& reason,
                         const Json& object) {
    FailedColumn column{.series = series, .reason = reason, .dt_ms = {}, .counts = {}};
    if (reason.empty() || reason.size() > kFailedReasonBytesMax) {
        outer.refuse("a reason is empty or too long");
    }
    Members members{object};
    column.dt_ms = members.integers("dt");
    for (const auto count : members.integers("n")) {
        if (count <= 0) members.refuse("n is not positive");
        column.counts.push_back(static_cast<std::uint64_t>(count));
    }
    if (column.dt_ms.size() != column.counts.size()) members.refuse("dt and n differ in length");
    if (column.dt_ms.empty()) members.refuse("a reason has no counts");
    if (!members.is_good()) outer.refuse(members.error().detail);
    return column;
}

void write_numbers(JsonWriter& json, const char* name, const auto& numbers) {
    json.key(name).begin_array();
    for (const auto number : numbers) json.value(number);
    json.end_array();
}

void write_column(JsonWriter& json, const FailedColumn& column) {
    ENSURE(!column.reason.empty() && column.reason.size() <= kFailedReasonBytesMax);
    ENSURE(!column.dt_ms.empty() && column.dt_ms.size() == column.counts.size());
    json.key(column.reason).begin_object();
    write_numbers(json, "dt", column.dt_ms);
    write_numbers(json, "n", column.counts);
    json.end_object();
}

}  // namespace

std::vector<FailedColumn> read_failed_columns(Members& members, const Json& series) {
    std::vector<FailedColumn> columns;
    for (const auto& [name, reasons] : series.object) {
        if (!is_series_name(name) && !is_series_name(name + ".x")) {
            members.refuse("what failed is neither sensor.quantity nor a sensor");
        }
        if (reasons.object.empty() || reasons.object.size() > kFailedReasonsMax) {
            members.refuse(
                fmt::format("a series has no reasons, or more than {}", kFailedReasonsMax));
        }
        for (const auto& [reason, counts] : reasons.object) {
            columns.push_back(read_column(members, name, reason, counts));
        }
    }
    return columns;
}

void write_failed_columns(JsonWriter& json, const std::vector<FailedColumn>& columns) {
    ENSURE(!columns.empty());
    json.begin_object();
    const std::string* series = nullptr;
    for (const auto& column : columns) {
        if (series == nullptr || *series != column.series) {
            if (series != nullptr) json.end_object();
            json.key(column.series).begin_object();
            series = &column.series;
        }
        write_column(json, column);
    }
    json.end_object().end_object();
}

}  // namespace wire
