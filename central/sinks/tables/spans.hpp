#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "sql/database.hpp"

namespace sinks {

/// "1m", "1h", "15m", "500ms": the end of a table's name.
std::string span_name(base::Duration span);

/// The lengths of the windows that the database keeps, ascending. A table of another length may
/// still be there: nobody has written to it since its length was no longer wanted.
base::Result<std::vector<base::Duration>> kept_spans(sql::Database& database);

/// Makes the table of each span, with all the columns of today. Windows of a length that was not
/// kept so far are merged from the longest shorter ones, so that history has them too; that takes
/// about a second for a million of these. Call it within a transaction, after the other tables were
/// made.
base::Status prepare_spans(sql::Database& database, const std::vector<base::Duration>& spans);

/// The tables of windows, whatever spans they were made for: "rollup_" gives "rollup_1m" …
base::Result<std::vector<std::string>> window_tables(sql::Database& database,
                                                     std::string_view prefix);

/// The statements that make the table of a span.
std::string span_tables(const std::vector<base::Duration>& spans);

}  // namespace sinks
