#pragma once

#include <optional>
#include <vector>

#include "central/sinks/query.hpp"

/// A store whose single readings, and counts of quarantine, a test writes down.
class ScriptedReadings : public sinks::Query {
  public:
    std::vector<sinks::QuarantineCount> quarantine;  // Of any node.
    std::optional<base::Error> failure;
    std::vector<sinks::StoredReading> reading_rows;  // Of any series, in order.
    sinks::ReadingExtent extent;
    std::vector<sinks::ReadingRange> readings_asked;

    base::Result<std::vector<sinks::StoredReading>> readings(
        const sinks::ReadingRange& range) override {
        if (failure) return *failure;
        readings_asked.push_back(range);
        std::vector<sinks::StoredReading> found;
        for (const auto& row : reading_rows) {
            const bool is_in = row.place.at >= range.from && row.place.at < range.to &&
                               (!range.after || row.place > *range.after);
            if (is_in && found.size() < range.readings_max) found.push_back(row);
        }
        return found;
    }
    base::Result<sinks::ReadingExtent> reading_extent(const sinks::ReadingRange&) override {
        if (failure) return *failure;
        return extent;
    }
    base::Result<std::vector<sinks::QuarantineCount>> quarantined(
        const std::string& /*node*/) override {
        if (failure) return *failure;
        return quarantine;
    }
    base::Result<std::vector<sinks::QuarantinedLine>> quarantined(
        const sinks::QuarantineSelection& /*which*/, std::size_t /*lines_max*/) override {
        return std::vector<sinks::QuarantinedLine>{};
    }
};
