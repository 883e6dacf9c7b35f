#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "central/sinks/query.hpp"

/// A store whose rows a test writes down.
class ScriptedQuery final : public sinks::Query {
  public:
    std::vector<engine::NodeRow> node_rows;
    std::vector<engine::SeriesRow> series_rows;
    std::vector<std::pair<base::EventTime, engine::WindowRow>> window_rows;  // Of any series.
    std::vector<engine::GapRow> gap_rows;
    std::optional<base::Error> failure;
    std::vector<sinks::WindowRange> asked;

    std::size_t gap_questions = 0;
    std::vector<std::string> series_asked;  // The nodes; empty for all.

    using Query::nodes;
    using Query::series;

    base::Result<std::optional<engine::NodeRow>> node(const std::string& name) override {
        if (failure) return *failure;
        for (const auto& row : node_rows) {
            if (row.node == name) return std::optional{row};
        }
        return std::optional<engine::NodeRow>{};
    }
    base::Result<std::vector<engine::NodeRow>> nodes(const sinks::Page& page) override {
        if (failure) return *failure;
        std::vector<engine::NodeRow> rows;
        for (const auto& row : node_rows) {
            if (row.node > page.after && rows.size() < page.limit.value_or(-1)) rows.push_back(row);
        }
        return rows;
    }
    base::Result<std::vector<engine::SeriesRow>> series(const std::string& node,
                                                        const sinks::Page& page) override {
        if (failure) return *failure;
        series_asked.push_back(node);
        std::vector<engine::SeriesRow> rows;
        for (const auto& row : series_rows) {
            const bool wanted = node.empty() || row.node == node;
            const bool after = row.node + "/" + row.declared.series > page.after;
            if (wanted && after && rows.size() < page.limit.value_or(-1)) rows.push_back(row);
        }
        return rows;
    }
    base::Result<std::vector<std::pair<base::EventTime, engine::WindowRow>>> windows(
        const sinks::WindowRange& range) override {
        if (failure) return *failure;
        asked.push_back(range);
        std::vector<std::pair<base::EventTime, engine::WindowRow>> rows;
        for (const auto& row : window_rows) {
            if (row.first >= range.from && row.first < range.to) rows.push_back(row);
        }
        return rows;
    }
    base::Result<std::vector<engine::GapRow>> gaps(const std::string& node, base::EventTime from,
                                                   base::EventTime to) override {
        if (failure) return *failure;
        ++gap_questions;
        std::vector<engine::GapRow> rows;
        for (const auto& row : gap_rows) {
            const bool overlaps = !row.first_at || (*row.first_at < to && *row.last_at >= from);
            if (row.node == node && overlaps) rows.push_back(row);
        }
        return rows;
    }
};

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
