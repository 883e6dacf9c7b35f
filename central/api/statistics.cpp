#include "central/api/statistics.hpp"

#include <algorithm>
#include <array>

#include "central/api/common/problems.hpp"
#include "central/api/common/time_text.hpp"
#include "central/api/series.hpp"
#include "central/engine/quality/declared_gaps.hpp"
#include "central/views/circumstances.hpp"
#include "central/views/expected_band.hpp"
#include "central/views/json_values.hpp"
#include "central/views/moments.hpp"
#include "central/views/surroundings.hpp"
#include "central/views/window_view.hpp"

namespace api {

namespace {

using namespace std::chrono_literals;
using base::EventTime;

constexpr auto kDay = 24h;
constexpr auto kWeek = 7 * kDay;
constexpr int kWeeks = 4;

/// A rolling span, and the longest windows that it is merged from.
struct Span {
    const char* name;
    base::Duration length;
    base::Duration unit_max;
};
constexpr std::array<Span, 3> kSpans{{{"1h", 1h, 15min}, {"1d", kDay, 1h}, {"7d", kWeek, 1h}}};

/// All windows of a rolling span, judged.
struct Judged {
    EventTime from;
    EventTime to;
    std::vector<views::JudgedWindow> windows;

    bool are_coarse() const {
        return std::any_of(windows.begin(), windows.end(), [](const auto& window) {
            return window.state == engine::WindowState::only_wider;
        });
    }
};

/// How many readings came of those that were due, where that is known.
std::optional<double> completeness_of(const Judged& judged) {
    std::uint64_t received = 0;
    std::uint64_t expected = 0;
    for (const auto& window : judged.windows) {
        if (window.state == engine::WindowState::provisional) continue;
        if (!window.expected || window.state == engine::WindowState::unclaimed) return std::nullopt;
        received += window.row.summary.count;
        expected += *window.expected;
    }
    if (expected == 0) return std::nullopt;
    return static_cast<double>(received) / static_cast<double>(expected);
}

void write_moments(base::JsonWriter& json, const views::Moments& moments) {
    const auto number = [&](const char* name, std::optional<double> value) {
        json.key(name);
        views::write_number(json, value);
    };
    json.member("count", moments.count());
    number("mean", moments.mean());
    number("deviation", moments.deviation());
    number("min", moments.min());
    number("max", moments.max());
}

void write_span(base::JsonWriter& json, const Span& span, const Judged& judged) {
    views::Moments moments;
    engine::WindowRow whole;
    for (const auto& window : judged.windows) {
        if (window.row.summary.count == 0) continue;
        moments.add(window.row.summary);
        whole.add(window.row);
    }
    json.begin_object()
        .member("span", span.name)
        .member("from", base::to_milliseconds(judged.from));
    json.member("to", base::to_milliseconds(judged.to));
    write_moments(json, moments);
    constexpr std::array<std::pair<const char*, double>, 3> kShares{
        {{"p10", 0.1}, {"median", 0.5}, {"p90", 0.9}}};
    for (const auto& [name, share] : kShares) {
        json.key(name);
        views::write_number(json, whole.quantile(share));
    }
    json.key("completeness");
    views::write_number(json, completeness_of(judged));
    json.end_object();
}

/// Reads for one answer, about one series at one time.
class Reader {
  public:
    Reader(const Facts& facts, const engine::SeriesRow& series, EventTime at)
        : facts_(facts), series_(series), at_(at) {}

    base::Status open() {
        auto spans = facts_.query.spans();
        if (!spans) return spans.error();
        stored_ = std::move(spans).value();
        const auto row = facts_.query.node(series_.node);
        if (!row) return row.error();
        node_ = views::facts_of(row.value() ? &*row.value() : nullptr,
                                views::presence_of(facts_.presences, series_.node), series_,
                                facts_.now, facts_.watermark_bound);
        return base::Done{};
    }

    /// In wider windows where some readings are known only in these.
    base::Result<Judged> judge(const Span& span) {
        auto judged = judge(span.length, unit_of(span));
        if (!judged || !judged.value().are_coarse()) return judged;
        return judge(span.length, views::kWideSpan);
    }

    /// The hours of the weeks before `at`.
    base::Result<views::ExpectedBand> hours() {
        const auto hour = engine::window_start(at_, views::kWideSpan);
        auto rows = facts_.query.windows({.node = series_.node,
                                          .series = series_.declared.series,
                                          .span = views::kWideSpan,
                                          .from = hour - kWeeks * kWeek,
                                          .to = hour});
        if (!rows) return rows.error();
        return views::ExpectedBand{std::move(rows).value()};
    }

