#include "drivers/tables/rows/row_names.hpp"

#include <algorithm>
#include <set>

#include "base/text.hpp"
#include "drivers/tables/cell.hpp"

namespace drivers::tables {

namespace {

bool is_digits(std::string_view text) {
    return !text.empty() &&
           std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

/// 1, 2, 3 in at least two rows: one alone could be the first half of 1,5.
bool count_up(const std::vector<FirstRow>& rows) {
    for (std::size_t i = 0; i < rows.size(); ++i) {
        if (base::trimmed(rows[i].fields.front()) != std::to_string(i + 1)) return false;
    }
    return rows.size() > 1;
}

bool are_distinct_texts(const std::vector<FirstRow>& rows) {
    std::set<std::string_view> names;
    return std::all_of(rows.begin(), rows.end(), [&](const FirstRow& row) {
        return row.is_quoted && names.insert(row.fields.front()).second;
    });
}

}  // namespace

bool have_row_names(const TableOptions& options, const std::vector<std::string>& header,
                    const std::vector<FirstRow>& rows) {
    const bool are_longer = std::all_of(rows.begin(), rows.end(), [&](const FirstRow& row) {
        return row.fields.size() == header.size() + 1 && !row.fields.back().empty();
    });
    if (rows.empty() || header.empty() || !are_longer) return false;
    const auto first = std::string_view{rows.front().fields.front()};
    // The time itself, in the column that the header names first.
    const bool is_time = looks_like_time(first) || options.time_format.read(first);
    if (is_time && is_time_name(header.front())) return false;
    return are_distinct_texts(rows) || count_up(rows);
}

std::string decimal_hint(const TableOptions& options, std::size_t fields,
                         const std::vector<std::string>& row) {
    if (options.separator != ',' || row.size() <= fields) return {};
    for (std::size_t i = 1; i < row.size(); ++i) {
        auto whole = base::trimmed(row[i - 1]);
        if (whole.starts_with('-')) whole.remove_prefix(1);
        // A value and its code, as NOAA writes them: "+0056,1".
        const bool is_padded = whole.size() > 1 && whole.front() == '0';
        if (is_padded) continue;
        if (is_digits(whole) && is_digits(base::trimmed(row[i]))) {
            return "; are there decimal commas? Then write the file with another delimiter, and "
                   "separator = \";\", decimal = \",\"";
        }
    }
    return {};
}

bool looks_like_time(std::string_view text) {
    if (text.empty() || text.front() < '0' || text.front() > '9') return false;
    return std::count_if(text.begin(), text.end(),
                         [](char c) { return c == '-' || c == ':' || c == '/' || c == '.'; }) >= 2;
}

bool is_time_name(std::string_view name) {
    const auto plain = base::lower(name);
    return plain == "ts" || plain.find("time") != std::string::npos ||
           plain.find("date") != std::string::npos;
}

}  // namespace drivers::tables
