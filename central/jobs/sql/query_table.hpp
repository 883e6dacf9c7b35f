#pragma once

#include <cstddef>
#include <string>

#include "base/result.hpp"
#include "odbc/connection.hpp"

namespace jobs {

/// How much a query may yield.
struct TableLimits {
    std::size_t rows_max;   // Without the header.
    std::size_t bytes_max;  // Of the CSV.
};

/// What a query yields, as a CSV with a header: times in RFC 3339, those without a zone as UTC;
/// NULL is an empty field. Exhausted when that is more than the limits, or a text has more than
/// 1 000 characters. What else the query did is rolled back, as far as the server can: MySQL cannot
/// for what makes or drops a table.
base::Result<std::string> query_table(odbc::Connection& connection, const std::string& query,
                                      const TableLimits& limits);

}  // namespace jobs
