#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "drivers/core/driver.hpp"
#include "drivers/tables/cell.hpp"
#include "drivers/tables/rows/row_times.hpp"
#include "drivers/tables/rows/writing.hpp"
#include "drivers/tables/table_options.hpp"

namespace drivers::tables {

/// The cells of one row, in the order of wanted_names(); nothing where the row has no such cell.
using Cells = std::vector<std::optional<std::string_view>>;

/// What is wrong with a row or a cell.
struct Trouble {
    std::string cause;   // One of few words, to count by: "no number".
    std::string reason;  // For people, with what was read.
};

/// What one row contains.
struct DecodedRow {
    struct Value {
        std::size_t quantity = 0;  // Index into RowDecoder::quantities().
        double value = 0;
    };
    struct BadCell {
        std::size_t quantity = 0;
        Trouble trouble;
    };

    std::optional<base::EventTime> time;  // None when rows have no time.
    std::vector<Value> values;
    std::vector<BadCell> bad_cells;
    bool is_other = false;           // It has none of the value columns: about something else.
    std::optional<Trouble> trouble;  // Then none of it can be used.

    void clear();
};

/// Turns the cells of rows into values of series. Knows nothing about files and what separates
/// cells; remembers the time of the row before, and the series.
class RowDecoder {
  public:
    /// The options must outlive it.
    explicit RowDecoder(const TableOptions& options);

    void decode(const Cells& cells, DecodedRow& row);

    /// What the file says about its cells, from here on.
    void set_writing(const Writing& writing);

    /// In which unit each value of the next row is, as the row itself says; empty: it says nothing.
    void set_units(const std::vector<std::string>& units);

    /// One for each column; with `by` one for each column and each text that the rows had so far.
    const std::vector<Quantity>& quantities() const { return quantities_; }

    RowTimes& times() { return times_; }
    const RowTimes& times() const { return times_; }

    /// What a person should know, each once.
    std::vector<std::string> take_notes();

  private:
    bool read_time(const Cells& cells, DecodedRow& row);
    bool read_key(const Cells& cells, DecodedRow& row);
    void add_cell(std::size_t column, std::string_view text, DecodedRow& row);
    std::optional<std::size_t> quantity_of(std::size_t column, DecodedRow& row);
    void add_quantity(std::size_t column);
    void watch_days(std::size_t quantity, const DecodedRow& row);

    const TableOptions& options_;
    RowTimes times_;
    std::vector<CellFormat> formats_;         // Of the columns.
    std::vector<ColumnWriting> writings_;     // Of the columns, where a row does not say more.
    std::vector<std::string> units_;          // As set_units().
    std::vector<std::string> writing_notes_;  // The last ones.
    std::vector<Quantity> quantities_;

    std::vector<std::string> keys_;  // What `by` says of the current row,
    std::string key_;                // and the same in one text.
    std::map<std::string, std::vector<std::optional<std::size_t>>, std::less<>> by_key_;
    std::vector<std::optional<base::EventTime>> last_times_;  // Of the quantities.
    bool days_told_ = false;
    std::vector<std::string> notes_;
};

}  // namespace drivers::tables
