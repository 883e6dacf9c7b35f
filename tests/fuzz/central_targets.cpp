#include <algorithm>
#include <optional>
#include <string>

#include "base/ensure.hpp"
#include "central/api/common/paging.hpp"
#include "central/api/common/time_text.hpp"
#include "central/api/windows.hpp"
#include "central/api/windows_question.hpp"
#include "central/engine/engine_options.hpp"
#include "central/engine/window.hpp"
#include "central/http/target.hpp"
#include "central/live/event_stream.hpp"
#include "central/sinks/tables/readings/encoding.hpp"
#include "fuzz/targets.hpp"
#include "support/manual_clock.hpp"

namespace fuzz {

namespace {

using namespace std::chrono_literals;

constexpr base::EventTime kNow{1'763'640'000'123ms};
constexpr base::EventTime kYear10000{253'402'300'800'000ms};

std::string escaped(std::string_view text) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::string escaped;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        escaped += {'%', kDigits[byte >> 4U], kDigits[byte & 15U]};
    }
    return escaped;
}

std::string to_text(const http::Target& target) {
    std::string text = "/" + escaped(target.path.substr(1));
    for (const auto& [name, value] : target.query) {
        text += (text.find('?') == std::string::npos ? "?" : "&");
        text += escaped(name) + "=" + escaped(value);
    }
    return text;
}

engine::SeriesRow series_of(const http::Target& target) {
    engine::SeriesRow row;
    row.first_at = kNow - 24h * 365 * static_cast<int>(target.path.size() % 90);
    row.last_at = kNow - 5min;
    if (target.query.size() % 2 == 1) row.ahead = engine::AheadRow{.at = kNow + 24h * 365 * 70};
    return row;
}

/// Minutes are kept for a time.
const std::vector<sinks::StoredSpan>& stored_spans() {
    static const std::vector<sinks::StoredSpan> kStored{
        {.span = 1min, .kept_from = std::chrono::floor<std::chrono::days>(kNow - 24h * 90)},
        {.span = 15min, .kept_from = {}},
        {.span = 1h, .kept_from = {}},
        {.span = 24h, .kept_from = {}}};
    return kStored;
}

void ask_for_windows(const http::Target& target) {
    const auto parsed = api::parse_windows_question(target, kNow);
    if (const auto* problem = std::get_if<http::Problem>(&parsed)) {
        ENSURE(problem->status == 400 && !problem->errors.empty());
        return;
    }
    auto question = std::get<api::WindowsQuestion>(parsed);
    ENSURE(question.from < question.to);
    ENSURE(question.from >= base::EventTime{} && question.to <= kYear10000);
    const auto row = series_of(target);
    if (api::choose_span(question, row, stored_spans())) return;
    ENSURE(question.span > 0ms);
    const auto covered = api::covered_range(question, row);
    ENSURE(covered.from <= covered.to);
    const auto windows = (covered.to - covered.from) / question.span;
    ENSURE(windows <= static_cast<std::int64_t>(api::kWindowsMax));
    if (windows == 0) return;
    ENSURE(covered.from == engine::window_start(covered.from, question.span));
    ENSURE(covered.to - covered.from == windows * question.span);
}

}  // namespace

/// The first byte says how far readings of a list are apart. What is read is in order and within an
/// hour, and comes back the same.
void reading_block(std::string_view input) {
    if (input.empty()) return;
    const auto first = static_cast<unsigned char>(input.front());
    std::optional<std::int64_t> step;
    if (first != 0) step = (first - 1) * std::int64_t{500};
    const auto readings = sinks::decode(input.substr(1), kNow, step);
    if (!readings) {
        ENSURE(readings.error().fault == base::Fault::malformed);
        return;
    }
    ENSURE(!readings.value().empty() && readings.value().front().at == kNow);
    const auto encoded = sinks::encode(readings.value());
    const auto again = sinks::decode(encoded.text, kNow, encoded.step);
    ENSURE(again && again.value() == readings.value());
}

void http_target(std::string_view input) {
    const auto first = http::parse_target(input);
    if (!first) {
        ENSURE(!first.error().detail.empty());
        return;
    }
    const auto& target = first.value();
    ENSURE(target.path.starts_with('/') && target.query.size() <= 64);
    for (const auto& [name, value] : target.query) {
        for (const char c : name + value) ENSURE(static_cast<unsigned char>(c) >= ' ');
    }
    const auto again = http::parse_target(to_text(target));
    ENSURE(again);
    ENSURE(again.value().path == target.path && again.value().query == target.query);
    static_cast<void>(http::check_parameters(target, api::window_parameters()));
    const auto page = api::parse_page(target);
    if (const auto* question = std::get_if<api::PageQuestion>(&page)) {
        ENSURE(question->limit >= 1 && question->limit <= 1000);
    }
    ask_for_windows(target);
}

/// A time in a query; and the query that has it at both ends.
void time_text(std::string_view input) {
    const auto first = api::parse_time(input, kNow);
    if (!first) {
        ENSURE(!first.error().detail.empty());
        return;
    }
    const auto time = first.value();
    ENSURE(time >= base::EventTime{} && time < kYear10000);
    const auto number = base::to_milliseconds(time);
    const auto again = api::parse_time(std::to_string(number), kNow);
    // As a bare number, the first days of 1970 to 1973 are taken for seconds, and refused.
    const bool looks_like_seconds = number >= 100'000'000 && number < 100'000'000'000;
    ENSURE(static_cast<bool>(again) != looks_like_seconds);
    ENSURE(!again || again.value() == time);
    const std::string text{input};
    ask_for_windows({.path = "/", .query = {{"series", "a/b.c"}, {"from", text}}});
    ask_for_windows({.path = "/", .query = {{"series", "a/b.c"}, {"from", "0"}, {"to", text}}});
}

/// What a browser says it has read; nothing of it may come back, and it misses no event.
void last_event_id(std::string_view input) {
    const support::ManualClock clock;
    live::EventLog log{"e1", {.age_max = 5min, .events_max = 4, .bytes_max = 1000}};
    for (int i = 1; i <= 6; ++i) {
        log.publish({.key = std::to_string(i),
                     .name = "node",
                     .series = {},
                     .data = "{}",
                     .at = clock.instant()});
    }
    const auto number = log.parse_id(input);
    if (number) ENSURE(log.parse_id(log.id_of(*number)) == number);
    live::EventStream stream{log, clock, std::string{input}, {}};
    const auto piece = stream.next();
    ENSURE(piece.starts_with("retry: 2000\n\n"));
    const auto count = [&](std::string_view words) {
        std::size_t times = 0;
        for (auto at = piece.find(words); at != std::string::npos; at = piece.find(words, at + 1)) {
            ++times;
        }
        return times;
    };
    ENSURE(count("event: hb\n") == 1);
    if (input.empty()) return;
    // Each event that is left and unread, or the word that some may be missing.
    const bool resumes = number && log.holds_after(*number);
    ENSURE(count("event: reset\n") == (resumes ? 0U : 1U));
    ENSURE(count("event: node\n") == (resumes ? 6 - std::min<std::uint64_t>(*number, 6) : 0));
}

}  // namespace fuzz
