#pragma once

#include <string>
#include <vector>

#include "base/clock.hpp"
#include "drivers/tables/table_options.hpp"

namespace drivers::tail {

/// What every table is told, and what only a file that grows needs.
struct Options : tables::TableOptions {
    enum class Format { csv, json, logfmt };

    Format format = Format::csv;
    bool from_end = true;  // Where to start in a file without a saved position.

    /// How long a rotated file must be quiet before it is left for the new one: its writer may not
    /// have noticed the rotation yet.
    base::Duration rotate_wait = std::chrono::seconds{5};
};

/// The keys that are pointers into a line of JSON.
std::vector<std::string> pointer_keys(const Options& options);

/// Reads the driver's keys; what is wrong is left in the settings.
Options read_options(base::Settings& settings);

}  // namespace drivers::tail
