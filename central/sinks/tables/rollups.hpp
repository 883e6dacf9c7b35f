#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "central/engine/window.hpp"
#include "sql/database.hpp"

namespace sinks {

/// What a query must select from a rollup table, in this order, for read_window(). Without the
/// sketch, which is most of a row, it costs less.
std::string window_columns(bool with_sketch);

/// `with_sketch` is that of window_columns(): without it the row has none.
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
