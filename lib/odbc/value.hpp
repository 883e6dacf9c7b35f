#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <variant>

namespace odbc {

/// A time of another database. Those of columns without a zone are taken as UTC, and those with one
/// are asked for in UTC: each connection says so to its server.
using Time = std::chrono::sys_time<std::chrono::microseconds>;

/// What a cell holds; std::monostate is NULL. Text is UTF-8.
using Value = std::variant<std::monostate, std::int64_t, double, std::string, Time>;

/// As what a column is sent and read. Whole numbers and doubles travel as such, never as text.
enum class Type { integer, number, text, time };

struct Column {
    Type type = Type::text;

    /// Of text, in units of UTF-16: a character beyond U+FFFF counts as two.
    std::size_t units_max = 255;
    bool may_be_cut = false;  // Longer texts are read as far as that, and not refused.
};

}  // namespace odbc
