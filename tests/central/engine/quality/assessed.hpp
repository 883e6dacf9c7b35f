#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "central/engine/made_rows.hpp"
#include "central/engine/quality/assessment.hpp"

namespace engine_test {

/// A gap of a node that a test writes down; without times when they are not given.
inline engine::GapRow gap_of(const std::string& reason, std::optional<base::EventTime> first = {},
                             std::optional<base::EventTime> last = {}) {
    engine::GapRow row;
    row.node = "attic";
    row.from = 1;
    row.to = 60;
    row.reason = reason;
    row.first_at = first;
    row.last_at = last;
    return row;
}

/// Readings at these times after kNoon.
inline engine::WindowRow row_at(const std::vector<base::Duration>& times) {
    engine::WindowRow row;
    for (const auto time : times) {
        row.merge(
            {.first_at = kNoon + time, .last_at = kNoon + time, .summary = wire::Summary::of(1)});
    }
    return row;
}

/// A series whose surroundings a test gives.
inline engine::SeriesRow bare_series(std::optional<base::Duration> period) {
    const auto hour = std::chrono::hours{1};
    auto series = series_row("attic", "climate.temperature", kNoon - hour, kNoon + hour);
    series.declared.period = period;
    series.first_at.reset();
    series.last_at.reset();
    return series;
}

/// The window of a minute at noon of a series with a reading every 20 s, and all around it.
struct AssessedMinute {
    std::vector<base::Duration> readings;
    std::vector<std::pair<std::string, std::uint64_t>> failed{};
    std::vector<engine::GapRow> gaps{};
    std::optional<base::Duration> period = std::chrono::seconds{20};
    bool also_between = false;
    dimensions::DeclaredPeriods periods{};
    bool is_coarse = false;
    std::optional<base::EventTime> watermark = kNoon + std::chrono::minutes{2};
    engine::Around around{.before = kNoon - std::chrono::seconds{20},
                          .after = kNoon + std::chrono::seconds{60}};
    std::uint64_t unplaced = 0;
    engine::Absence absence = engine::Absence::none;

    engine::Assessment assess() const {
        auto row = row_at(readings);
        for (const auto& [reason, count] : failed) row.fail(reason, count);
        auto series = bare_series(period);
        series.declared.also_between = also_between;
        series.periods = periods;
        const engine::DeclaredGaps declared{gaps};
        return engine::assess(
            {.start = kNoon,
             .span = std::chrono::minutes{1},
             .row = row,
             .around = around,
             .is_coarse = is_coarse},
            series,
            {.watermark = watermark, .gaps = declared, .unplaced = unplaced, .absence = absence});
    }
    std::optional<double> quality() const { return assess().quality; }

    /// "failed 3 checksum, not_sent 1, lost ? perhaps"
    std::string causes() const {
        std::string text;
        for (const auto& cause : assess().causes) {
            if (!text.empty()) text += ", ";
            text += engine::to_text(cause.kind);
            text += cause.readings ? " " + std::to_string(*cause.readings) : " ?";
            if (!cause.reason.empty()) text += " " + cause.reason;
            if (!cause.is_certain) text += " perhaps";
        }
        return text;
    }
};

}  // namespace engine_test
