#include "drivers/tables/cell.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace drivers::tables {

namespace {

constexpr std::array<std::string_view, 7> kMissing{"", "NA", "N/A", "NaN", "nan", "null", "NULL"};

std::string_view trimmed(std::string_view text) {
    while (text.starts_with(' ')) text.remove_prefix(1);
    while (text.ends_with(' ')) text.remove_suffix(1);
    return text;
}

}  // namespace

Cell read_cell(std::string_view text) {
    text = trimmed(text);
    if (std::find(kMissing.begin(), kMissing.end(), text) != kMissing.end()) {
        return {.kind = Cell::Kind::missing};
    }
    if (text.starts_with('+')) text.remove_prefix(1);
    double number = 0;
    const auto* end = text.data() + text.size();
    const auto parsed = std::from_chars(text.data(), end, number);
    if (parsed.ec != std::errc{} || parsed.ptr != end || !std::isfinite(number)) return {};
    return {.kind = Cell::Kind::number, .number = number};
}

}  // namespace drivers::tables
