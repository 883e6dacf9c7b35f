#include "central/views/node_view.hpp"

#include <algorithm>
#include <set>

#include "central/views/json_values.hpp"
#include "central/views/needs.hpp"

namespace views {

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

void write_texts(base::JsonWriter& json, const char* name, const std::vector<std::string>& texts) {
    if (texts.empty()) return;
    json.key(name).begin_array();
    for (const auto& text : texts) json.value(text);
    json.end_array();
}

/// What is wrong, in the node's words and in ours; nothing of it when all is well.
void write_trouble(base::JsonWriter& json, const NodeView& view) {
    if (view.presence != nullptr && view.presence->details) {
        write_texts(json, "trouble", trouble_of(view, *view.presence->details));
        write_texts(json, "faults", view.presence->details->faults);
    }
    if (view.quarantined.empty()) return;
    json.key("quarantined").begin_array();
    for (const auto& [reason, records, detail] : view.quarantined) {
        json.begin_object().member("reason", reason).member("records", records);
        json.member("detail", detail).end_object();
    }
    json.end_array();
}

/// When its clock was last set so late that records waited for it; absent when it never was.
void write_placed(base::JsonWriter& json, const NodeView& view) {
    if (!view.placed) return;
    json.key("placed").begin_object().member("records", view.placed->records);
    json.member("started", base::to_milliseconds(view.placed->started));
    json.member("clock_set", base::to_milliseconds(view.placed->clock_set)).end_object();
}

/// Where its series are, and all their tags; neither when nothing is known.
void write_situations(base::JsonWriter& json, const NodeView& view) {
    std::set<std::string> locations;
    std::set<std::string> tags;
    for (const auto& [series, situation] : view.situations) {
        if (!situation.location.empty()) locations.insert(situation.location);
        tags.insert(situation.tags.begin(), situation.tags.end());
    }
    write_texts(json, "locations", {locations.begin(), locations.end()});
    write_texts(json, "tags", {tags.begin(), tags.end()});
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

/// Apart from the latest values: a reading from the future is never the newest.
void write_all_ahead(base::JsonWriter& json, const std::vector<const engine::SeriesRow*>& all) {
    const auto is_ahead = [](const auto* series) { return series->ahead.has_value(); };
    if (std::none_of(all.begin(), all.end(), is_ahead)) return;
    json.key("ahead").begin_array();
    for (const auto* series : all) {
        if (!series->ahead) continue;
        json.begin_object().member("series", series->declared.series);
        json.member("unit", series->declared.unit);
        write_ahead_members(json, *series->ahead);
        json.end_object();
    }
    json.end_array();
}

/// The newest boots.
void write_unplaced(base::JsonWriter& json, const std::vector<engine::Bracket>& all) {
    const auto first = all.size() - std::min(all.size(), kWaitingBootsMax);
    json.key("unplaced").begin_array();
    for (auto i = first; i < all.size(); ++i) {
        json.begin_object().member("boot", all[i].boot).member("records", all[i].records);
        json.key("not_before");
        write_time(json, all[i].not_before);
        json.key("not_after");
        write_time(json, all[i].not_after);
        json.end_object();
    }
    json.end_array();
}

}  // namespace

base::Status add_stored(NodeView& view, sinks::Query& query, base::EventTime now) {
    auto quarantined = query.quarantined(view.node);
    if (!quarantined) return quarantined.error();
    view.quarantined = std::move(quarantined).value();
    auto placed = query.last_placed(view.node);
    if (!placed) return placed.error();
    view.placed = placed.value();
    if (view.row != nullptr && view.row->unplaced > 0) {
        const auto boots = query.boots(view.node);
        if (!boots) return boots.error();
        view.unplaced = engine::brackets_of(boots.value());
    }
    auto situations = query.situations(view.node, now);
    if (!situations) return situations.error();
    view.situations = std::move(situations).value();
    auto findings = query.findings({.node = view.node,
                                    .series = {},
                                    .from = base::EventTime::min(),
                                    .to = base::EventTime::max(),
                                    .is_open = true,
                                    .before = {},
                                    .rows_max = kOpenFindingsMax});
    if (!findings) return findings.error();
    for (auto& row : std::move(findings).value()) {
        view.open.emplace_back(std::move(row.series), std::move(row.finding));
    }
    return base::Done{};
}

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
        write_unplaced(json, view.unplaced);
    }
    write_placed(json, view);
    write_trouble(json, view);
    write_situations(json, view);
    write_needs(json, needs_of(view));
    write_latest(json, view.series);
    write_all_ahead(json, view.series);
    json.end_object();
}

}  // namespace views
