#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "central/imports/tables/row.hpp"
#include "central/imports/tables/source.hpp"
#include "odbc/connection.hpp"

namespace imports::tables {

/// Looks at the columns of a table, and at its first row. Misconfigured when they are not as the
/// source says.
base::Result<RowLayout> layout_of(odbc::Connection& connection, const Source& source,
                                  const std::string& table);

/// " FROM table WHERE time >= … AND time < …"
std::string rows_of(const odbc::Dialect& dialect, const Source& source, const std::string& table,
                    const TimeRange& range);

/// The rows of a partition, in order of time, and those of one time in order of their tags. Errors
/// are those of Connection.
base::Result<std::vector<Row>> read_rows(odbc::Connection& connection, const Source& source,
                                         const Partition& partition);

/// How many rows of which tags there are, by the ids of these; empty: of NULL.
base::Result<std::map<std::string, std::uint64_t>> count_by_tag(odbc::Connection& connection,
                                                                const Source& source,
                                                                const std::string& table,
                                                                const RowLayout& layout,
                                                                const TimeRange& range);

}  // namespace imports::tables
