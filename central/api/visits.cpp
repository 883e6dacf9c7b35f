#include "central/api/visits.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <optional>

#include "base/json.hpp"
#include "central/api/common/paging.hpp"
#include "central/api/common/problems.hpp"
#include "central/api/common/time_text.hpp"
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

MaybeProblem read_time(const http::Target& target, const char* name, base::EventTime now,
                       base::EventTime& time) {
    const auto text = target.find(name);
    if (!text) return std::nullopt;
    const auto parsed = parse_time(*text, now);
    if (!parsed) return http::bad_parameter(name, parsed.error().detail);
    time = parsed.value();
    return std::nullopt;
}

MaybeProblem read_page(const http::Target& target, Question& question) {
    auto page = parse_page(target);
    if (auto* problem = std::get_if<http::Problem>(&page)) return std::move(*problem);
    const auto& [after, limit] = std::get<PageQuestion>(page);
    question.limit = limit;
    question.range.visits_max = limit + 1;  // One more shows whether there are more.
    if (after.empty()) return std::nullopt;
    std::int64_t began = 0;
    const auto* const end = after.data() + after.size();
    const auto parsed = std::from_chars(after.data(), end, began);
    if (parsed.ec != std::errc{} || parsed.ptr != end) {
        return http::bad_parameter("after", "what an earlier answer gave as next");
    }
    question.range.before = base::from_milliseconds(began);
    return std::nullopt;
}

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
    Question question{.series = {}, .range = {.from = now - std::chrono::hours{7 * 24}, .to = now}};
    auto& range = question.range;
    for (auto problem :
         {read_time(target, "from", now, range.from), read_time(target, "to", now, range.to),
          read_page(target, question), read_series(query, target, question)}) {
        if (problem) return std::move(*problem);
    }
    if (range.from >= range.to) return http::bad_parameter("from", "must be before to");
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
