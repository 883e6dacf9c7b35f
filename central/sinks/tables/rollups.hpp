#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "central/engine/window.hpp"
#include "sql/database.hpp"

namespace sinks {

/// What a query must select from a rollup table, in this order, for read_window().
extern const char* const kWindowColumns;

/// With `with_sketch` false the row has none, and costs less.
engine::WindowRow read_window(const sql::Query& row, int first_column = 0, bool with_sketch = true);

/// The rollup tables, one a span.
class Rollups {
  public:
    Rollups(sql::Database& database, const std::vector<base::Duration>& spans);

    base::Result<std::optional<engine::WindowRow>> read(base::Duration span, std::int64_t series,
                                                        base::EventTime start);
    base::Status write(base::Duration span, std::int64_t series, base::EventTime start,
                       const engine::WindowRow& row);

    /// Removes a reason for which no reading of the window has failed any more.
    base::Status heal(base::Duration span, std::int64_t series, base::EventTime start,
                      const std::string& reason);

  private:
    struct Statements {
        std::string read;
        std::string write;
        std::string read_reasons;
        std::string write_reason;
        std::string remove_reason;
    };

    base::Status read_reasons(const Statements& statements, std::int64_t series,
                              base::EventTime start, engine::WindowRow& row);

    sql::Database& database_;
    std::map<base::Duration, Statements> statements_;
};

}  // namespace sinks
