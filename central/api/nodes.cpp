#include "central/api/nodes.hpp"

#include <iterator>
#include <map>

#include "central/api/json_values.hpp"

namespace api {

namespace {

void write_last_stored(base::JsonWriter& json, const engine::NodeRow* row) {
    json.key("last_stored");
    if (row == nullptr || row->applied.seq == 0) {
        json.null();
        return;
    }
    json.begin_object().member("inc", wire::to_text(row->incarnation));
    json.member("seq", row->applied.seq).member("at", base::to_milliseconds(row->stored_at));
    json.end_object();
}

void write_details(base::JsonWriter& json, const NodeView& view) {
    const auto* details =
        view.presence != nullptr && view.presence->details ? &*view.presence->details : nullptr;
    json.key("outbox");
    if (details != nullptr) {
        json.begin_object().member("records", details->outbox_records).end_object();
    } else {
        json.null();
    }
    json.key("version");
    if (details != nullptr) {
        json.value(details->version);
    } else {
        json.null();
    }
    json.key("clock");
    if (details != nullptr) {
        json.value(wire::to_text(details->clock));
    } else if (view.row != nullptr) {
        json.value(wire::to_text(view.row->clock));
    } else {
        json.null();
    }
}

void write_latest(base::JsonWriter& json, const std::vector<const engine::SeriesRow*>& all) {
    json.key("latest").begin_array();
    for (const auto* series : all) {
        if (!series->last_at) continue;
        json.begin_object().member("series", series->declared.series);
        json.member("quantity", series->declared.quantity);
        json.member("unit", series->declared.unit);
        json.member("t", base::to_milliseconds(*series->last_at));
        json.member("value", series->last_value).end_object();
    }
    json.end_array();
}

}  // namespace

void write_node(base::JsonWriter& json, const NodeView& view) {
    json.begin_object().member("node", view.node);
    json.member("state", view.presence != nullptr ? wire::to_text(view.presence->state)
                                                  : std::string_view{"unknown"});
    json.key("state_since");
    write_time(json, view.presence != nullptr ? view.presence->since : std::nullopt);
    json.key("last_record");
    write_time(json, view.row != nullptr ? view.row->newest : std::nullopt);
    write_last_stored(json, view.row);
    write_details(json, view);
    json.member("lost_records", view.row != nullptr ? view.row->lost_records : std::uint64_t{0});
    if (view.row != nullptr && view.row->unplaced > 0) {
        json.member("unplaced_records", view.row->unplaced);
    }
    write_latest(json, view.series);
    json.end_object();
}

base::Result<std::string> list_nodes(sinks::Query& query, const NodePresences& presences,
                                     const PageQuestion& page, base::EventTime now) {
    // One more than is shown, of both: it tells that there are more.
    const auto rows = query.nodes({.after = page.after, .limit = page.limit + 1});
    if (!rows) return rows.error();
    std::map<std::string, NodeView> views;
    for (const auto& row : rows.value()) views[row.node].row = &row;
    auto presence = presences.upper_bound(page.after);
    for (std::size_t i = 0; i <= page.limit && presence != presences.end(); ++i, ++presence) {
        views[presence->first].presence = &presence->second;
    }
    const bool more = views.size() > page.limit;
    if (more)
        views.erase(std::next(views.begin(), static_cast<std::ptrdiff_t>(page.limit)), views.end());
    base::JsonWriter json;
    json.begin_object().member("now", base::to_milliseconds(now)).key("items").begin_array();
    for (auto& [node, view] : views) {
        const auto series = query.series(node);
        if (!series) return series.error();
        view.node = node;
        for (const auto& row : series.value()) view.series.push_back(&row);
        write_node(json, view);
        view.series.clear();
    }
    json.end_array();
    write_next(json, more ? &views.rbegin()->first : nullptr);
    json.end_object();
    return json.take();
}

}  // namespace api
