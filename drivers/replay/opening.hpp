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
    base::EventTime first;       // The first time that can be read.
    base::Duration median_step;  // Between the times of the first 1000 rows; 1 s when unknown.
};

/// Misconfigured when the file is not there, lacks a column, or has no time that can be read among
/// its first rows.
base::Result<OpenedFile> open_file(const Options& options);

/// The position from which to go on: the saved one, when it is of this edition, or the beginning.
/// Misconfigured, saying why and what to do, when the file is not the one the position was made on.
base::Result<Position> resume(const Options& options, OpenedFile& file,
                              const std::optional<std::string>& saved);

/// The position before the first row of data.
Position beginning_of(const Options& options, const OpenedFile& file);

}  // namespace drivers::replay
