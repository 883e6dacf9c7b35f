#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <type_traits>

#include "base/utf8.hpp"
#include "central/shell/table/render.hpp"
#include "central/shell/table/text_width.hpp"
#include "central/shell/table/times.hpp"
#include "central/text/rfc3339.hpp"

namespace shell {

namespace {

using drivers::tables::TimeZone;

constexpr const char* kNothing = "-";
constexpr const char* kBetween = "  ";

/// As it was written if that is short, else as many digits as a person compares.
std::string number_text(double number) {
    constexpr std::size_t kShort = 8;
    auto exact = fmt::format("{}", number);
    if (exact.size() <= kShort || std::abs(number) >= 1e6) return exact;
    return fmt::format("{:.6g}", number);
}

std::string joined(const std::vector<std::string>& words) {
    return fmt::format("{}", fmt::join(words, " "));
}

std::string text_of(const Cell& cell, const Column& column, const TimeZone& zone) {
    if (!cell.shown.empty()) return base::printable(cell.shown);
    return std::visit(
        [&](const auto& value) -> std::string {
            using T = std::decay_t<decltype(value)>;
            if constexpr (std::is_same_v<T, std::monostate>) {
                return column.is_prose ? "" : kNothing;
            } else if constexpr (std::is_same_v<T, std::string>) {
                return base::printable(value);
            } else if constexpr (std::is_same_v<T, double>) {
                return number_text(value);
            } else if constexpr (std::is_same_v<T, base::EventTime>) {
                return text::short_rfc3339(value, zone);
            } else if constexpr (std::is_same_v<T, base::Duration>) {
                return length_text(value);
            } else if constexpr (std::is_same_v<T, std::vector<std::string>>) {
                return base::printable(joined(value));
            } else {
                return fmt::format("{}", value);
            }
        },
        cell.value);
}

bool is_number(const Cell& cell) {
    return std::holds_alternative<std::uint64_t>(cell.value) ||
           std::holds_alternative<double>(cell.value) ||
           std::holds_alternative<base::Duration>(cell.value);
}

/// A column as it is printed: its title, then a text a row.
struct Printed {
    std::vector<std::string> texts;
    std::size_t width = 0;
    bool is_right = false;  // Numbers end below one another.
};

std::string title_of(const Column& column) {
    std::string title = column.title;
    for (auto& c : title) {
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    }
    return title;
}

Printed print_column(const Table& table, std::size_t place, const TimeZone& zone) {
    const auto& column = table.columns[place];
    Printed printed{.texts = {title_of(column)}};
    for (const auto& row : table.rows) {
        printed.texts.push_back(text_of(row[place], column, zone));
        printed.is_right = printed.is_right || is_number(row[place]);
    }
    for (const auto& text : printed.texts) printed.width = std::max(printed.width, width_of(text));
    return printed;
}

bool is_shown(const Table& table, std::size_t place) {
    const auto& column = table.columns[place];
    if (column.title.empty()) return false;
    return !column.is_rare || std::any_of(table.rows.begin(), table.rows.end(),
                                          [&](const Row& row) { return !row[place].is_empty(); });
}

/// Without blanks at the end, which would wrap in a narrow terminal.
std::string line_of(const std::vector<Printed>& columns, std::size_t row) {
    std::string line;
    for (const auto& column : columns) {
        const auto& text = column.texts[row];
        const std::string padding(column.width - width_of(text), ' ');
        if (&column != &columns.front()) line += kBetween;
        line += column.is_right ? padding + text : text + padding;
    }
    line.erase(line.find_last_not_of(' ') + 1);
    return line;
}

}  // namespace

std::string to_text(const Table& table, const TimeZone& zone, std::optional<std::size_t> width) {
    std::vector<Printed> columns;
    for (std::size_t place = 0; place < table.columns.size(); ++place) {
        if (is_shown(table, place)) columns.push_back(print_column(table, place, zone));
    }
    std::string text;
    const auto add = [&](const std::string& line) {
        text += (width ? cut_to(line, *width) : line) + "\n";
    };
    for (const auto& line : table.heading) add(base::printable(line));
    const auto lines = table.rows.empty() ? 0 : table.rows.size() + 1;
    for (std::size_t row = 0; row < lines; ++row) add(line_of(columns, row));
    if (!table.notes.empty()) add({});
    for (const auto& note : table.notes) add(base::printable(note));
    return text;
}

}  // namespace shell
