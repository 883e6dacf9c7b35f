#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "central/jobs/sql/time_form.hpp"
#include "odbc/dialect.hpp"

namespace jobs {

/// What of leat a table of others holds.
enum class RowKind { windows, readings };

/// The table: its columns, and which of them tell rows apart. The last column is `mark`, a digest
/// of the row by which a later run knows whether it has changed.
struct Layout {
    odbc::TableShape table;
    std::string time;                // The column of the time.
    std::optional<std::string> nth;  // The column that tells rows of one time apart.
    TimeForm form = TimeForm::timestamp;
};

Layout layout_of(RowKind kind, const std::string& table, TimeForm form);

/// A row for such a table.
struct OutRow {
    base::EventTime at;
    std::int64_t nth = 0;                                 // Of rows of one series and time.
    std::optional<std::pair<double, double>> extremes{};  // None: no reading is behind it.
    std::vector<odbc::Value> values{};                    // In order of the columns; the mark last.

    std::int64_t mark() const { return std::get<std::int64_t>(values.back()); }
};

/// Appends the digest of all values. Never given another meaning: every row would be written again.
void append_mark(std::vector<odbc::Value>& values);

}  // namespace jobs
