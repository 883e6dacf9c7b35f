#pragma once

#include <initializer_list>
#include <string>

#include "central/engine/changes.hpp"

/// 2025-11-20T12:00:00Z, the beginning of a minute and of an hour.
inline constexpr base::EventTime kNoon = base::from_milliseconds(1'763'640'000'000);

inline engine::NodeRow node_row(const std::string& node, base::EventTime newest) {
    engine::NodeRow row;
    row.node = node;
    row.incarnation = {0x9f86d081884c7d65};
    row.applied.seq = 182044;
    row.stored_at = newest + std::chrono::seconds{1};
    row.newest = newest;
    return row;
}

inline engine::SeriesRow series_row(const std::string& node, const std::string& series,
                                    base::EventTime first, base::EventTime last) {
    engine::SeriesRow row;
    row.node = node;
    row.declared.series = series;
    row.declared.quantity = series.substr(series.find('.') + 1);
    row.declared.unit = "Cel";
    row.declared.driver = "dht11";
    row.declared.period = std::chrono::seconds{20};
    row.first_at = first;
    row.last_at = last;
    row.last_value = 22.5;
    row.readings = 30;
    return row;
}

inline engine::WindowRow window_row(std::initializer_list<double> values) {
    engine::WindowRow row;
    for (const double value : values) row.summary.add(value);
    row.revision = 1;
    return row;
}

/// The same with its readings 20 s apart from the start of the window, unless it has times.
inline engine::WindowRow timed(base::EventTime start, engine::WindowRow row) {
    if (row.summary.count == 0 || row.last_at != base::EventTime{}) return row;
    row.first_at = start;
    row.last_at =
        start + static_cast<std::int64_t>(row.summary.count - 1) * std::chrono::seconds{20};
    return row;
}
