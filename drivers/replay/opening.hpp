#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "drivers/replay/options.hpp"
#include "drivers/replay/position.hpp"
#include "drivers/replay/row_reader.hpp"
#include "drivers/tables/rows/header.hpp"

namespace drivers::replay {

/// A file that is ready to be read from the beginning of its data.
struct OpenedFile {
    RowReader reader;
    tables::Header header;
    std::uint64_t data_offset = 0;  // Where the first row of data begins,
    std::uint64_t data_line = 1;
    std::uint64_t data_hash = 0;        // and ContentHash of what comes before it.
    std::uint64_t first_line_hash = 0;  // Of the header; without one, of the first row.
    base::EventTime first;              // The first valid time.
    base::Duration median_step;  // Between the times of the first 1000 rows; 1 s when unknown.
};

/// Misconfigured when the file is absent, lacks a column, or has no valid time in its first rows.
base::Result<OpenedFile> open_file(const Options& options);

/// The position to go on from: the saved one if it is of this edition. Else the beginning, or what
/// follows the part that an earlier edition has read already, unless that is to be read again.
/// Misconfigured, with what to do, when the position is of another file.
base::Result<Position> resume(const Options& options, OpenedFile& file,
                              const std::optional<std::string>& saved);

/// The header in force at a position.
base::Result<tables::Header> header_at(const Options& options, OpenedFile& file,
                                       const Position& position);

/// The position before the first row of data.
Position beginning_of(const Options& options, const OpenedFile& file);

}  // namespace drivers::replay
