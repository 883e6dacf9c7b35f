#include "drivers/replay/decode.hpp"

#include <fmt/format.h>

#include "drivers/core/names.hpp"
#include "drivers/tables/cell.hpp"
#include "drivers/tables/csv.hpp"

namespace drivers::replay {

namespace {

base::Error malformed(std::string reason) {
    return {base::Fault::malformed, std::move(reason)};
}

}  // namespace

base::Status RowDecoder::decode(std::string_view row, DecodedRow& decoded) {
    decoded.values.clear();
    decoded.bad_cells.clear();
    if (!tables::split_row(row, options_.separator, fields_)) {
        return malformed(fmt::format("a quote is not closed as it should be: {}", shown(row)));
    }
    if (fields_.size() != columns_.fields) {
        return malformed(fmt::format("{} fields instead of {}", fields_.size(), columns_.fields));
    }
    const auto& written = fields_[*columns_.time];
    const auto time = options_.time_format.read(written);
    if (!time) return malformed(fmt::format("no time: \"{}\"", shown(written)));
    decoded.time = *time;
    for (std::size_t i = 0; i < columns_.values.size(); ++i) add_cell(i, decoded);
    return base::Done{};
}

void RowDecoder::add_cell(std::size_t quantity, DecodedRow& decoded) {
    const auto& text = fields_[columns_.values[quantity]];
    const auto cell = tables::read_cell(text);
    if (cell.kind == tables::Cell::Kind::number) {
        decoded.values.push_back({.quantity = quantity, .value = cell.number});
    }
    if (cell.kind != tables::Cell::Kind::bad) return;
    decoded.bad_cells.push_back(fmt::format("{}: no number: \"{}\"",
                                            shown(options_.columns[quantity].column), shown(text)));
}

}  // namespace drivers::replay
