#include "odbc/block.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "base/ensure.hpp"
#include "odbc/utf16.hpp"

namespace odbc {

namespace {

constexpr std::ptrdiff_t kNull = -1;  // SQL_NULL_DATA

}  // namespace

Block::Block(std::vector<Column> columns, std::size_t rows_max) : rows_max_(rows_max) {
    ENSURE(!columns.empty());
    ENSURE(rows_max > 0);
    for (const auto& column : columns) {
        Cells cells{.column = column};
        switch (column.type) {
            case Type::integer:
                cells.integers.resize(rows_max);
                break;
            case Type::number:
                cells.numbers.resize(rows_max);
                break;
            case Type::text:
                cells.units.resize(rows_max * cells.stride());
                break;
            case Type::time:
                cells.times.resize(rows_max);
                break;
        }
        cells.lengths.resize(rows_max, kNull);
        cells_.push_back(std::move(cells));
    }
}

base::Status Block::add(std::span<const Value> row) {
    ENSURE(!is_full());
    ENSURE(row.size() == cells_.size());
    for (std::size_t i = 0; i < row.size(); ++i) {
        if (auto done = put(cells_[i], rows_, row[i]); !done) return done;
    }
    ++rows_;
    return base::Done{};
}

base::Status Block::put(Cells& cells, std::size_t row, const Value& value) {
    auto& length = cells.lengths[row];
    length = kNull;
    if (std::holds_alternative<std::monostate>(value)) return base::Done{};
    switch (cells.column.type) {
        case Type::integer:
            cells.integers[row] = std::get<std::int64_t>(value);
            length = sizeof(std::int64_t);
            return base::Done{};
        case Type::number:
            cells.numbers[row] = std::get<double>(value);
            length = sizeof(double);
            return base::Done{};
        case Type::time:
            cells.times[row] = parts_of(std::get<Time>(value));
            length = sizeof(TimeParts);
            return base::Done{};
        case Type::text:
            break;
    }
    const auto units = to_utf16(std::get<std::string>(value));
    if (!units) return base::Error{base::Fault::malformed, "a text is not UTF-8"};
    if (units->size() > cells.column.units_max) {
        return base::Error{base::Fault::malformed,
                           fmt::format("a text has more than the {} characters of its column",
                                       cells.column.units_max)};
    }
    std::copy(units->begin(), units->end(), &cells.units[row * cells.stride()]);
    length = static_cast<std::ptrdiff_t>(units->size() * kUnitBytes);
    return base::Done{};
}

Block::TimeParts Block::parts_of(Time time) {
    const auto day = std::chrono::floor<std::chrono::days>(time);
    const std::chrono::year_month_day date{day};
    const std::chrono::hh_mm_ss clock{time - day};
    return {.year = static_cast<std::int16_t>(static_cast<int>(date.year())),
            .month = static_cast<std::uint16_t>(static_cast<unsigned>(date.month())),
            .day = static_cast<std::uint16_t>(static_cast<unsigned>(date.day())),
            .hour = static_cast<std::uint16_t>(clock.hours().count()),
            .minute = static_cast<std::uint16_t>(clock.minutes().count()),
            .second = static_cast<std::uint16_t>(clock.seconds().count()),
            .nanosecond = static_cast<std::uint32_t>(clock.subseconds().count() * 1'000)};
}

bool Block::is_null(std::size_t row, std::size_t column) const {
    ENSURE(row < rows_);
    return cells_.at(column).lengths[row] == kNull;
}

std::int64_t Block::integer(std::size_t row, std::size_t column) const {
    return cells_[column].integers.at(row);
}

double Block::number(std::size_t row, std::size_t column) const {
    return cells_[column].numbers.at(row);
}

std::string Block::text(std::size_t row, std::size_t column) const {
    const auto& cells = cells_.at(column);
    const auto units = std::min(cells.units_of(row), cells.column.units_max);
    return to_utf8(std::u16string_view{&cells.units.at(row * cells.stride()), units});
}

bool Block::is_cut(std::size_t row, std::size_t column) const {
    const auto& cells = cells_.at(column);
    return cells.column.type == Type::text && !is_null(row, column) &&
           cells.units_of(row) > cells.column.units_max;
}

/// A driver that does not say how long a text is has more of it than there was room for.
std::size_t Block::Cells::units_of(std::size_t row) const {
    const auto bytes = lengths.at(row);
    return bytes < 0 ? column.units_max + 1 : static_cast<std::size_t>(bytes) / kUnitBytes;
}

std::optional<Time> Block::time(std::size_t row, std::size_t column) const {
    const auto& parts = cells_[column].times.at(row);
    const std::chrono::year_month_day date{std::chrono::year{parts.year},
                                           std::chrono::month{parts.month},
                                           std::chrono::day{parts.day}};
    if (!date.ok()) return std::nullopt;
    return std::chrono::sys_days{date} + std::chrono::hours{parts.hour} +
           std::chrono::minutes{parts.minute} + std::chrono::seconds{parts.second} +
           std::chrono::microseconds{parts.nanosecond / 1'000};
}

Value Block::value(std::size_t row, std::size_t column) const {
    if (is_null(row, column)) return {};
    switch (cells_[column].column.type) {
        case Type::integer:
            return integer(row, column);
        case Type::number:
            return number(row, column);
        case Type::text:
            return text(row, column);
        case Type::time:
            break;
    }
    const auto found = time(row, column);
    return found ? Value{*found} : Value{};
}

}  // namespace odbc
