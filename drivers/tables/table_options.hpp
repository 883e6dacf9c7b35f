#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/settings.hpp"
#include "drivers/tables/column_options.hpp"
#include "drivers/tables/time_format.hpp"
#include "drivers/tables/time_zone.hpp"

namespace drivers::tables {

/// How a file's rows become measurements: what every driver that reads tables is told.
struct TableOptions {
    std::string file;  // For messages.

    /// The columns or keys of the time, joined by a space. Empty: rows have no time.
    std::vector<std::string> times;
    TimeFormat time_format = TimeFormat::parse("rfc3339").value();
    TimeZone time_zone;          // Of times that do not name theirs.
    bool has_time_zone = false;  // It was set, and is not merely UTC because nothing was.

    char separator = ',';
    bool header = true;         // A row names the columns.
    std::string comment = "#";  // A line that begins so is passed over; empty: none is.
    bool decimal_comma = false;
    std::vector<std::string> missing;  // Codes for no value, in every column.
    std::vector<std::string> by;       // Columns or keys whose texts split series.
    std::vector<std::string> ignored;  // Columns or keys of which nothing is told.
    std::vector<ColumnOptions> columns;
};

/// The names of all columns that are read: of the times, of `by`, and of the values.
std::vector<std::string> wanted_names(const TableOptions& options);

/// Reads the keys that every table has, but not which file it is; what is wrong is left in the
/// settings. `is_csv` is false for rows whose cells have names of their own, which need no
/// separator, header or comment.
TableOptions read_table_options(base::Settings& settings, bool is_csv = true);

}  // namespace drivers::tables
