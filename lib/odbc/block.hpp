#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "odbc/value.hpp"

namespace odbc {

class Statement;

/// Rows of columns, each column an array of one type: what is sent in one execution, and what is
/// read at once. Its memory is that of `rows_max` rows from the beginning, and never more.
class Block {
  public:
    /// ENSUREs at least one row and one column.
    Block(std::vector<Column> columns, std::size_t rows_max);

    std::size_t rows() const { return rows_; }
    std::size_t rows_max() const { return rows_max_; }
    std::size_t columns() const { return cells_.size(); }
    bool is_full() const { return rows_ == rows_max_; }
    void clear() { rows_ = 0; }

    /// Adds a row to a block that is not full. Malformed when a text is longer than its column, or
    /// not UTF-8; a value of another type than its column's is a bug in the caller.
    base::Status add(std::span<const Value> row);

    bool is_null(std::size_t row, std::size_t column) const;

    // Of a cell that is not NULL, in a column of that type.
    std::int64_t integer(std::size_t row, std::size_t column) const;
    double number(std::size_t row, std::size_t column) const;
    std::string text(std::size_t row, std::size_t column) const;
    /// Whether a text is longer than its column, and only its beginning is here.
    bool is_cut(std::size_t row, std::size_t column) const;
    /// Rounded down to microseconds; nothing when it is no time, such as MySQL's 0000-00-00.
    std::optional<Time> time(std::size_t row, std::size_t column) const;

    /// The cell, whatever it is. A time that is none is NULL.
    Value value(std::size_t row, std::size_t column) const;

  private:
    friend class Statement;

    /// As ODBC has it.
    struct TimeParts {
        std::int16_t year = 0;
        std::uint16_t month = 0;
        std::uint16_t day = 0;
        std::uint16_t hour = 0;
        std::uint16_t minute = 0;
        std::uint16_t second = 0;
        std::uint32_t nanosecond = 0;
    };

    /// One of the four arrays is in use; `lengths` says the bytes of each cell, or that it is NULL.
    struct Cells {
        Column column;
        std::vector<std::int64_t> integers{};
        std::vector<double> numbers{};
        std::vector<char16_t> units{};  // Of text: units_max and a zero for each row.
        std::vector<TimeParts> times{};
        std::vector<std::ptrdiff_t> lengths{};

        std::size_t stride() const { return column.units_max + 1; }
        std::size_t units_of(std::size_t row) const;
    };

    static TimeParts parts_of(Time time);
    base::Status put(Cells& cells, std::size_t row, const Value& value);

    std::vector<Cells> cells_;
    std::size_t rows_max_;
    std::size_t rows_ = 0;
};

}  // namespace odbc
