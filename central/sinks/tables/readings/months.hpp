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
/// SQLite, and of the usual times TimescaleDB makes its own. What it knows of them is of this
/// transaction, or of committed ones: after a rollback it must go.
class Months {
  public:
    explicit Months(sql::Database& database) : database_(database) {}

    /// A block to be written, as far as its place asks for it.
    struct BlockPlace {
        base::EventTime first_at;
        base::EventTime received;  // When its record came.
        std::int64_t series = 0;   // Rows of the tables.
        std::int64_t incarnation = 0;
    };

    /// Sees to it that the block has a part to lie in: of its month, from 20 years before it came
    /// to 13 months after that; of a year, or of centuries, where some clock was wrong. So there
    /// are never more than a few hundred parts. Within the transaction that writes the block. Waits
    /// for no reader.
    base::Status cover(const BlockPlace& block);

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
    bool is_covered(std::int64_t at) const;
    base::Status make_partition(const BlockPlace& block);
    base::Status make_chunk(const BlockPlace& block);
    base::Result<std::string> free_name(std::int64_t from);
    base::Result<bool> is_countable(const Part& part);
    base::Result<Removed> count(const Part& part);
    base::Result<bool> drop(const Part& part);

    sql::Database& database_;
    std::optional<Division> division_;
    std::map<std::int64_t, Part> parts_;  // By where they begin.
};

}  // namespace sinks
