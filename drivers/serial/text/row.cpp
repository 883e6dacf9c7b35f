#include "drivers/serial/text/row.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include "base/text.hpp"
#include "drivers/core/identity.hpp"
#include "drivers/serial/text/number.hpp"
#include "drivers/serial/text/tokens.hpp"

namespace drivers::serial {

namespace {

using Value = DecodedLine::Value;

std::string_view separators_of(std::string_view line, char decimal_mark) {
    for (const std::string_view separator : {";", "|", ","}) {
        if (separator.front() == decimal_mark) continue;
        if (line.find(separator) != std::string_view::npos) return separator;
    }
    return kBlanks;
}

std::vector<std::string_view> cells_of(std::string_view line, std::string_view separators) {
    std::vector<std::string_view> cells;
    while (!line.empty()) {
        const auto end = std::min(line.find_first_of(separators), line.size());
        cells.push_back(base::trimmed(line.substr(0, end)));
        line.remove_prefix(std::min(end + 1, line.size()));
        if (separators == kBlanks) skip(line, kBlanks);
    }
    return cells;
}

}  // namespace

Value read_cell(const std::string& key, std::string_view cell, char decimal_mark) {
    Value value{.key = key, .text = std::string{cell}};
    if (cell.empty() || missing_length(cell) == cell.size()) {
        value.kind = Value::Kind::missing;
        return value;
    }
    const auto number = read_number(cell, decimal_mark);
    if (!number) return value;
    // "12A" is no current where it says which device it is.
    const bool is_whole = number->length == cell.size();
    if (!is_whole && names_identity(key)) return value;
    const auto rest = cell.substr(number->length);
    if (!rest.empty() && unit_length(rest) != rest.size()) return value;
    value.kind = Value::Kind::number;
    value.number = number->value;
    value.resolution = number->resolution;
    value.unit = bare_unit(rest);
    return value;
}

std::optional<DecodedLine> decode_row(std::string_view line, const LineOptions& options) {
    const auto mark = options.decimal_mark;
    const auto cells = cells_of(base::trimmed(line), separators_of(line, mark));
    if (cells.size() != options.columns.size()) return std::nullopt;
    DecodedLine decoded;
    for (std::size_t i = 0; i < cells.size(); ++i) {
        if (options.columns[i].empty()) continue;
        decoded.values.push_back(read_cell(options.columns[i], cells[i], mark));
    }
    const bool says_anything =
        std::any_of(decoded.values.begin(), decoded.values.end(),
                    [](const Value& value) { return value.kind != Value::Kind::text; });
    return says_anything ? std::optional{decoded} : std::nullopt;
}

}  // namespace drivers::serial
