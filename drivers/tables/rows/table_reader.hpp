#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "drivers/tables/rows/header.hpp"
#include "drivers/tables/rows/row_decoder.hpp"
#include "drivers/tables/rows/unit_columns.hpp"
#include "drivers/tables/rows/unmentioned.hpp"

namespace drivers::tables {

/// Reads the rows of a CSV file behind its header, one after another, and tells rows of data from
/// what is none: comments, empty rows, the header again, and lines of units under it. Knows no
/// file.
class TableReader {
  public:
    /// The options must outlive it.
    explicit TableReader(const TableOptions& options);

    /// The header of the rows that follow. `is_beginning` when the next row is the first one under
    /// it, where lines of units may stand.
    void begin(const Header& header, bool is_beginning);

    enum class Outcome {
        row,          // Decoded, or with its trouble.
        passed_over,  // Not a row of data.
        header,       // Not a row of data, but the columns are other ones from here on.
    };

    /// Reads a row without its newline.
    Outcome read(std::string_view line, DecodedRow& row);

    const std::vector<Quantity>& quantities() const { return decoder_.quantities(); }
    RowTimes& times() { return decoder_.times(); }
    const RowTimes& times() const { return decoder_.times(); }

    /// Comments, and lines under a header, that were passed over.
    std::uint64_t passed_over() const { return passed_over_; }

    /// What a person should know, each once.
    std::vector<std::string> take_notes();

  private:
    bool is_comment(std::string_view line) const;
    bool may_be_header(std::string_view line) const;
    bool begin_if_header(std::string_view line);
    Outcome pass_over(std::string_view line);
    bool fill_cells(std::string_view line, DecodedRow& row);
    void read_units();
    void learn_units();
    bool has_numbers() const;

    const TableOptions& options_;
    std::vector<std::string> signs_;  // One of these names stands in every header.
    Columns columns_;
    std::string header_;
    Writing writing_;
    bool learns_units_ = false;  // From lines under a header that was just read.
    std::vector<std::pair<std::size_t, std::string>> unit_fields_;  // Say units of each row.
    UnitColumns unit_columns_;
    std::size_t lines_under_header_ = 0;
    bool is_under_header_ = false;

    std::vector<std::string> fields_;
    Cells cells_;
    RowDecoder decoder_;
    Unmentioned unmentioned_;
    std::uint64_t passed_over_ = 0;
    std::vector<std::string> notes_;
};

}  // namespace drivers::tables
