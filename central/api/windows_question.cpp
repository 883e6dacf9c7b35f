#include "central/api/windows_question.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "central/api/time_text.hpp"
#include "central/api/windows.hpp"

namespace api {

namespace {

using namespace std::chrono_literals;

/// Up to four windows in one column of pixels still add detail that is worth its bytes.
constexpr std::uint64_t kWindowsPerPoint = 4;
constexpr std::uint64_t kPointsMax = 100'000;

std::vector<std::string> span_words() {
    std::vector<std::string> words;
    for (const auto& [word, span] : spans()) words.push_back(word);
    return words;
}

std::optional<http::Problem> read_time(const http::Target& target, const char* name,
                                       base::EventTime now, base::EventTime& time) {
    const auto text = target.find(name);
    if (!text) return std::nullopt;
    const auto parsed = parse_time(*text, now);
    if (!parsed) return http::bad_parameter(name, parsed.error().detail);
    time = parsed.value();
    return std::nullopt;
}

std::optional<http::Problem> read_span(const http::Target& target, base::Duration& span) {
    const auto text = target.find("span");
    if (!text) return std::nullopt;
    for (const auto& [word, length] : spans()) {
        if (word == *text) span = length;
    }
    if (span != 0ms) return std::nullopt;
    return http::bad_parameter("span", fmt::format("one of {}", fmt::join(span_words(), ", ")));
}

std::optional<http::Problem> read_points(const http::Target& target, std::uint64_t& points) {
    const auto text = target.find("points");
    if (!text) return std::nullopt;
    const auto end = text->data() + text->size();
    const auto parsed = std::from_chars(text->data(), end, points);
    const bool good = parsed.ec == std::errc{} && parsed.ptr == end;
    if (good && points > 0 && points <= kPointsMax) return std::nullopt;
    return http::bad_parameter("points", fmt::format("a whole number from 1 to {}", kPointsMax));
}

std::uint64_t windows_in(const CoveredRange& covered, base::Duration span) {
    return static_cast<std::uint64_t>((covered.to - covered.from) / span);
}

/// The first and the last reading of a series. Those from the future count when the question
/// reaches all of them.
std::optional<std::pair<base::EventTime, base::EventTime>> extent_of(const engine::SeriesRow& row,
                                                                     base::EventTime to) {
    const bool reaches_ahead = row.ahead && row.ahead->at < to;
    if (!row.first_at || !row.last_at) {
        if (!reaches_ahead) return std::nullopt;
        return std::pair{row.ahead->at, row.ahead->at};
    }
    return std::pair{*row.first_at,
                     reaches_ahead ? std::max(*row.last_at, row.ahead->at) : *row.last_at};
}

CoveredRange covered_by(const WindowsQuestion& question, const engine::SeriesRow& series,
                        base::Duration span) {
    const auto extent = extent_of(series, question.to);
    if (!extent) return {question.from, question.from};
    const auto from = engine::window_start(std::max(question.from, extent->first), span);
    const auto last = std::min(question.to - 1ms, extent->second);
    const auto to = engine::window_start(last, span) + span;
    return {from, std::max(from, to)};
}

http::Problem too_wide(const WindowsQuestion& question, const engine::SeriesRow& series) {
    const auto count = windows_in(covered_by(question, series, question.span), question.span);
    auto detail = fmt::format("the range holds {} windows; the limit is {}. ", count, kWindowsMax);
    for (const auto& [word, span] : spans()) {
        const auto fewer = windows_in(covered_by(question, series, span), span);
        if (fewer > kWindowsMax) continue;
        detail += fmt::format("Use span={} ({} windows), or leave span out.", word, fewer);
        return {
            422, "range-too-wide", "That range holds too many windows", detail, {{"span", detail}}};
    }
    const auto longest = spans().back().second * static_cast<std::int64_t>(kWindowsMax);
    detail += fmt::format("Ask for at most {} days at a time.", longest / 24h);
    return {422, "range-too-wide", "That range holds too many windows", detail, {{"from", detail}}};
}

}  // namespace

const std::vector<std::pair<std::string, base::Duration>>& spans() {
    static const std::vector<std::pair<std::string, base::Duration>> kSpans{
        {"1m", 1min}, {"1h", 1h}, {"6h", 6h}, {"1d", 24h}, {"7d", 7 * 24h}, {"30d", 30 * 24h}};
    return kSpans;
}

const std::vector<http::Parameter>& window_parameters() {
    static const std::vector<http::Parameter> kParameters{
        {"series"}, {"from"}, {"to"}, {"span"}, {"points"}};
    return kParameters;
}

std::variant<WindowsQuestion, http::Problem> parse_windows_question(const http::Target& target,
                                                                    base::EventTime now) {
    const auto series = target.find("series");
    if (!series)
        return http::bad_parameter("series", "missing; write it like attic/climate.temperature");
    WindowsQuestion question{.series = *series, .from = now - 1h, .to = now};
    if (auto problem = read_time(target, "from", now, question.from)) return std::move(*problem);
    if (auto problem = read_time(target, "to", now, question.to)) return std::move(*problem);
    if (auto problem = read_span(target, question.span)) return std::move(*problem);
    if (auto problem = read_points(target, question.points)) return std::move(*problem);
    if (question.from >= question.to) return http::bad_parameter("from", "must be before to");
    return question;
}

CoveredRange covered_range(const WindowsQuestion& question, const engine::SeriesRow& series) {
    return covered_by(question, series, question.span);
}

base::Result<CoveredRange> covered_with_failures(sinks::Query& query,
                                                 const WindowsQuestion& question,
                                                 const engine::SeriesRow& series) {
    auto covered = covered_range(question, series);
    const bool is_known = series.first_at && series.last_at;
    const auto from = is_known ? std::max(question.from, *series.last_at) : question.from;
    if (from >= question.to) return covered;
    const auto found = query.failures({.node = series.node,
                                       .series = series.declared.series,
                                       .span = question.span,
                                       .from = engine::window_start(from, question.span),
                                       .to = question.to});
    if (!found) return found.error();
    if (!found.value()) return covered;
    const auto first = engine::window_start(found.value()->first, question.span);
    const auto end = engine::window_start(found.value()->second, question.span) + question.span;
    if (covered.from == covered.to) covered = {first, first};
    covered.to = std::max(covered.to, end);
    // Never more than one answer may hold.
    const auto most = static_cast<std::int64_t>(kWindowsMax) * question.span;
    covered.to = std::min(covered.to, covered.from + most);
    return covered;
}

std::optional<http::Problem> choose_span(WindowsQuestion& question,
                                         const engine::SeriesRow& series) {
    const bool chosen = question.span != 0ms;
    for (const auto& [word, span] : spans()) {
        if (chosen) break;
        question.span = span;
        const auto count = windows_in(covered_by(question, series, span), span);
        if (count <= std::min<std::uint64_t>(question.points * kWindowsPerPoint, kWindowsMax)) {
            break;
        }
    }
    const auto count = windows_in(covered_range(question, series), question.span);
    if (count > kWindowsMax) return too_wide(question, series);
    return std::nullopt;
}

}  // namespace api
