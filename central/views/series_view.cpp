#include "central/views/series_view.hpp"

#include "central/views/json_values.hpp"

namespace views {

std::string series_id(const engine::SeriesRow& row) {
    return row.node + "/" + row.declared.series;
}

void write_series(base::JsonWriter& json, const engine::SeriesRow& row,
                  const dimensions::Situation& situation) {
    const auto& declared = row.declared;
    json.begin_object().member("id", series_id(row)).member("node", row.node);
    json.member("series", declared.series).member("quantity", declared.quantity);
    json.member("unit", declared.unit).member("driver", declared.driver).key("period_ms");
    if (declared.period) {
        json.value(std::int64_t{declared.period->count()});
    } else {
        json.null();
    }
    json.key("first");
    write_time(json, row.first_at);
    json.key("last");
    write_time(json, row.last_at);
    json.member("readings", row.readings);
    if (row.ahead) {
        json.key("ahead").begin_object();
        write_ahead_members(json, *row.ahead);
        json.end_object();
    }
    json.key("location");
    if (situation.location.empty()) {
        json.null();
    } else {
        json.value(situation.location);
    }
    json.key("tags").begin_array();
    for (const auto& tag : situation.tags) json.value(tag);
    json.end_array();
    json.end_object();
}

}  // namespace views
