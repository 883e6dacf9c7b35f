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

/// What one row says.
struct DecodedRow {
    struct Value {
        std::size_t quantity = 0;  // Index into ReplayOptions::columns.
        double value = 0;
    };

    base::EventTime time;
    std::vector<Value> values;           // Cells that are empty or say NA, NaN or null have none.
    std::vector<std::string> bad_cells;  // One reason a cell that is no finite number.
};

/// Decodes rows, one after the other, without any state between them but its own buffers.
class RowDecoder {
  public:
    /// Both must outlive it.
    RowDecoder(const Options& options, const tables::Columns& columns)
        : options_(options), columns_(columns) {}

    /// The row without its newline. Malformed when its shape or its time is wrong: then nothing of
    /// it can be used.
    base::Status decode(std::string_view row, DecodedRow& decoded);

  private:
    void take_cell(std::size_t quantity, DecodedRow& decoded);

    const Options& options_;
    const tables::Columns& columns_;
    std::vector<std::string> fields_;
};

}  // namespace drivers::replay
