#include "central/api/readings/readings_question.hpp"

#include <fmt/format.h>

#include "base/text.hpp"
#include "central/api/common/time_text.hpp"

namespace api {

namespace {

using MaybeProblem = std::optional<http::Problem>;

MaybeProblem read_limit(const http::Target& target, std::optional<std::size_t>& limit) {
    const auto text = target.find("limit");
    if (!text) return std::nullopt;
    limit = base::parse_number<std::size_t>(*text);
    if (limit && *limit > 0 && *limit <= kReadingsLimitMax) return std::nullopt;
    return http::bad_parameter(
        "limit", fmt::format("a whole number from 1 to {}; without one the answer has all",
                             kReadingsLimitMax));
}

std::optional<sinks::ReadingPlace> place_of(std::string_view text) {
    const auto first = text.find('.');
    const auto second = text.find('.', first == text.npos ? first : first + 1);
    if (second == text.npos) return std::nullopt;
    const auto ms = base::parse_number<std::int64_t>(text.substr(0, first));
    const auto block = base::parse_number<std::int64_t>(text.substr(first + 1, second - first - 1));
    const auto index = base::parse_number<std::uint32_t>(text.substr(second + 1));
    if (!ms || !block || !index) return std::nullopt;
    return sinks::ReadingPlace{
        .at = base::from_milliseconds(*ms), .block = *block, .index = *index};
}

MaybeProblem read_after(const http::Target& target, std::optional<sinks::ReadingPlace>& after) {
    const auto text = target.find("after");
    if (!text) return std::nullopt;
    after = place_of(*text);
    if (after) return std::nullopt;
    return http::bad_parameter("after", "what \"next\" of the answer before was");
}

MaybeProblem read_style(const http::Target& target, views::ReadingStyle& style) {
    const auto format = target.find("format").value_or("json");
    if (format == "csv") {
        style.format = views::ReadingFormat::csv;
    } else if (format == "ndjson") {
        style.format = views::ReadingFormat::ndjson;
    } else if (format != "json") {
        return http::bad_parameter("format", "json, ndjson or csv");
    }
    if (const auto name = target.find("tz")) {
        auto zone = drivers::tables::TimeZone::find(*name);
        if (!zone) return http::bad_parameter("tz", zone.error().detail);
        style.zone = std::move(zone).value();
    }
    const auto origin = target.find("origin").value_or("0");
    if (origin != "0" && origin != "1") return http::bad_parameter("origin", "0 or 1");
    style.with_origin = origin == "1";
    return std::nullopt;
}

}  // namespace

const std::vector<http::Parameter>& reading_parameters() {
    static const std::vector<http::Parameter> kParameters{{"from"},   {"to"},    {"format"}, {"tz"},
                                                          {"origin"}, {"limit"}, {"after"}};
    return kParameters;
}

std::variant<ReadingsQuestion, http::Problem> parse_readings_question(const http::Target& target,
                                                                      base::EventTime now) {
    ReadingsQuestion question{.from = now - std::chrono::hours{1}, .to = now};
    if (auto problem = read_time(target, "from", now, question.from)) return std::move(*problem);
    if (auto problem = read_time(target, "to", now, question.to)) return std::move(*problem);
    if (auto problem = read_limit(target, question.limit)) return std::move(*problem);
    if (auto problem = read_after(target, question.after)) return std::move(*problem);
    if (auto problem = read_style(target, question.style)) return std::move(*problem);
    if (question.from >= question.to) return http::bad_parameter("from", "must be before to");
    return question;
}

std::string cursor_of(const sinks::ReadingPlace& place) {
    return fmt::format("{}.{}.{}", base::to_milliseconds(place.at), place.block, place.index);
}

}  // namespace api
