#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "central/shell/table/table.hpp"
#include "drivers/tables/time_zone.hpp"

// A table as text, as CSV and as JSON. In none of them text can steer a terminal.
namespace shell {

/// For people: aligned columns under a header, numbers to the right. Lines are cut to `width`, if
/// there is one. No header where there are no rows.
std::string to_text(const Table& table, const drivers::tables::TimeZone& zone,
                    std::optional<std::size_t> width);

/// RFC 4180 with a header, and times as RFC 3339 has them.
std::string to_csv(const Table& table, const drivers::tables::TimeZone& zone);

/// Rows of CSV, for what is too long for a table.
std::string csv_header(const std::vector<Column>& columns);
std::string csv_row(const std::vector<Column>& columns, const Row& row,
                    const drivers::tables::TimeZone& zone);

/// {"now":…,"items":[{"node":"attic"}]}: the table's facts, then a row an object. Times are
/// milliseconds since 1970, as in the API, and lengths of time milliseconds.
std::string to_json(const Table& table);

/// One row as a line of JSON.
std::string json_row(const std::vector<Column>& columns, const Row& row);

}  // namespace shell
