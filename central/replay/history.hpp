#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "central/engine/changes.hpp"
#include "central/sinks/query.hpp"
#include "wire/record.hpp"

namespace replay {

/// What is known singly of a record, of one hour.
struct PastRecord {
    engine::ReadingOrigin origin;
    wire::Data data;
};

/// The single readings of a node, and those in quarantine that a rule set aside, as records again.
class History {
  public:
    /// Of these series, all of one node. Holds what of them is in quarantine in memory.
    static base::Result<History> open(sinks::Query& query, std::vector<engine::SeriesRow> series);

    /// The records of the hour that begins there, in the order in which they came. Readings of one
    /// record in two hours are two records.
    base::Result<std::vector<PastRecord>> hour(base::EventTime start) const;

  private:
    struct Reading {
        std::string series;
        base::EventTime at;
        double value = 0;
        engine::ReadingOrigin origin;
    };

    History(sinks::Query& query, std::vector<engine::SeriesRow> series)
        : query_(&query), series_(std::move(series)) {}

    base::Status read_quarantine(const std::string& node);
    base::Status read_hour(const engine::SeriesRow& series, base::EventTime start,
                           std::vector<Reading>& readings) const;

    sinks::Query* query_;
    std::vector<engine::SeriesRow> series_;
    std::map<base::EventTime, std::vector<Reading>> set_aside_;  // By hour.
};

}  // namespace replay
