#include "central/jobs/sql/row_check.hpp"

#include <fmt/format.h>

#include <cmath>

#include "base/text.hpp"
#include "base/utf8.hpp"
#include "central/validation/series_rules.hpp"
#include "odbc/utf16.hpp"

namespace jobs {

namespace {

constexpr std::size_t kShownMax = 60;

std::optional<double> number_of(std::string_view text) {
    const auto number = base::parse_number<double>(base::trimmed(text));
    return number && std::isfinite(*number) ? number : std::nullopt;
}

}  // namespace

base::Result<ValueRange> parse_value_range(std::string_view text) {
    const auto equals = text.rfind('=');
    const auto dots = text.find("..", equals == std::string_view::npos ? 0 : equals);
    if (equals != std::string_view::npos && dots != std::string_view::npos) {
        const auto match = base::trimmed(text.substr(0, equals));
        const auto low = number_of(text.substr(equals + 1, dots - equals - 1));
        const auto high = number_of(text.substr(dots + 2));
        if (!match.empty() && low && high && *low <= *high) {
            return ValueRange{.match = std::string{match}, .low = *low, .high = *high};
        }
    }
    return base::Error{base::Fault::malformed,
                       fmt::format("\"{}\" is no range of a series; write it like "
                                   "\"*.temperature=-40..85\"",
                                   base::printable(text, kShownMax))};
}

const ValueRange* RowCheck::range_of(const std::string& id) const {
    const ValueRange* found = nullptr;
    for (const auto& range : ranges_) {
        if (validation::matches(range.match, id)) found = &range;
    }
    return found;
}

std::optional<std::string> RowCheck::refusal(const OutRow& row, const Layout& layout,
                                             const ValueRange* range) {
    if (!row.extremes) return "no_readings";
    const auto [low, high] = *row.extremes;
    if (range != nullptr && !(low >= range->low && high <= range->high)) return "out_of_range";
    for (std::size_t i = 0; i < row.values.size(); ++i) {
        const auto& [name, column, may_be_null] = layout.table.columns[i];
        if (std::holds_alternative<std::monostate>(row.values[i])) {
            if (!may_be_null) return name == layout.time ? "time" : "null";
        } else if (const auto* const text = std::get_if<std::string>(&row.values[i])) {
            const auto units = odbc::utf16_units(*text);
            if (!units || *units > column.units_max) return "too_long";
        } else if (const auto* const number = std::get_if<double>(&row.values[i])) {
            if (!std::isfinite(*number)) return "not_finite";
        }
    }
    return std::nullopt;
}

std::uint64_t sum_of(const Refusals& refusals) {
    std::uint64_t sum = 0;
    for (const auto& [reason, rows] : refusals) sum += rows;
    return sum;
}

std::string text_of(const Refusals& refusals) {
    std::string text;
    for (const auto& [reason, rows] : refusals) {
        text += fmt::format("{}{} {}", text.empty() ? "" : ", ", rows, reason);
    }
    return text;
}

}  // namespace jobs
