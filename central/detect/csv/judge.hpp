#pragma once

#include <cstdint>
#include <functional>
#include <istream>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace detect::csv {

/// What of a table is judged. Empty texts: found out from the header and the first row.
struct JudgeOptions {
    std::string time{};         // The name of the column of times,
    std::string value{};        // and that of the values.
    std::string time_format{};  // "unix", "%d.%m.%Y %H:%M": as the drivers tail and replay know it.
};

/// What became of a table.
struct JudgeReport {
    std::string time{};  // The columns and the format that were used.
    std::string value{};
    std::string time_format{};
    std::uint64_t rows = 0;
    std::uint64_t unreadable = 0;  // Without a time or a number: not judged.
    std::uint64_t odd = 0;         // With a score of 0.5 or more.
    std::uint64_t alerts = 0;
};

/// Takes the output, piece by piece; an error ends the work.
using Write = std::function<base::Status(std::string_view text)>;

/// Judges a CSV file with a header, row by row, in order and never looking ahead, by the contextual
/// detector. Writes `timestamp,value,anomaly_score,alert,reason` and a row for each row of data:
/// time and value as they stand there; the score, 0 to 1; 1 for an alert, else 0; and for an odd
/// reading the reason. A row that has no time or no number, another number of fields than the
/// header, or an earlier time than the row before, has a score of 0, and its reason says so. In
/// constant memory. Malformed when it is no such table, or ends within quotes;
/// misconfigured when a column or the format of the times must be named.
base::Result<JudgeReport> judge_csv(std::istream& table, const JudgeOptions& options,
                                    const Write& write);

}  // namespace detect::csv
