#pragma once

#include <string>
#include <vector>

#include "base/clock.hpp"
#include "drivers/tables/column_options.hpp"

namespace drivers::tail {

struct Options {
    enum class Format { csv, json, logfmt };

    std::string file;
    Format format = Format::csv;
    bool from_end = true;  // Where to start in a file without a saved position.
    std::string time;      // Column or key of the time; if empty, the time of reading counts.
    tables::TimeFormat time_format = tables::TimeFormat::parse("rfc3339").value();
    char separator = ',';
    bool header = true;  // The first line of a CSV file names the columns.

    /// How long a rotated file must be quiet before it is left for the new one: its writer may not
    /// have noticed the rotation yet.
    base::Duration rotate_wait = std::chrono::seconds{5};

    std::vector<tables::ColumnOptions> columns;
};

/// The keys that are pointers into a line of JSON.
std::vector<std::string> pointer_keys(const Options& options);

/// Reads the driver's keys; what is wrong is left in the settings.
Options read_options(base::Settings& settings);

}  // namespace drivers::tail
