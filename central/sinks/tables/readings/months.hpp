#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "central/sinks/access/division.hpp"
#include "central/sinks/tables/readings/kept_readings.hpp"
#include "sql/database.hpp"

namespace sinks {

/// The parts of reading_block by time, where the database keeps them apart: there are none in
/// SQLite, and TimescaleDB makes its own. What it knows of them is of this transaction, or of
/// committed ones: after a rollback it must go.
class Months {
  public:
    explicit Months(sql::Database& database) : database_(database) {}

    /// Sees to it that a block which begins then has a part to lie in; `received` is when its
    /// record came. Of its month, from 20 years before that to the month after it; of a year, or of
    /// centuries, where some clock was wrong. So there are never more than some hundred parts.
    /// Within the transaction that writes the block. Waits for no reader.
    base::Status cover(base::EventTime first_at, base::EventTime received);

    /// Drops one part that ends before, and tells what was in it. Nothing when there is none; nor
    /// while somebody reads the table for long, or what is in it is too much to be counted at once:
    /// then its blocks can still be removed one by one. A transaction of its own.
    base::Result<std::optional<Removed>> drop_one(base::EventTime before);

  private:
    /// The ends are milliseconds since 1970, or the least and most of all numbers.
    struct Part {
        std::string name;
        std::int64_t from = 0;
        std::int64_t to = 0;
    };

    base::Status observe();
    base::Result<std::map<std::int64_t, Part>> read(const char* sql);
    base::Status make(const Part& part);
    base::Result<std::string> free_name(std::int64_t from);
    base::Result<bool> is_countable(const Part& part);
    base::Result<Removed> count(const Part& part);
    base::Result<bool> drop(const Part& part);

    sql::Database& database_;
    std::optional<Division> division_;
    std::map<std::int64_t, Part> parts_;  // By where they begin. Partitions only.
};

}  // namespace sinks