  private:
    base::Duration unit_of(const Span& span) const {
        auto unit = views::kWideSpan;
        for (const auto& [stored, kept_from] : stored_) {
            const auto from = engine::window_start(at_, stored) + stored - span.length;
            const bool is_kept = !kept_from || *kept_from <= from;
            const bool fits = stored <= span.unit_max && span.length % stored == 0ms;
            if (fits && is_kept) unit = stored;
        }
        return unit;
    }

    base::Result<Judged> judge(base::Duration length, base::Duration unit) {
        const auto to = engine::window_start(at_, unit) + unit;
        Judged judged{.from = to - length, .to = to, .windows = {}};
        auto rows = views::read_rows(facts_.query, series_, unit, judged.from, to,
                                     static_cast<std::size_t>(length / unit), true);
        if (!rows) return rows.error();
        auto gaps = facts_.query.gaps(series_.node, judged.from, to);
        if (!gaps) return gaps.error();
        const engine::DeclaredGaps declared{gaps.value()};
        judged.windows =
            views::judge_range(series_, rows.value(), views::Surroundings{rows.value()},
                               judged.from, to, {.watermark = node_.watermark, .gaps = declared});
        return judged;
    }

    const Facts& facts_;
    const engine::SeriesRow& series_;
    EventTime at_;
    std::vector<sinks::StoredSpan> stored_;
    views::NodeFacts node_;
};

void write_baseline(base::JsonWriter& json, const views::ExpectedBand& hours, EventTime at) {
    const auto hour = engine::window_start(at, views::kWideSpan);
    views::Moments moments;
    std::uint64_t weeks = 0;
    for (int week = 1; week <= kWeeks; ++week) {
        const auto* row = hours.hour(hour - week * kWeek);
        if (row == nullptr || row->summary.count == 0) continue;
        moments.add(row->summary);
        ++weeks;
    }
    json.key("baseline").begin_object().member("hour", base::to_milliseconds(hour));
    json.key("hour_of_week").begin_object().member("weeks", weeks);
    write_moments(json, moments);
    json.end_object();
    const auto band = hours.at(at);
    json.key("hour_of_day").begin_object().key("days");
    views::write_count(json,
                       band ? std::optional{static_cast<std::uint64_t>(band->days)} : std::nullopt);
    json.key("low");
    views::write_number(json, band ? std::optional{band->low} : std::nullopt);
    json.key("high");
    views::write_number(json, band ? std::optional{band->high} : std::nullopt);
    json.end_object().end_object();
}

base::Result<std::string> answer_of(const Facts& facts, const engine::SeriesRow& series,
                                    EventTime at) {
    Reader reader{facts, series, at};
    if (auto opened = reader.open(); !opened) return opened.error();
    base::JsonWriter json;
    json.begin_object().member("series", series.node + "/" + series.declared.series);
    json.member("quantity", series.declared.quantity).member("unit", series.declared.unit);
    json.member("at", base::to_milliseconds(at)).key("spans").begin_array();
    for (const auto& span : kSpans) {
        const auto judged = reader.judge(span);
        if (!judged) return judged.error();
        write_span(json, span, judged.value());
    }
    json.end_array();
    const auto hours = reader.hours();
    if (!hours) return hours.error();
    write_baseline(json, hours.value(), at);
    json.end_object();
    return json.take();
}

}  // namespace

const std::vector<http::Parameter>& statistics_parameters() {
    static const std::vector<http::Parameter> kParameters{{"at"}};
    return kParameters;
}

std::variant<std::string, http::Problem> list_statistics(const Facts& facts, const std::string& id,
                                                         const http::Target& target) {
    auto found = find_series(facts.query, id);
    if (auto* problem = std::get_if<http::Problem>(&found)) return std::move(*problem);
    const auto& series = std::get<engine::SeriesRow>(found);
    auto at = series.last_at.value_or(facts.now);
    if (const auto text = target.find("at")) {
        const auto parsed = parse_time(*text, facts.now);
        if (!parsed) return http::bad_parameter("at", parsed.error().detail);
        at = parsed.value();
    }
    const auto kept_from = facts.query.kept_from(views::kWideSpan);
    if (!kept_from) return query_failed(kept_from.error());
    if (kept_from.value() && at - kWeek < *kept_from.value()) {
        return http::bad_parameter("at", "windows of a week before it are no longer kept");
    }
    auto answer = answer_of(facts, series, at);
    if (!answer) return query_failed(answer.error());
    return std::move(answer).value();
}

}  // namespace api
