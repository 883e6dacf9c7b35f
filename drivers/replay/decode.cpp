#include "drivers/replay/decode.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <optional>

#include "drivers/names.hpp"
#include "drivers/replay/csv.hpp"

namespace drivers {

namespace {

constexpr std::array<std::string_view, 7> kMissing{"", "NA", "N/A", "NaN", "nan", "null", "NULL"};

std::string_view trimmed(std::string_view text) {
    while (text.starts_with(' ')) text.remove_prefix(1);
    while (text.ends_with(' ')) text.remove_suffix(1);
    return text;
}

std::optional<double> finite_number(std::string_view text) {
    if (text.starts_with('+')) text.remove_prefix(1);
    double number = 0;
    const auto* end = text.data() + text.size();
    const auto parsed = std::from_chars(text.data(), end, number);
    if (parsed.ec != std::errc{} || parsed.ptr != end || !std::isfinite(number)) {
        return std::nullopt;
    }
    return number;
}

base::Error malformed(std::string reason) {
    return {base::Fault::malformed, std::move(reason)};
}

}  // namespace

base::Status RowDecoder::decode(std::string_view row, DecodedRow& decoded) {
    decoded.values.clear();
    decoded.bad_cells.clear();
    if (!split_row(row, options_.separator, fields_)) {
        return malformed(fmt::format("a quote is not closed as it should be: {}", shown(row)));
    }
    if (fields_.size() != columns_.fields) {
        return malformed(fmt::format("{} fields instead of {}", fields_.size(), columns_.fields));
    }
    const auto& written = fields_[columns_.time];
    const auto time = options_.time_format.read(written);
    if (!time) return malformed(fmt::format("no time: \"{}\"", shown(written)));
    decoded.time = *time;
    for (std::size_t i = 0; i < columns_.values.size(); ++i) read_cell(i, decoded);
    return base::Done{};
}

void RowDecoder::read_cell(std::size_t quantity, DecodedRow& decoded) {
    const auto cell = trimmed(fields_[columns_.values[quantity]]);
    if (const auto number = finite_number(cell)) {
        decoded.values.push_back({.quantity = quantity, .value = *number});
        return;
    }
    if (std::find(kMissing.begin(), kMissing.end(), cell) != kMissing.end()) return;
    decoded.bad_cells.push_back(fmt::format("{}: no number: \"{}\"",
                                            shown(options_.columns[quantity].column), shown(cell)));
}

}  // namespace drivers
