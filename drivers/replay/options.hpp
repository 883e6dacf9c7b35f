#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/settings.hpp"
#include "drivers/tables/column_options.hpp"

namespace drivers::replay {

struct Options {
    std::string file;
    std::string time_column;
    tables::TimeFormat time_format = tables::TimeFormat::parse("rfc3339").value();
    std::optional<double> speed;  // Seconds of the file's time per second; nothing: unlimited.
    bool loop = false;
    char separator = ',';
    bool header = true;
    std::int64_t edition = 1;  // Positions of other editions are ignored.
    std::vector<tables::ColumnOptions> columns;
};

/// Reads the driver's keys; what is wrong is left in the settings.
Options read_options(base::Settings& settings);

}  // namespace drivers::replay
