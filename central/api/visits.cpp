#include "central/api/visits.hpp"

#include <algorithm>
#include <optional>

#include "base/json.hpp"
#include "central/api/common/listing.hpp"
#include "central/api/common/problems.hpp"
#include "central/api/series.hpp"
#include "central/engine/states/stretch.hpp"
#include "central/engine/watermark.hpp"
#include "central/views/states/visit_view.hpp"

namespace api {

namespace {

using MaybeProblem = std::optional<http::Problem>;

struct Question {
    engine::SeriesRow series;
    views::VisitRange range;
    std::size_t limit = 0;
};

MaybeProblem read_series(sinks::Query& query, const http::Target& target, Question& question) {
    const auto id = target.find("series");
    if (!id) return http::bad_parameter("series", "missing; write it like door/contact.open");
    auto found = find_series(query, *id);
    if (auto* problem = std::get_if<http::Problem>(&found)) return std::move(*problem);
    question.series = std::get<engine::SeriesRow>(std::move(found));
    if (engine::kind_of(question.series.declared) == engine::SeriesKind::state) return std::nullopt;
    return http::bad_parameter("series", "one that is 0 or 1; others have no visits");
}

std::variant<Question, http::Problem> parse(sinks::Query& query, const http::Target& target,
                                            base::EventTime now) {
    auto parsed = parse_listing(target, "", now);
    if (auto* problem = std::get_if<http::Problem>(&parsed)) return std::move(*problem);
    const auto& listing = std::get<ListingQuestion>(parsed);
    Question question{.series = {},
                      .range = {.from = listing.from,
                                .to = listing.to,
                                // One more shows whether there are more.
                                .visits_max = listing.limit + 1},
                      .limit = listing.limit};
    if (listing.before) question.range.before = base::from_milliseconds(*listing.before);
    if (auto problem = read_series(query, target, question)) return std::move(*problem);
    return question;
}

}  // namespace

std::vector<http::Parameter> visit_parameters() {
    return with_paging({{"series"}, {"from"}, {"to"}});
}

std::variant<std::string, http::Problem> list_visits(const Facts& facts,
                                                     const http::Target& target) {
    auto parsed = parse(facts.query, target, facts.now);
    if (auto* problem = std::get_if<http::Problem>(&parsed)) return std::move(*problem);
    const auto& [series, range, limit] = std::get<Question>(parsed);
    const auto node = facts.query.node(series.node);
    if (!node) return query_failed(node.error());
    std::optional<base::EventTime> watermark;
    if (node.value()) watermark = engine::watermark_of(*node.value(), facts.watermark_bound);
    const auto found = views::read_visits(facts.query, series, range, watermark);
    if (!found) return query_failed(found.error());
    const auto& visits = found.value().visits;
    const auto shown = std::min(visits.size(), limit);
    base::JsonWriter json;
    json.begin_object().member("series", series.node + "/" + series.declared.series);
    json.member("now", base::to_milliseconds(facts.now)).key("items").begin_array();
    for (std::size_t i = 0; i < shown; ++i) views::write_visit(json, visits[i], watermark);
    json.end_array();
    const bool more = visits.size() > limit || (found.value().is_cut && shown > 0);
    const auto last =
        more ? std::to_string(base::to_milliseconds(visits[shown - 1].from)) : std::string{};
    json.member("truncated", found.value().is_cut && shown == 0);
    write_next(json, more ? &last : nullptr);
    json.end_object();
    return json.take();
}

}  // namespace api
