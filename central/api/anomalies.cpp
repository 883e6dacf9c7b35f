#include "central/api/anomalies.hpp"

#include <charconv>
#include <chrono>
#include <optional>

#include "base/json.hpp"
#include "central/api/common/paging.hpp"
#include "central/api/common/problems.hpp"
#include "central/api/common/time_text.hpp"
#include "central/api/series.hpp"
#include "central/views/finding_view.hpp"

namespace api {

namespace {

using MaybeProblem = std::optional<http::Problem>;

struct Question {
    sinks::FindingRange range;
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

MaybeProblem read_state(const http::Target& target, std::optional<bool>& is_open) {
    const auto text = target.find("state");
    if (!text) return std::nullopt;
    if (*text != "open" && *text != "ended") return http::bad_parameter("state", "open or ended");
    is_open = *text == "open";
    return std::nullopt;
}

MaybeProblem read_page(const http::Target& target, Question& question) {
    auto page = parse_page(target);
    if (auto* problem = std::get_if<http::Problem>(&page)) return std::move(*problem);
    const auto& [after, limit] = std::get<PageQuestion>(page);
    question.limit = limit;
    question.range.rows_max = limit + 1;  // One more shows whether there are more.
    if (after.empty()) return std::nullopt;
    std::int64_t number = 0;
    const auto* const end = after.data() + after.size();
    const auto parsed = std::from_chars(after.data(), end, number);
    if (parsed.ec != std::errc{} || parsed.ptr != end) {
        return http::bad_parameter("after", "what an earlier answer gave as next");
    }
    question.range.before = number;
    return std::nullopt;
}

/// A series that is not known is told: a mistyped one would look as if all were well.
MaybeProblem read_subject(sinks::Query& query, const http::Target& target,
                          sinks::FindingRange& range) {
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

std::variant<Question, http::Problem> parse(sinks::Query& query, const http::Target& target,
                                            base::EventTime now) {
    Question question;
    auto& range = question.range;
    range.from = now - std::chrono::hours{7 * 24};
    range.to = base::EventTime{std::chrono::sys_days{std::chrono::year{9999} / 1 / 1}};
    for (auto problem : {read_time(target, "from", now, range.from),
                         read_time(target, "to", now, range.to), read_state(target, range.is_open),
                         read_page(target, question), read_subject(query, target, range)}) {
        if (problem) return std::move(*problem);
    }
    return question;
}

}  // namespace

std::vector<http::Parameter> anomaly_parameters() {
    return with_paging({{"node"}, {"series"}, {"from"}, {"to"}, {"state"}});
}

std::variant<std::string, http::Problem> list_anomalies(sinks::Query& query,
                                                        const http::Target& target,
                                                        base::EventTime now) {
    auto parsed = parse(query, target, now);
    if (auto* problem = std::get_if<http::Problem>(&parsed)) return std::move(*problem);
    const auto& [range, limit] = std::get<Question>(parsed);
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
