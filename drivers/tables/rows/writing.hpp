#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "drivers/core/units.hpp"
#include "drivers/tables/table_options.hpp"
#include "drivers/tables/time_zone.hpp"

namespace drivers::tables {

/// How the numbers of a column are written, where a cell does not say it itself.
struct ColumnWriting {
    Scale scale{};              // Into the unit of the column.
    std::string contradiction;  // Why its numbers cannot be in the unit that is configured.

    friend bool operator==(const ColumnWriting&, const ColumnWriting&) = default;
};

/// What a file says about its cells beside them: units in names or under the header, and the zone
/// of its times.
struct Writing {
    std::vector<ColumnWriting> columns;  // As TableOptions::columns.
    std::optional<TimeZone> zone;        // Of times that do not name theirs.
    std::string zone_trouble;            // Why they cannot be placed.
    std::vector<std::string> notes;      // What a person should know.

    /// Done, or misconfigured with what is wrong.
    base::Status check(const TableOptions& options) const;
};

/// What the names of the wanted columns say, each as it stands in the file, in the order of
/// wanted_names(). Understood are units as in "Temp (°C)", "p [mbar]", "Temp, °F", "p / hPa" and
/// "temp_F", and zones as in "Date Time, GMT-05:00" and "time [Europe/Berlin]".
Writing writing_of(const TableOptions& options, const std::vector<std::string>& names);

/// Adds what a line of units under the header says; `cells` has one for each of
/// TableOptions::columns. False when it is no such line.
bool add_units(const TableOptions& options, const std::vector<std::string_view>& cells,
               Writing& writing);

/// How a number is written whose row says its unit.
ColumnWriting written_in(const ColumnOptions& column, std::string_view unit);

}  // namespace drivers::tables
