#include "central/api/readings/readings.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>

#include "base/json.hpp"
#include "central/api/common/problems.hpp"
#include "central/api/readings/reading_stream.hpp"
#include "central/api/readings/readings_question.hpp"
#include "central/text/rfc3339.hpp"
#include "central/views/json_values.hpp"

namespace api {

namespace {

using views::ReadingFormat;

/// What comes before the readings.
std::string begin_of(const engine::SeriesRow& series, const ReadingsQuestion& question,
                     const sinks::ReadingExtent& extent, const views::ReadingText& text) {
    if (question.style.format != ReadingFormat::json) return text.header();
    base::JsonWriter json;
    json.begin_object().member("series", series.node + "/" + series.declared.series);
    json.member("quantity", series.declared.quantity).member("unit", series.declared.unit);
    json.member("from", base::to_milliseconds(question.from));
    json.member("to", base::to_milliseconds(question.to));
    json.key("kept_from");
    views::write_time(json, extent.first_at);
    json.member("summarised", extent.summarised).key("readings").begin_array();
    return json.take() + "\n";
}

/// And what comes behind them: `next` is the place of the last one, when there are more.
std::string end_of(const ReadingsQuestion& question,
                   const std::optional<sinks::ReadingPlace>& next) {
    if (question.style.format != ReadingFormat::json) return {};
    return next ? fmt::format("],\"next\":\"{}\"}}", cursor_of(*next)) : "],\"next\":null}";
}

std::string content_type(ReadingFormat format) {
    switch (format) {
        case ReadingFormat::csv:
            return "text/csv; charset=utf-8; header=present";
        case ReadingFormat::ndjson:
            return "application/x-ndjson";
        case ReadingFormat::json:
            break;
    }
    return "application/json";
}

/// A browser saves a table under a name that says what it is, and of when.
http::Response empty_response(const engine::SeriesRow& series, const ReadingsQuestion& question,
                              const sinks::ReadingExtent& extent) {
    http::Response response;
    const auto format = question.style.format;
    response.content_type = content_type(format);
    response.headers = {{"Cache-Control", "no-store"}};
    if (format == ReadingFormat::json) return response;
    const auto* ending = format == ReadingFormat::csv ? "csv" : "ndjson";
    response.headers.push_back(
        {"Content-Disposition", fmt::format("attachment; filename=\"{}.{}.{}--{}.{}\"", series.node,
                                            series.declared.series, text::file_stamp(question.from),
                                            text::file_stamp(question.to), ending)});
    response.headers.push_back({"Leat-Summarised", std::to_string(extent.summarised)});
    if (extent.first_at) {
        response.headers.push_back({"Leat-Kept-From", text::rfc3339(*extent.first_at)});
    }
    return response;
}

/// One page, which says how to get the next.
http::Response answer_page(sinks::Query& query, sinks::ReadingRange range,
                           const ReadingsQuestion& question, views::ReadingText& text,
                           std::string body, http::Response response) {
    range.readings_max = *question.limit + 1;  // One more shows that there are more.
    const auto found = query.readings(range);
    if (!found) return http::to_response(query_failed(found.error()));
    const auto& readings = found.value();
    const auto shown = std::min(readings.size(), *question.limit);
    for (std::size_t i = 0; i < shown; ++i) text.add(body, readings[i]);
    std::optional<sinks::ReadingPlace> next;
    if (shown < readings.size()) next = readings[shown - 1].place;
    response.body = std::move(body) + end_of(question, next);
    if (next) response.headers.push_back({"Leat-Next", cursor_of(*next)});
    return response;
}

}  // namespace

http::Response list_readings(sinks::Query& query, const engine::SeriesRow& series,
                             const http::Target& target, base::EventTime now) {
    auto parsed = parse_readings_question(target, now);
    if (const auto* problem = std::get_if<http::Problem>(&parsed)) {
        return http::to_response(*problem);
    }
    const auto& question = std::get<ReadingsQuestion>(parsed);
    const sinks::ReadingRange range{.node = series.node,
                                    .series = series.declared.series,
                                    .from = question.from,
                                    .to = question.to,
                                    .after = question.after};
    const auto extent = query.reading_extent(range);
    if (!extent) return http::to_response(query_failed(extent.error()));
    views::ReadingText text{series, question.style};
    auto begin = begin_of(series, question, extent.value(), text);
    auto response = empty_response(series, question, extent.value());
    if (question.limit) {
        return answer_page(query, range, question, text, std::move(begin), std::move(response));
    }
    response.stream = std::make_unique<ReadingStream>(query, range, std::move(text),
                                                      std::move(begin), end_of(question, {}));
    response.has_end = true;
    return response;
}

}  // namespace api
