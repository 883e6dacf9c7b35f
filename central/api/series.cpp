#include "central/api/series.hpp"

#include <fmt/format.h>

#include "base/settings.hpp"
#include "central/api/json_values.hpp"

namespace api {

namespace {

constexpr std::size_t kComparedBytesMax = 128;
constexpr std::size_t kComparedNamesMax = 10'000;

void write_series(base::JsonWriter& json, const engine::SeriesRow& row) {
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
    json.member("readings", row.readings).end_object();
}

/// The problem when the node is not known at all, or nothing: a node may have no series yet.
std::variant<std::monostate, Problem> missing_node(sinks::Query& query,
                                                   const NodePresences& presences,
                                                   const std::string& node) {
    if (presences.contains(node)) return {};
    const auto row = query.node(node);
    if (!row) return query_failed(row.error());
    if (row.value()) return {};
    const auto rows = query.nodes({.after = {}, .limit = kComparedNamesMax + 1});
    if (!rows) return query_failed(rows.error());
    std::vector<std::string> names;
    for (const auto& one : rows.value()) names.push_back(one.node);
    for (const auto& [name, presence] : presences) names.push_back(name);
    auto problem = not_known("node", node, names);
    return problem;
}

}  // namespace

std::string series_id(const engine::SeriesRow& row) {
    return row.node + "/" + row.declared.series;
}

std::variant<std::string, Problem> list_series(sinks::Query& query, const NodePresences& presences,
                                               const std::string& node, const PageQuestion& page,
                                               base::EventTime now) {
    auto found = query.series(node, {.after = page.after, .limit = page.limit + 1});
    if (!found) return query_failed(found.error());
    auto rows = std::move(found).value();
    if (rows.empty() && !node.empty()) {
        auto missing = missing_node(query, presences, node);
        if (auto* problem = std::get_if<Problem>(&missing)) return std::move(*problem);
    }
    base::JsonWriter json;
    json.begin_object().member("now", base::to_milliseconds(now)).key("items").begin_array();
    const bool more = rows.size() > page.limit;
    if (more) rows.pop_back();
    for (const auto& row : rows) write_series(json, row);
    json.end_array();
    const auto last = more ? series_id(rows.back()) : std::string{};
    write_next(json, more ? &last : nullptr);
    json.end_object();
    return json.take();
}

std::variant<engine::SeriesRow, Problem> find_series(sinks::Query& query, const std::string& id) {
    const auto rows = query.series(id.substr(0, id.find('/')));
    if (!rows) return query_failed(rows.error());
    for (const auto& row : rows.value()) {
        if (series_id(row) == id) return row;
    }
    const auto all = query.series({}, {.after = {}, .limit = kComparedNamesMax + 1});
    if (!all) return query_failed(all.error());
    std::vector<std::string> ids;
    for (const auto& row : all.value()) ids.push_back(series_id(row));
    return not_known("series", id, ids);
}

Problem not_known(const std::string& kind, const std::string& name,
                  const std::vector<std::string>& known) {
    auto detail = fmt::format("there is no {} \"{}\"", kind, name);
    // A courtesy must stay cheap: no search for what cannot be a name, none in a huge fleet.
    const bool worth_it = name.size() <= kComparedBytesMax && known.size() <= kComparedNamesMax;
    if (const auto near = worth_it ? base::nearest_word(name, known) : std::nullopt) {
        detail += fmt::format("; did you mean \"{}\"?", *near);
    }
    return {.status = 404,
            .slug = "unknown-" + kind,
            .title = fmt::format("There is no such {}", kind),
            .detail = detail,
            .errors = {{kind, detail}}};
}

}  // namespace api
