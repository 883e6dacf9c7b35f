#include "central/api/anomalies.hpp"

#include <algorithm>
#include <utility>

#include "base/json.hpp"
#include "central/api/common/listing.hpp"
#include "central/api/common/problems.hpp"
#include "central/api/series.hpp"
#include "central/views/finding_view.hpp"

namespace api {

std::vector<http::Parameter> anomaly_parameters() {
    return with_paging({{"node"}, {"series"}, {"from"}, {"to"}, {"state"}});
}

std::variant<std::string, http::Problem> list_anomalies(sinks::Query& query,
                                                        const http::Target& target,
                                                        base::EventTime now) {
    auto parsed = parse_listing(target, "ended", now);
    if (auto* problem = std::get_if<http::Problem>(&parsed)) return std::move(*problem);
    const auto& question = std::get<ListingQuestion>(parsed);
    const auto limit = question.limit;
    auto whose = parse_subject(query, target);
    if (auto* problem = std::get_if<http::Problem>(&whose)) return std::move(*problem);
    auto& [node, series] = std::get<Subject>(whose);
    sinks::FindingRange range{.node = std::move(node),
                              .series = std::move(series),
                              .from = question.from,
                              .to = question.to,
                              .is_open = question.is_open,
                              .before = question.before,
                              .rows_max = limit + 1};  // One more shows whether there are more.
    const auto found = query.findings(range);
    if (!found) return query_failed(found.error());
    const auto& rows = found.value();
    const bool more = rows.size() > limit;
    base::JsonWriter json;
    json.begin_object().member("now", base::to_milliseconds(now)).key("items").begin_array();
    for (std::size_t i = 0; i < std::min(rows.size(), limit); ++i) {
        views::write_finding(json, rows[i].node + "/" + rows[i].series, rows[i].finding);
    }
    json.end_array();
    const auto last = more ? std::to_string(rows[limit - 1].id) : std::string{};
    write_next(json, more ? &last : nullptr);
    json.end_object();
    return json.take();
}

}  // namespace api
