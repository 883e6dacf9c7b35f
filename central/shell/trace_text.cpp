#include "central/shell/trace_text.hpp"

#include <fmt/format.h>

#include <utility>

#include "central/shell/table/times.hpp"
#include "central/shell/window_rows.hpp"
#include "central/text/rfc3339.hpp"
#include "central/views/finding_view.hpp"
#include "central/views/json_values.hpp"
#include "central/views/readings/reading_text.hpp"
#include "central/views/series_view.hpp"

namespace shell {

namespace {

using drivers::tables::TimeZone;
using Lines = std::vector<std::string>;

/// The period that held then.
dimensions::Cadence cadence_of(const Trace& trace) {
    const auto& periods = trace.series.periods;
    if (periods.empty()) return {.period = trace.series.declared.period};
    return dimensions::cadence_in(periods, trace.at, trace.at + base::Duration{1});
}

std::string delay_text(base::Duration delay) {
    constexpr std::chrono::seconds kShort{2};
    if (delay < base::Duration::zero()) return rough_text(-delay) + " before its own time";
    return (delay < kShort ? fmt::format("{} ms", delay.count()) : rough_text(delay)) + " later";
}

std::string clock_text(const sinks::StoredReading& reading) {
    const auto clock = reading.origin.clock;
    std::string text{wire::to_text(clock)};
    if (clock == wire::ClockState::boot) text += "; it waited until its clock was set";
    if (reading.is_ahead) text += "; its time is from the future";
    return text;
}

void add_reading(const Trace& trace, const TimeZone& zone, Lines& lines) {
    if (!trace.reading) {
        lines.push_back("reading   none by itself within an hour");
        return;
    }
    const auto& [place, value, is_ahead, origin] = *trace.reading;
    lines.push_back(fmt::format("reading   {} {}", value, trace.series.declared.unit));
    auto time = text::short_rfc3339(place.at, zone);
    if (place.at != trace.asked) {
        const auto away = place.at > trace.asked ? place.at - trace.asked : trace.asked - place.at;
        time += fmt::format(", the nearest to what was asked, {} away", rough_text(away));
    }
    lines.push_back("time      " + time);
    lines.push_back(fmt::format("record    {} of incarnation {}", origin.seq,
                                wire::to_text(origin.incarnation)));
    lines.push_back(fmt::format("stored    {}, {}", text::short_rfc3339(origin.received, zone),
                                delay_text(origin.received - place.at)));
    lines.push_back("clock     " + clock_text(*trace.reading));
}

std::string measured_text(const Trace& trace) {
    const auto& declared = trace.series.declared;
    if (declared.quantity.empty()) return "it was never declared what this is";
    const auto cadence = cadence_of(trace);
    return fmt::format(
        "{} in {}, by {}, {}", declared.quantity, declared.unit, declared.driver,
        cadence.period ? "every " + length_text(*cadence.period) : std::string{"without a period"});
}

Lines heading_of(const Trace& trace, const TimeZone& zone) {
    Lines lines{"series    " + views::series_id(trace.series)};
    if (!trace.reading) lines.push_back("time      " + text::short_rfc3339(trace.at, zone));
    add_reading(trace, zone, lines);
    lines.push_back("measures  " + measured_text(trace));
    const auto& [location, tags] = trace.situation;
    lines.push_back("was at    " + (location.empty() ? "a place that is not known" : location));
    if (!tags.empty()) lines.push_back(fmt::format("tags      {}", fmt::join(tags, " ")));
    lines.emplace_back();
    return lines;
}

Lines notes_of(const Trace& trace, const TimeZone& zone) {
    Lines lines;
    for (const auto& row : trace.findings) {
        const auto& finding = row.finding;
        lines.push_back(fmt::format(
            "found: {} (since {}, {})", finding.sentence, text::short_rfc3339(finding.from, zone),
            finding.ended ? "until " + text::short_rfc3339(finding.to, zone) : "still so"));
    }
    for (const auto& gap : trace.gaps) {
        lines.push_back(fmt::format(
            "gap: records {} to {} of the node are {}, from {} to {}", gap.from, gap.to, gap.reason,
            text::short_rfc3339(*gap.first_at, zone), text::short_rfc3339(*gap.last_at, zone)));
    }
    if (lines.empty()) lines.emplace_back("nothing was found odd, and no gap is declared");
    return lines;
}

void write_reading(base::JsonWriter& json, const sinks::StoredReading& reading) {
    json.begin_object().member("t", base::to_milliseconds(reading.place.at));
    json.member("value", reading.value).member("quality", views::quality_of(reading));
    json.member("clock", wire::to_text(reading.origin.clock));
    json.member("incarnation", wire::to_text(reading.origin.incarnation));
    json.member("seq", reading.origin.seq);
    json.member("stored_at", base::to_milliseconds(reading.origin.received)).end_object();
}

void write_gap(base::JsonWriter& json, const engine::GapRow& gap) {
    json.begin_object().key("from");
    views::write_time(json, gap.first_at);
    json.key("to");
    views::write_time(json, gap.last_at);
    json.member("records", gap.to - gap.from + 1).key("readings");
    views::write_count(json, gap.readings);
    json.member("reason", gap.reason).end_object();
}

Cell findings_cell(const Trace& trace) {
    return with_json({}, [findings = trace.findings](base::JsonWriter& json) {
        json.begin_array();
        for (const auto& row : findings) {
            views::write_finding(json, row.node + "/" + row.series, row.finding);
        }
        json.end_array();
    });
}

Cell gaps_cell(const Trace& trace) {
    return with_json({}, [gaps = trace.gaps](base::JsonWriter& json) {
        json.begin_array();
        for (const auto& gap : gaps) write_gap(json, gap);
        json.end_array();
    });
}

std::vector<std::pair<std::string, Cell>> facts_of(const Trace& trace) {
    const auto& declared = trace.series.declared;
    Cell reading;
    if (trace.reading) {
        reading.json = [found = *trace.reading](auto& json) { write_reading(json, found); };
    }
    const auto& location = trace.situation.location;
    return {{"series", views::series_id(trace.series)},
            {"asked", trace.asked},
            {"reading", std::move(reading)},
            {"quantity", declared.quantity},
            {"unit", declared.unit},
            {"driver", declared.driver},
            {"period_ms", cadence_of(trace).period},
            {"location", location.empty() ? Cell{} : Cell{location}},
            {"tags", trace.situation.tags},
            {"findings", findings_cell(trace)},
            {"gaps", gaps_cell(trace)}};
}

}  // namespace

Table table_of(const Trace& trace, const TimeZone& zone) {
    Table table{.heading = heading_of(trace, zone),
                .facts = facts_of(trace),
                .columns = window_columns(),
                .notes = notes_of(trace, zone),
                .when_empty = "no window holds it"};
    table.columns.insert(table.columns.begin(), {{.name = "window_ms", .title = "window"},
                                                 {.name = "t", .title = "start"}});
    for (const auto& window : trace.windows) {
        auto row = window_row(window);
        row.insert(row.begin(), {Cell{window.span}, Cell{window.start}});
        table.rows.push_back(std::move(row));
    }
    return table;
}

}  // namespace shell
