#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "drivers/replay/options.hpp"
#include "drivers/replay/position.hpp"
#include "drivers/replay/row_reader.hpp"
#include "drivers/tables/columns.hpp"

namespace drivers::replay {

/// A file that is ready to be read from the beginning of its data.
struct OpenedFile {
    RowReader reader;
    tables::Columns columns;
    std::uint64_t data_offset = 0;  // Where the first row of data begins.
    std::uint64_t data_line = 1;
    std::uint64_t first_line_hash = 0;
    base::EventTime first;       // The first valid time.
    base::Duration median_step;  // Between the times of the first 1000 rows; 1 s when unknown.
};

/// Misconfigured when the file is absent, lacks a column, or has no valid time in its first rows.
base::Result<OpenedFile> open_file(const Options& options);

/// The position to go on from: the saved one if it is of this edition, else the beginning.
/// Misconfigured, with what to do, when the position is of another file.
base::Result<Position> resume(const Options& options, OpenedFile& file,
                              const std::optional<std::string>& saved);

/// The position before the first row of data.
Position beginning_of(const Options& options, const OpenedFile& file);

}  // namespace drivers::replay
