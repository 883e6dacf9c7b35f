#include "central/api/windows_question.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "base/text.hpp"
#include "central/api/common/time_text.hpp"
#include "central/api/windows.hpp"

namespace api {

namespace {

using namespace std::chrono_literals;

/// Up to four windows in one column of pixels still add detail that is worth its bytes.
constexpr std::uint64_t kWindowsPerPoint = 4;
constexpr std::uint64_t kPointsMax = 100'000;
constexpr std::size_t kQuantilesMax = 8;

using Words = std::vector<std::pair<std::string, base::Duration>>;

/// The window lengths that can be asked for, shortest first, as they are written in a query.
const Words& all_spans() {
    static const Words kSpans{{"10s", 10s},   {"1m", 1min},    {"5m", 5min},
                              {"15m", 15min}, {"1h", 1h},      {"6h", 6h},
                              {"1d", 24h},    {"7d", 7 * 24h}, {"30d", 30 * 24h}};
    return kSpans;
}

struct Offer {
    std::string word;
    base::Duration span;
    std::optional<base::EventTime> kept_from;
};
using Offers = std::vector<Offer>;

/// Those that are stored, and above an hour those that can be merged from what is.
Offers offers_of(const std::vector<sinks::StoredSpan>& stored) {
    Offers offers;
    for (const auto& [word, span] : all_spans()) {
        const auto source = sinks::source_of(span, stored);
        if (!source || (span <= 1h && source->span != span)) continue;
        offers.push_back({word, span, source->kept_from});
    }
    return offers;
}

http::Problem no_such_span(const Offers& offers) {
    std::vector<std::string> words;
    for (const auto& offer : offers) words.push_back(offer.word);
    return http::bad_parameter("span", fmt::format("one of {}", fmt::join(words, ", ")));
}

std::optional<http::Problem> read_span(const http::Target& target, base::Duration& span) {
    const auto text = target.find("span");
    if (!text) return std::nullopt;
    for (const auto& [word, length] : all_spans()) {
        if (word == *text) span = length;
    }
    if (span != 0ms) return std::nullopt;
    return http::bad_parameter(
        "span", "one of 1m, 15m, 1h, 6h, 1d, 7d, 30d; 10s and 5m where they are kept");
}

/// "p50", "p99.9": the share in percent.
std::optional<double> share_of(std::string_view word) {
    if (!word.starts_with('p')) return std::nullopt;
    double percent = 0;
    const auto* const end = word.data() + word.size();
    const auto parsed = std::from_chars(word.data() + 1, end, percent, std::chars_format::fixed);
    if (parsed.ec != std::errc{} || parsed.ptr != end) return std::nullopt;
    if (!(percent >= 0 && percent <= 100)) return std::nullopt;
    return percent / 100;
}

std::optional<http::Problem> read_quantiles(const http::Target& target, WindowsQuestion& question) {
    const auto text = target.find("quantiles");
    if (!text) return std::nullopt;
    for (std::size_t at = 0; at <= text->size();) {
        const auto comma = std::min(text->find(',', at), text->size());
        const auto word = text->substr(at, comma - at);
        const auto share = share_of(word);
        const auto is_same = [&](const auto& other) { return other.first == word; };
        const bool is_again =
            std::any_of(question.quantiles.begin(), question.quantiles.end(), is_same);
        if (!share || is_again || question.quantiles.size() == kQuantilesMax) {
            return http::bad_parameter(
                "quantiles",
                fmt::format("at most {}, each once, like p50,p90,p99.9", kQuantilesMax));
        }
        question.quantiles.emplace_back(word, *share);
        at = comma + 1;
    }
    return std::nullopt;
}

std::optional<http::Problem> read_points(const http::Target& target, std::uint64_t& points) {
    const auto text = target.find("points");
    if (!text) return std::nullopt;
    points = base::parse_number<std::uint64_t>(*text).value_or(0);
    if (points > 0 && points <= kPointsMax) return std::nullopt;
    return http::bad_parameter("points", fmt::format("a whole number from 1 to {}", kPointsMax));
}

std::optional<http::Problem> read_flag(const http::Target& target, const char* name, bool& flag) {
    const auto text = target.find(name);
    if (!text) return std::nullopt;
    if (*text != "0" && *text != "1") return http::bad_parameter(name, "0 or 1");
    flag = *text == "1";
    return std::nullopt;
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
                        base::Duration span, std::optional<base::EventTime> kept_from) {
    const auto extent = extent_of(series, question.to);
    if (!extent) return {question.from, question.from};
    const auto first = engine::window_start(std::max(question.from, extent->first), span);
    const auto from = std::max(first, kept_from.value_or(first));
    const auto last = std::min(question.to - 1ms, extent->second);
    const auto to = engine::window_start(last, span) + span;
    return {from, std::max(from, to)};
}

std::uint64_t windows_of(const WindowsQuestion& question, const engine::SeriesRow& series,
                         const Offer& offer) {
    return windows_in(covered_by(question, series, offer.span, offer.kept_from), offer.span);
}

/// Whether no window of the range is missing only because it is no longer kept.
bool reaches_back(const WindowsQuestion& question, const engine::SeriesRow& series,
                  const Offer& offer) {
    const auto whole = covered_by(question, series, offer.span, std::nullopt);
    return !offer.kept_from || whole.from >= *offer.kept_from;
}

http::Problem too_wide(const WindowsQuestion& question, const engine::SeriesRow& series,
                       std::uint64_t count, const Offers& offers) {
    auto detail = fmt::format("the range holds {} windows; the limit is {}. ", count, kWindowsMax);
    for (const auto& offer : offers) {
        const auto fewer = windows_of(question, series, offer);
        if (fewer > kWindowsMax) continue;
        detail += fmt::format("Use span={} ({} windows), or leave span out.", offer.word, fewer);
        return {
            422, "range-too-wide", "That range holds too many windows", detail, {{"span", detail}}};
    }
    const auto longest = offers.back().span * static_cast<std::int64_t>(kWindowsMax);
    detail += fmt::format("Ask for at most {} days at a time.", longest / 24h);
    return {422, "range-too-wide", "That range holds too many windows", detail, {{"from", detail}}};
}

/// The shortest that is kept for all of the range, with at most four windows a pixel; else the
/// longest.
const Offer& best_of(const Offers& offers, const WindowsQuestion& question,
                     const engine::SeriesRow& series) {
    const auto most = std::min<std::uint64_t>(question.points * kWindowsPerPoint, kWindowsMax);
    for (const auto& offer : offers) {
        if (!reaches_back(question, series, offer)) continue;
        if (windows_of(question, series, offer) <= most) return offer;
    }
    return offers.back();
}

}  // namespace

const std::vector<http::Parameter>& window_parameters() {
    static const std::vector<http::Parameter> kParameters{
        {"series"}, {"group"},  {"quantity"},  {"from"}, {"to"},
        {"span"},   {"points"}, {"quantiles"}, {"band"}, {"rate"}};
    return kParameters;
}

std::variant<WindowsQuestion, http::Problem> parse_windows_question(const http::Target& target,
                                                                    base::EventTime now) {
    const auto series = target.find("series");
    if (!series && !target.find("group")) {
        return http::bad_parameter("series", "missing; write it like attic/climate.temperature");
    }
    WindowsQuestion question{.series = series.value_or(""), .from = now - 1h, .to = now};
    if (auto problem = read_time(target, "from", now, question.from)) return std::move(*problem);
    if (auto problem = read_time(target, "to", now, question.to)) return std::move(*problem);
    if (auto problem = read_span(target, question.span)) return std::move(*problem);
    if (auto problem = read_points(target, question.points)) return std::move(*problem);
    if (auto problem = read_quantiles(target, question)) return std::move(*problem);
    if (auto problem = read_flag(target, "band", question.with_band)) return std::move(*problem);
    if (auto problem = read_flag(target, "rate", question.with_rate)) return std::move(*problem);
    if (question.from >= question.to) return http::bad_parameter("from", "must be before to");
    return question;
}

CoveredRange covered_range(const WindowsQuestion& question, const engine::SeriesRow& series) {
    return covered_by(question, series, question.span, question.kept_from);
}

base::Result<CoveredRange> covered_with_failures(sinks::Query& query,
                                                 const WindowsQuestion& question,
                                                 const engine::SeriesRow& series) {
    auto covered = covered_range(question, series);
    const bool is_known = series.first_at && series.last_at;
    const auto wanted = std::max(question.from, question.kept_from.value_or(question.from));
    const auto from = is_known ? std::max(wanted, *series.last_at) : wanted;
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

std::optional<http::Problem> choose_span(WindowsQuestion& question, const engine::SeriesRow& series,
                                         const std::vector<sinks::StoredSpan>& stored) {
    const auto offers = offers_of(stored);
    if (question.span == 0ms) question.span = best_of(offers, question, series).span;
    const auto offer = std::find_if(offers.begin(), offers.end(),
                                    [&](const auto& each) { return each.span == question.span; });
    if (offer == offers.end()) return no_such_span(offers);
    question.kept_from = offer->kept_from;
    const auto count = windows_of(question, series, *offer);
    if (count > kWindowsMax) return too_wide(question, series, count, offers);
    return std::nullopt;
}

}  // namespace api
