#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "central/detect/csv/judge.hpp"
#include "drivers/tables/time_format.hpp"

namespace detect::csv {

/// Where a row has its time and its value, and how they are written.
struct Layout {
    char separator = ',';
    std::size_t fields = 0;
    std::size_t time = 0;
    std::size_t value = 0;
    std::string time_name{};
    std::string value_name{};
    std::string time_format{};
    drivers::tables::TimeFormat times = drivers::tables::TimeFormat::parse("rfc3339").value();
};

/// The separator of a header: the most frequent of comma, semicolon and tab; a comma in a tie.
char separator_of(std::string_view header);

/// Finds the layout from the header and the first rows of data, one at least. As R writes it, the
/// header may have one name less than the rows have fields: they begin with names of their own
/// then. Misconfigured, with the names that there are, when a column or the format must be named.
base::Result<Layout> find_layout(const JudgeOptions& options, std::string_view header,
                                 const std::vector<std::string>& first_rows);

}  // namespace detect::csv
