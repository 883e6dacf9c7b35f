#pragma once

#include <cstdint>
#include <optional>

#include "base/settings.hpp"
#include "drivers/tables/table_options.hpp"

namespace drivers::replay {

/// What every table is told, and what only a replay needs.
struct Options : tables::TableOptions {
    std::optional<double> speed{};  // Seconds of the file's time per second; nothing: unlimited.
    bool loop = false;
    std::int64_t edition = 1;  // Another number than that of the position: another import.
    std::optional<std::uint64_t> bytes_max{};  // It is read no further, whatever it grows to.
    bool again = false;  // Another edition reads again what an earlier one has read.
};

/// Reads how the files of a kind are written, and no more: each is read once, as fast as it can be.
Options read_part_options(base::Settings& settings);

/// Reads the driver's keys; what is wrong is left in the settings.
Options read_options(base::Settings& settings);

}  // namespace drivers::replay
