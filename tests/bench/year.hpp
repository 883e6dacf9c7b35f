#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "central/ingest/made_source.hpp"
#include "central/sinks/database_sink.hpp"

namespace bench {

/// A database with a year behind it: four nodes with five series each, a reading a minute.
/// Central's own pipeline and judge write the first three days and the last one; the days between
/// are copies of the second, moved in time, in the order in which they would have come. Findings,
/// gaps, alerts, runs of jobs and records in quarantine, some hundred of each, are written by the
/// sink.
class Year {
  public:
    /// At least five days.
    Year(sinks::Address address, std::int64_t days);

    /// Once. Stops the program where anything fails, and where a copied day is not as the last one
    /// is, which central has written itself.
    void fill();

    /// For a clock of its end.
    base::EventTime begin() const { return day(0); }
    base::EventTime end() const { return day(days_); }
    std::vector<std::string> nodes() const;
    std::vector<std::string> series() const;  // "attic/climate.temperature"

  private:
    base::EventTime day(std::int64_t number) const;
    void add_declarations();
    void add_day(std::int64_t number);
    void add_minute(const std::string& node, std::size_t place, base::EventTime at,
                    std::int64_t minute);
    void add(const std::string& node, std::string line, base::EventTime at);
    void write();
    void copy_days(sql::Database& database);
    void compare_days(sql::Database& database);

    sinks::Address address_;
    std::int64_t days_;
    ingest_test::MadeSource source_;
    std::map<std::string, std::uint64_t> records_;  // Of each node.
    std::unique_ptr<sinks::DatabaseSink> sink_;
};

}  // namespace bench
