#include "central/api/alerts.hpp"

#include <algorithm>

#include "base/json.hpp"
#include "central/api/common/listing.hpp"
#include "central/api/common/problems.hpp"
#include "central/api/series.hpp"

namespace api {

namespace {

/// A node need not be known, as one of which nothing was ever stored may be lost, too; a series
/// that is not is told: a mistyped one would look as if all were well.
std::optional<http::Problem> read_subject(sinks::Query& query, const http::Target& target,
                                          alerts::AlertRange& range) {
    range.node = target.find("node").value_or("");
    const auto id = target.find("series");
    if (!id) return std::nullopt;
    auto found = find_series(query, *id);
    if (auto* problem = std::get_if<http::Problem>(&found)) return std::move(*problem);
    const auto& series = std::get<engine::SeriesRow>(found);
    if (!range.node.empty() && range.node != series.node) {
        return http::bad_parameter("node", "the node of the series, or nothing");
    }
    range.node = series.node;
    range.series = series.declared.series;
    return std::nullopt;
}

}  // namespace

std::vector<http::Parameter> alert_parameters() {
    return with_paging({{"node"}, {"series"}, {"from"}, {"to"}, {"state"}});
}

std::variant<std::string, http::Problem> list_alerts(alerts::Archive* archive, sinks::Query& query,
                                                     const http::Target& target,
                                                     base::EventTime now) {
    auto parsed = parse_listing(target, "closed", now);
    if (auto* problem = std::get_if<http::Problem>(&parsed)) return std::move(*problem);
    const auto& question = std::get<ListingQuestion>(parsed);
    alerts::AlertRange range{.from = question.from,
                             .to = question.to,
                             .is_open = question.is_open,
                             .before = question.before,
                             .rows_max = question.limit + 1};  // Shows whether there are more.
    if (auto problem = read_subject(query, target, range)) return std::move(*problem);
    base::Result<std::vector<alerts::Listed>> found = std::vector<alerts::Listed>{};
    if (archive != nullptr) found = archive->list(range);
    if (!found) return query_failed(found.error());
    const auto& rows = found.value();
    base::JsonWriter json;
    json.begin_object().member("now", base::to_milliseconds(now)).key("items").begin_array();
    for (std::size_t i = 0; i < std::min(rows.size(), question.limit); ++i) {
        alerts::write_alert(json, rows[i].alert);
    }
    json.end_array();
    const bool more = rows.size() > question.limit;
    const auto last = more ? std::to_string(rows[question.limit - 1].number) : std::string{};
    write_next(json, more ? &last : nullptr);
    json.end_object();
    return json.take();
}

}  // namespace api
