#pragma once

#include <cstddef>
#include <string>

#include "base/result.hpp"
#include "odbc/connection.hpp"

namespace jobs {

/// What a query yields, as a CSV with a header: times in RFC 3339, those without a zone as UTC;
/// NULL is an empty field. What else the query did is rolled back, as far as the server can: MySQL
/// cannot for what makes or drops a table. Exhausted when that has more rows than `rows_max`, or a
/// text of more than 1 000 characters.
base::Result<std::string> query_table(odbc::Connection& connection, const std::string& query,
                                      std::size_t rows_max);

}  // namespace jobs
