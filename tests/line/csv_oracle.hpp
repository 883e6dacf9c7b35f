#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

/// What the occupancy data must become, computed from the file alone and without any code of leat.
namespace line {

struct OracleWindow {
    std::uint64_t count = 0;
    double sum = 0;
    double min = 0;
    double max = 0;
    double first = 0;
    double last = 0;
};

struct CsvOracle {
    /// Column name → window start (ms) → window.
    std::map<std::string, std::map<std::int64_t, OracleWindow>> minutes;
    std::map<std::string, std::map<std::int64_t, OracleWindow>> hours;
    std::uint64_t readings = 0;
};

/// Reads a file whose header is one name shorter than its rows, as R writes it. Times are UTC.
CsvOracle compute_oracle(const std::string& file, const std::vector<std::string>& columns);

}  // namespace line
