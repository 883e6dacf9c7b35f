#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "central/api/windows.hpp"
#include "central/shell/moment.hpp"
#include "central/shell/question.hpp"
#include "central/shell/subjects.hpp"
#include "central/shell/table/times.hpp"
#include "central/shell/trace_text.hpp"
#include "central/shell/window_rows.hpp"
#include "central/views/series_view.hpp"

namespace shell {

namespace {

using namespace std::chrono_literals;

constexpr base::Duration kMillisecond{1};
constexpr std::size_t kFindingsMax = 50;

/// The reading of the range that is next to that time; of two of one time the one that was stored
/// later, as everywhere.
base::Result<std::optional<sinks::StoredReading>> nearest_in(sinks::Query& query,
                                                             sinks::ReadingRange range,
                                                             base::EventTime at) {
    const auto distance = [&](const sinks::StoredReading& reading) {
        return std::max(reading.place.at - at, at - reading.place.at);
    };
    std::optional<sinks::StoredReading> nearest;
    for (;;) {
        const auto page = query.readings(range);
        if (!page) return page.error();
        for (const auto& reading : page.value()) {
            if (!nearest || distance(reading) <= distance(*nearest)) nearest = reading;
        }
        // Those that follow are farther away.
        const bool is_whole = page.value().size() < range.readings_max;
        if (is_whole || page.value().back().place.at > at) return nearest;
        range.after = page.value().back().place;
    }
}

/// The reading next to that time, in ever wider ranges, so that few are read.
base::Result<std::optional<sinks::StoredReading>> nearest_reading(const Question& question,
                                                                  const engine::SeriesRow& series,
                                                                  base::EventTime at) {
    for (const base::Duration reach :
         {base::Duration{0ms}, base::Duration{1s}, base::Duration{1min}, base::Duration{1h}}) {
        auto found = nearest_in(question.facts.query,
                                {.node = series.node,
                                 .series = series.declared.series,
                                 .from = at - reach,
                                 .to = at + reach + kMillisecond},
                                at);
        if (!found || found.value()) return found;
    }
    return std::optional<sinks::StoredReading>{};
}

/// The windows of every length that hold the time; of none of another length than a request may
/// name.
base::Result<std::vector<views::JudgedWindow>> windows_at(const Question& question,
                                                          const std::string& id,
                                                          base::EventTime at) {
    const auto spans = question.facts.query.spans();
    if (!spans) return spans.error();
    std::vector<views::JudgedWindow> windows;
    for (const auto& [span, kept_from] : spans.value()) {
        const auto from = base::to_milliseconds(at);
        auto answer = api::find_windows(question.facts, {.path = {},
                                                         .query = {{"series", id},
                                                                   {"span", length_text(span)},
                                                                   {"from", std::to_string(from)},
                                                                   {"to", std::to_string(from + 1)},
                                                                   {"quantiles", "p50,p90"}}});
        if (const auto* problem = std::get_if<http::Problem>(&answer)) {
            if (problem->slug != "bad-parameter") return error_of(*problem);
            continue;
        }
        for (auto& window : std::get<api::FoundWindows>(answer).windows) {
            if (window.start <= at) windows.push_back(std::move(window));
        }
    }
    return windows;
}

base::Status add_circumstances(const Question& question, Trace& trace) {
    auto& query = question.facts.query;
    const auto& node = trace.series.node;
    const auto& name = trace.series.declared.series;
    auto situations = query.situations(node, trace.at);
    if (!situations) return situations.error();
    trace.situation = std::move(situations).value()[name];
    auto findings = query.findings({.node = node,
                                    .series = name,
                                    .from = trace.at,
                                    .to = trace.at + kMillisecond,
                                    .is_open = {},
                                    .before = {},
                                    .rows_max = kFindingsMax});
    if (!findings) return findings.error();
    trace.findings = std::move(findings).value();
    auto gaps = query.gaps(node, trace.at, trace.at + kMillisecond);
    if (!gaps) return gaps.error();
    for (auto& gap : std::move(gaps).value()) {
        if (gap.first_at && gap.last_at) trace.gaps.push_back(std::move(gap));
    }
    return base::Done{};
}

}  // namespace

Answer trace(const Question& question) {
    const auto series = one_series(question.facts, question.command.option("series"));
    if (!series) return series.error();
    const auto asked =
        parse_moment(question.command.option("time"), question.facts.now, question.zone);
    if (!asked) return asked.error();
    Trace trace{.series = series.value(), .asked = asked.value(), .at = asked.value()};
    auto reading = nearest_reading(question, trace.series, trace.asked);
    if (!reading) return reading.error();
    trace.reading = reading.value();
    if (trace.reading) trace.at = trace.reading->place.at;
    auto windows = windows_at(question, views::series_id(trace.series), trace.at);
    if (!windows) return windows.error();
    trace.windows = std::move(windows).value();
    if (auto added = add_circumstances(question, trace); !added) return added.error();
    return table_of(trace, question.zone);
}

}  // namespace shell
