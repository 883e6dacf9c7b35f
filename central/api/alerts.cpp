#include "central/api/alerts.hpp"

#include <algorithm>
#include <utility>

#include "base/json.hpp"
#include "central/api/common/listing.hpp"
#include "central/api/common/problems.hpp"
#include "central/api/series.hpp"

namespace api {

std::vector<http::Parameter> alert_parameters() {
    return with_paging({{"node"}, {"series"}, {"from"}, {"to"}, {"state"}});
}

std::variant<std::string, http::Problem> list_alerts(alerts::Archive* archive, sinks::Query& query,
                                                     const http::Target& target,
                                                     base::EventTime now) {
    auto parsed = parse_listing(target, "closed", now);
    if (auto* problem = std::get_if<http::Problem>(&parsed)) return std::move(*problem);
    const auto& question = std::get<ListingQuestion>(parsed);
    auto whose = parse_subject(query, target);
    if (auto* problem = std::get_if<http::Problem>(&whose)) return std::move(*problem);
    auto& [node, series] = std::get<Subject>(whose);
    alerts::AlertRange range{.node = std::move(node),
                             .series = std::move(series),
                             .from = question.from,
                             .to = question.to,
                             .is_open = question.is_open,
                             .before = question.before,
                             .rows_max = question.limit + 1};  // Shows whether there are more.
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
