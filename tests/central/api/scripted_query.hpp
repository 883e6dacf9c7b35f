#pragma once

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "central/api/chosen_rows.hpp"
#include "central/api/scripted_readings.hpp"
#include "central/engine/engine_options.hpp"
#include "central/engine/made_rows.hpp"
#include "central/sinks/query.hpp"

/// A store whose rows a test writes down.
class ScriptedQuery final : public ScriptedReadings {
  public:
    std::vector<engine::NodeRow> node_rows;
    std::vector<engine::SeriesRow> series_rows;
    std::vector<std::pair<base::EventTime, engine::WindowRow>> window_rows;  // Of any series.
    std::vector<std::pair<base::EventTime, engine::WindowRow>> wide_rows;    // Of an hour.
    std::vector<engine::GapRow> gap_rows;
    std::vector<sinks::WindowRange> asked;

    std::vector<engine::BootRow> boot_rows;       // Of any node.
    std::vector<sinks::FindingRow> finding_rows;  // By their numbers.

    std::vector<engine::Stretch> stretch_rows;  // In order.

    std::size_t gap_questions = 0;
    std::vector<std::string> series_asked;  // The nodes; empty for all.

    std::vector<sinks::SeriesFilter> filters;
    std::map<std::string, std::map<std::string, dimensions::Situation>> situations_of;  // By node.
    std::vector<base::EventTime> situations_asked_at;
    std::optional<sinks::PlacedBoot> placed_boot;

    std::vector<sinks::GroupRange> groups_asked;
    sinks::GroupWindows grouped;

    std::vector<base::Duration> stored_spans = engine::EngineOptions{}.spans;
    std::map<base::Duration, base::EventTime> horizons;

    using Query::nodes;
    using Query::series;

    base::Result<std::vector<sinks::StoredSpan>> spans() override {
        return api_test::stored(stored_spans, horizons);
    }
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
    /// The filters are the store's: a test looks at what was asked.
    base::Result<std::vector<engine::SeriesRow>> matching_series(const sinks::SeriesFilter& filter,
                                                                 const sinks::Page& page) override {
        filters.push_back(filter);
        return series(filter.node, page);
    }
    base::Result<std::optional<sinks::PlacedBoot>> last_placed(const std::string&) override {
        if (failure) return *failure;
        return placed_boot;
    }
    base::Result<std::map<std::string, dimensions::Situation>> situations(
        const std::string& node, base::EventTime at) override {
        if (failure) return *failure;
        situations_asked_at.push_back(at);
        return situations_of[node];
    }
    base::Result<std::vector<std::pair<base::EventTime, engine::WindowRow>>> windows(
        const sinks::WindowRange& range) override {
        if (failure) return *failure;
        asked.push_back(range);
        if (range.span == std::chrono::hours{1}) return wide_rows;
        std::vector<std::pair<base::EventTime, engine::WindowRow>> rows;
        for (const auto& row : window_rows) {
            if (row.first >= range.from && row.first < range.to)
                rows.emplace_back(row.first, timed(row.first, row.second));
        }
        return rows;
    }
    base::Result<sinks::GroupWindows> group(const sinks::GroupRange& range) override {
        if (failure) return *failure;
        groups_asked.push_back(range);
        return grouped;
    }
    base::Result<engine::Around> around(const sinks::WindowRange& range) override {
        if (failure) return *failure;
        engine::Around around;
        for (const auto& each : window_rows) {
            const auto row = timed(each.first, each.second);
            if (row.summary.count == 0) continue;
            if (each.first < range.from) around.before = row.last_at;
            if (each.first >= range.to && !around.after) around.after = row.first_at;
        }
        return around;
    }
    base::Result<std::optional<std::pair<base::EventTime, base::EventTime>>> failures(
        const sinks::WindowRange& range) override {
        if (failure) return *failure;
        return api_test::failures_in(window_rows, range);
    }
    base::Result<std::vector<engine::GapRow>> gaps(const std::string& node, base::EventTime from,
                                                   base::EventTime to) override {
        if (failure) return *failure;
        ++gap_questions;
        return api_test::gaps_in(gap_rows, node, from, to);
    }
    base::Result<std::vector<sinks::FindingRow>> findings(
        const sinks::FindingRange& range) override {
        if (failure) return *failure;
        return api_test::chosen(finding_rows, range);
    }
    /// Of any series.
    base::Result<std::vector<engine::Stretch>> stretches(
        const sinks::StretchRange& range) override {
        if (failure) return *failure;
        return api_test::chosen(stretch_rows, range);
    }
    base::Result<std::vector<engine::BootRow>> boots(const std::string& /*node*/) override {
        return boot_rows;
    }
};
