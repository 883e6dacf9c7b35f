#include "drivers/tables/cell.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <optional>

#include "base/text.hpp"
#include "drivers/core/names.hpp"

namespace drivers::tables {

namespace {

/// In lower case. The last ones are Home Assistant's.
constexpr std::array<std::string_view, 12> kMissing{
    "", "na", "n/a", "#n/a", "nan", "null", "none", "nil", "-", "--", "unavailable", "unknown"};
constexpr std::size_t kMissingWordMax = 11;
constexpr std::string_view kMinus = "\u2212";  // As typesetters write it.

struct Prefix {
    double number = 0;
    std::string_view rest;
};

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

/// The number at the beginning of a text; nothing when there is none.
std::optional<Prefix> read_prefix(std::string_view text, bool decimal_comma) {
    std::string plain{text};
    std::size_t added = 0;  // What `plain` is shorter than `text`.
    if (plain.starts_with(kMinus)) {
        plain.replace(0, kMinus.size(), "-");
        added = kMinus.size() - 1;
    } else if (plain.starts_with('+')) {
        plain.erase(0, 1);
        added = 1;
        if (plain.starts_with('-')) return std::nullopt;
    }
    if (decimal_comma) {
        // Only the comma is a decimal sign: a point ends the number.
        std::replace(plain.begin(), plain.end(), '.', '\0');
        if (const auto comma = plain.find(','); comma != std::string::npos) plain[comma] = '.';
    }
    Prefix prefix;
    const auto parsed = std::from_chars(plain.data(), plain.data() + plain.size(), prefix.number);
    if (parsed.ec != std::errc{} || !std::isfinite(prefix.number)) return std::nullopt;
    const auto length = static_cast<std::size_t>(parsed.ptr - plain.data()) + added;
    prefix.rest = base::trimmed(text.substr(length));
    // "1.": a decimal sign wants a digit behind it.
    if (length > 0 && !is_digit(text[length - 1])) return std::nullopt;
    return prefix;
}

/// Three digits and no more: what thousands are grouped in.
bool is_group(std::string_view text) {
    const auto digits = std::min(text.find_first_not_of("0123456789"), text.size());
    return digits == 3;
}

/// "+0056,1" is a value and its code, as NOAA writes them, and no decimal comma.
bool is_padded(std::string_view text) {
    const bool is_signed = text.starts_with('+') || text.starts_with('-');
    const auto digits = text.substr(is_signed ? 1 : 0);
    return text.starts_with('+') || (digits.size() > 1 && digits[0] == '0' && is_digit(digits[1]));
}

/// Whether a switch makes sense in a column: on and off are no degrees.
bool is_switch(const CellFormat& format) {
    return format.unit.empty() || format.unit == "/";
}

/// Why what follows a number spoils it.
std::string trouble(std::string_view text, std::string_view rest, const CellFormat& format) {
    const bool groups = rest.starts_with(format.decimal_comma ? '.' : ',');
    if (groups && format.decimal_comma) {
        return fmt::format("\"{}\": no number: the decimal sign is a comma here", shown(text));
    }
    if (groups && is_padded(text)) {
        return fmt::format(
            "\"{}\": no number: it may be a value and a code in one field; give each its own",
            shown(text));
    }
    if (groups && is_group(rest.substr(1))) {
        return fmt::format(
            "\"{0}\": no number: it can be read with a decimal comma or with groups "
            "of thousands; decimal = \",\" if it has the comma, and no thousands are "
            "understood",
            shown(text));
    }
    if (groups) {
        return fmt::format("\"{}\": no number: is it a decimal comma? Then write decimal = \",\"",
                           shown(text));
    }
    if (is_unit(rest)) {
        return fmt::format("\"{}\": \"{}\" does not convert to {}", shown(text), shown(rest),
                           format.unit);
    }
    return fmt::format("no number: \"{}\"", shown(text));
}

bool is_code(std::string_view text, const std::optional<Prefix>& read, const CellFormat& format) {
    return std::any_of(format.missing.begin(), format.missing.end(), [&](const std::string& code) {
        if (text == code) return true;
        const auto number = read_prefix(code, false);
        return number && number->rest.empty() && read && read->number == number->number;
    });
}

}  // namespace

bool is_missing_word(std::string_view text) {
    text = base::trimmed(text);
    return text.size() <= kMissingWordMax &&
           std::find(kMissing.begin(), kMissing.end(), base::lower(text)) != kMissing.end();
}

Cell read_cell(std::string_view text, const CellFormat& format) {
    text = base::trimmed(text);
    const auto read = read_prefix(text, format.decimal_comma);
    const bool is_missing = (!read && is_missing_word(text)) ||
                            (!format.missing.empty() && is_code(text, read, format));
    if (is_missing) return {.kind = Cell::Kind::missing};
    if (!read) {
        const auto word = base::lower(text.substr(0, kMissingWordMax));
        const bool is_on = word == "true" || word == "on";
        if ((is_on || word == "false" || word == "off") && is_switch(format)) {
            return {.kind = Cell::Kind::number, .number = is_on ? 1.0 : 0.0};
        }
        return {.why = fmt::format("no number: \"{}\"", shown(text))};
    }
    if (read->rest.empty()) {
        if (!format.contradiction.empty()) return {.why = format.contradiction};
        return {.kind = Cell::Kind::number, .number = format.scale.apply(read->number)};
    }
    const auto scale = conversion(read->rest, format.unit);
    if (!scale) return {.why = trouble(text, read->rest, format)};
    return {.kind = Cell::Kind::number, .number = scale->apply(read->number)};
}

}  // namespace drivers::tables
