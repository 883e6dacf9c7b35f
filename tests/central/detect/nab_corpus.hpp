#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace nab {

/// A labelled series of the Numenta Anomaly Benchmark.
struct Series {
    /// Rows in which an anomaly lies: the first and the last.
    struct Window {
        std::size_t first = 0;
        std::size_t last = 0;
    };

    std::string name;
    std::vector<std::int64_t> seconds;  // Since 1970, as if written in UTC.
    std::vector<double> values;
    std::vector<Window> windows;
};

/// Reads every series that `windows.json` in the folder names; empty when there is no such file.
std::vector<Series> read_corpus(const std::string& folder);

struct Score {
    double points = 0;     // 0 for a detector that never fires, 100 for a perfect one.
    double threshold = 0;  // The best one for all series together, as the benchmark has it.
};

/// The benchmark's score in its standard profile; `scores` has one per row of each series. The
/// first 15 % of the rows of a series, at most 750, count for nothing. Lavin and Ahmad, "Evaluating
/// Real-Time Anomaly Detection Algorithms", 2015.
Score score(const std::vector<Series>& corpus, const std::vector<std::vector<double>>& scores);

}  // namespace nab
