#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "central/imports/tables/time_column.hpp"
#include "odbc/value.hpp"

namespace imports::tables {

enum class RowKind : std::uint8_t {
    value,
    nothing,    // NULL in all columns of values: nothing was measured.
    set_aside,  // Its integrity is not good.
    no_number,
    no_time,     // Clocks showed its time twice, or never.
    unreadable,  // Its time is none. Its `written` is only near it.
};

/// A row of a table, as it was read.
struct Row {
    ColumnTime time{};
    std::uint32_t tag = 0;   // In Tags.
    std::uint32_t mark = 0;  // Of what it holds, in kMarkBits.
    RowKind kind = RowKind::value;
    double value = 0;
    std::string what{};  // Of one that is no value: what stands there.
};

constexpr unsigned kMarkBits = 30;

/// A mark of what a row holds: two with the same are the same, but for once in 10^9.
std::uint32_t mark_of(const Row& row);

/// Times of one table, in whole seconds as they are written.
struct TimeRange {
    base::EventTime begin{};
    base::EventTime end{};  // Exclusive.

    base::Duration length() const { return end - begin; }
};

/// As what the columns of a table are read.
struct RowLayout {
    odbc::Column time;
    odbc::Column tag;
    odbc::Column integrity{};  // Where there is one.
    std::vector<odbc::Column> values{};
};

/// What one connection reads at once: some tags of a time.
struct Partition {
    std::string table;
    RowLayout layout;
    TimeRange range;
    struct Wanted {
        std::string id;
        std::uint32_t tag = 0;
    };
    std::vector<Wanted> tags;
};

}  // namespace imports::tables
