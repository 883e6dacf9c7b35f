#include "central/text/csv.hpp"

#include <fmt/format.h>

#include <type_traits>

#include "central/shell/table/render.hpp"
#include "central/text/rfc3339.hpp"

namespace shell {

namespace {

using drivers::tables::TimeZone;

std::string field_of(const Cell& cell, const TimeZone& zone) {
    return std::visit(
        [&](const auto& value) -> std::string {
            using T = std::decay_t<decltype(value)>;
            if constexpr (std::is_same_v<T, std::monostate>) {
                return {};
            } else if constexpr (std::is_same_v<T, std::string>) {
                return text::csv_field(value);
            } else if constexpr (std::is_same_v<T, base::EventTime>) {
                return text::rfc3339(value, zone);
            } else if constexpr (std::is_same_v<T, base::Duration>) {
                return fmt::format("{}", value.count());
            } else if constexpr (std::is_same_v<T, std::vector<std::string>>) {
                return text::csv_field(fmt::format("{}", fmt::join(value, " ")));
            } else {
                return fmt::format("{}", value);
            }
        },
        cell.value);
}

template <class Field>
std::string line_of(const std::vector<Column>& columns, Field field) {
    std::string line;
    bool is_first = true;
    for (std::size_t place = 0; place < columns.size(); ++place) {
        if (columns[place].name.empty()) continue;
        if (!is_first) line += ',';
        is_first = false;
        line += field(place);
    }
    return line + "\r\n";
}

}  // namespace

std::string csv_header(const std::vector<Column>& columns) {
    return line_of(columns, [&](std::size_t place) { return columns[place].name; });
}

std::string csv_row(const std::vector<Column>& columns, const Row& row, const TimeZone& zone) {
    return line_of(columns, [&](std::size_t place) { return field_of(row[place], zone); });
}

std::string to_csv(const Table& table, const TimeZone& zone) {
    auto text = csv_header(table.columns);
    for (const auto& row : table.rows) text += csv_row(table.columns, row, zone);
    return text;
}

}  // namespace shell
