#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "central/engine/window.hpp"
#include "central/sinks/sqlite_database.hpp"

namespace sinks {

/// What a query must select from a rollup table, in this order, for read_window().
extern const char* const kWindowColumns;
engine::WindowRow read_window(const Statement& row, int first_column = 0);

/// The rollup tables, one a span.
class Rollups {
  public:
    static base::Result<Rollups> prepare(Database& database,
                                         const std::vector<base::Duration>& spans);

    base::Result<std::optional<engine::WindowRow>> read(base::Duration span, std::int64_t series,
                                                        base::EventTime start);
    base::Status write(base::Duration span, std::int64_t series, base::EventTime start,
                       const engine::WindowRow& row);

  private:
    Rollups() = default;

    struct Table {
        Statement read;
        Statement write;
    };

    std::map<base::Duration, Table> tables_;
};

}  // namespace sinks
