#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "drivers/replay/options.hpp"
#include "drivers/tables/columns.hpp"

namespace drivers::replay {

/// What one row contains.
struct DecodedRow {
    struct Value {
        std::size_t quantity = 0;  // Index into Options::columns.
        double value = 0;
    };

    base::EventTime time;
    std::vector<Value> values;           // Cells that are empty, NA, NaN or null have none.
    std::vector<std::string> bad_cells;  // A reason for each cell that is not a finite number.
};

/// Decodes rows one by one, with no state between them but its buffers.
class RowDecoder {
  public:
    /// Both must outlive it.
    RowDecoder(const Options& options, const tables::Columns& columns)
        : options_(options), columns_(columns) {}

    /// Decodes a row without its newline. Malformed when its shape or its time is wrong: then none
    /// of it can be used.
    base::Status decode(std::string_view row, DecodedRow& decoded);

  private:
    void add_cell(std::size_t quantity, DecodedRow& decoded);

    const Options& options_;
    const tables::Columns& columns_;
    std::vector<std::string> fields_;
};

}  // namespace drivers::replay
