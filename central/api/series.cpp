#include "central/api/series.hpp"

#include <map>

#include "central/api/common/paging.hpp"
#include "central/api/common/problems.hpp"
#include "central/views/series_view.hpp"
#include "wire/identity.hpp"

namespace api {

namespace {

std::variant<sinks::SeriesFilter, http::Problem> parse_filter(const http::Target& target,
                                                              base::EventTime now) {
    sinks::SeriesFilter filter{.node = target.find("node").value_or(""),
                               .location = target.find("location").value_or(""),
                               .tag = target.find("tag").value_or(""),
                               .at = now};
    if (target.find("location") && filter.location != "unknown" &&
        !wire::is_location(filter.location)) {
        return http::bad_parameter("location", "a path like /house/attic, or unknown");
    }
    if (target.find("tag") && !wire::is_tag(filter.tag)) {
        return http::bad_parameter("tag", "letters, digits and _ . : = -, like outdoor");
    }
    return filter;
}

/// Rows of a node stand together: where its series are is read once.
base::Status write_all(base::JsonWriter& json, sinks::Query& query,
                       const std::vector<engine::SeriesRow>& rows, base::EventTime now) {
    std::map<std::string, dimensions::Situation> situations;
    const std::string* node = nullptr;
    for (const auto& row : rows) {
        if (node == nullptr || *node != row.node) {
            auto read = query.situations(row.node, now);
            if (!read) return read.error();
            situations = std::move(read).value();
            node = &row.node;
        }
        views::write_series(json, row, situations[row.declared.series]);
    }
    return base::Done{};
}

}  // namespace

std::variant<std::monostate, http::Problem> missing_node(sinks::Query& query,
                                                         const views::NodePresences& presences,
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

std::variant<std::string, http::Problem> list_series(sinks::Query& query,
                                                     const views::NodePresences& presences,
                                                     const http::Target& target,
                                                     base::EventTime now) {
    const auto parsed = parse_page(target);
    if (const auto* problem = std::get_if<http::Problem>(&parsed)) return *problem;
    const auto& page = std::get<PageQuestion>(parsed);
    const auto asked = parse_filter(target, now);
    if (const auto* problem = std::get_if<http::Problem>(&asked)) return *problem;
    const auto& filter = std::get<sinks::SeriesFilter>(asked);
    auto found = query.matching_series(filter, {.after = page.after, .limit = page.limit + 1});
    if (!found) return query_failed(found.error());
    auto rows = std::move(found).value();
    if (rows.empty() && !filter.node.empty()) {
        auto missing = missing_node(query, presences, filter.node);
        if (auto* problem = std::get_if<http::Problem>(&missing)) return std::move(*problem);
    }
    base::JsonWriter json;
    json.begin_object().member("now", base::to_milliseconds(now)).key("items").begin_array();
    const bool more = rows.size() > page.limit;
    if (more) rows.pop_back();
    if (auto written = write_all(json, query, rows, now); !written) {
        return query_failed(written.error());
    }
    json.end_array();
    const auto last = more ? views::series_id(rows.back()) : std::string{};
    write_next(json, more ? &last : nullptr);
    json.end_object();
    return json.take();
}

std::variant<engine::SeriesRow, http::Problem> find_series(sinks::Query& query,
                                                           const std::string& id) {
    const auto rows = query.series(id.substr(0, id.find('/')));
    if (!rows) return query_failed(rows.error());
    for (const auto& row : rows.value()) {
        if (views::series_id(row) == id) return row;
    }
    const auto all = query.series({}, {.after = {}, .limit = kComparedNamesMax + 1});
    if (!all) return query_failed(all.error());
    std::vector<std::string> ids;
    for (const auto& row : all.value()) ids.push_back(views::series_id(row));
    return not_known("series", id, ids);
}

std::variant<Subject, http::Problem> parse_subject(sinks::Query& query,
                                                   const http::Target& target) {
    Subject subject{.node = target.find("node").value_or(""), .series = {}};
    const auto id = target.find("series");
    if (!id) return subject;
    auto found = find_series(query, *id);
    if (auto* problem = std::get_if<http::Problem>(&found)) return std::move(*problem);
    const auto& series = std::get<engine::SeriesRow>(found);
    if (!subject.node.empty() && subject.node != series.node) {
        return http::bad_parameter("node", "the node of the series, or nothing");
    }
    return Subject{.node = series.node, .series = series.declared.series};
}

}  // namespace api
