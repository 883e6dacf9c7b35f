#include "drivers/serial/text/tokens.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "drivers/core/units.hpp"
#include "drivers/serial/text/number.hpp"
#include "drivers/serial/text/vocabulary.hpp"

namespace drivers::serial {

namespace {

constexpr std::string_view kDigits = "0123456789";

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

bool is_hex(char c) {
    return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

std::size_t hex_at(std::string_view text, std::size_t at) {
    auto end = at;
    while (end < text.size() && is_hex(text[end])) ++end;
    return end - at;
}

std::size_t blanks_at(std::string_view text, std::size_t at = 0) {
    return std::min(text.find_first_not_of(kBlanks, at), text.size()) - at;
}

/// A word up to a blank or separator; empty if it is, or begins, a label.
std::string_view word_at(std::string_view text, std::size_t at) {
    const auto word = text.substr(at, text.find_first_of(kUnitEnds, at) - at);
    if (word.find_first_of(kSigns) != std::string_view::npos) return {};
    const auto next = at + word.size() + blanks_at(text, at + word.size());
    const bool is_label = next < text.size() && kSigns.find(text[next]) != std::string_view::npos;
    return is_label ? std::string_view{} : word;
}

std::size_t bracketed_unit(std::string_view text, std::size_t at) {
    const auto end = text.find_first_of(")]", at);
    if (end == std::string_view::npos) return 0;
    return is_unit(text.substr(at + 1, end - at - 1)) ? end + 1 : 0;
}

/// `count` groups of at most two hexadecimal digits.
std::size_t groups_length(std::string_view text, std::size_t count, char between) {
    std::size_t end = 0;
    for (std::size_t i = 0; i < count; ++i) {
        if (i > 0 && (end >= text.size() || text[end++] != between)) return 0;
        const auto digits = hex_at(text, end);
        if (digits == 0 || digits > 2) return 0;
        end += digits;
    }
    const bool ends = end == text.size() || kBetween.find(text[end]) != std::string_view::npos;
    const auto next = end + blanks_at(text, std::min(end, text.size()));
    const bool goes_on = between == ' ' && next < text.size() && is_hex(text[next]);
    return ends && !goes_on ? end : 0;
}

/// "12:34:56" with or without a fraction or a date before it.
std::size_t clock_length(std::string_view text) {
    const auto end = std::min(text.find_first_not_of("0123456789:.-/+TZ "), text.size());
    const auto stamp = text.substr(0, end);
    std::size_t last = 0;
    std::size_t colons = 0;
    for (std::size_t i = 0; i + 2 < stamp.size(); ++i) {
        if (stamp[i] != ':' || !is_digit(stamp[i + 1]) || !is_digit(stamp[i + 2])) continue;
        ++colons;
        last = i + 3;
    }
    if (colons < 2 || !is_digit(text.front())) return 0;
    while (last < stamp.size() && stamp[last] != ' ') ++last;
    return last;
}

/// "[ 1234 ms ]", "[12.345678]", "[12:34:56]"; "[1]" may be the number of a sensor.
std::size_t bracketed_stamp(std::string_view text) {
    const auto end = text.find(']');
    if (!text.starts_with('[') || end == std::string_view::npos) return 0;
    const auto inside = base::trimmed(text.substr(1, end - 1));
    if (inside.empty() || !is_digit(inside.front())) return 0;
    const auto digits = std::min(inside.find_first_not_of("0123456789.:"), inside.size());
    const auto unit = base::trimmed(inside.substr(digits));
    if (!unit.empty()) return unit == "ms" || unit == "s" || unit == "us" ? end + 1 : 0;
    return inside.find_first_of(".:") != std::string_view::npos ? end + 1 : 0;
}

/// "I (1234) main: "
std::size_t idf_stamp(std::string_view text) {
    constexpr std::string_view kLevels = "EWIDV";
    if (text.size() < 4 || kLevels.find(text.front()) == std::string_view::npos) return 0;
    if (!text.substr(1).starts_with(" (")) return 0;
    const auto end = text.find_first_not_of(kDigits, 3);
    if (end == 3 || end == std::string_view::npos || text[end] != ')') return 0;
    const auto colon = text.find(": ", end);
    return colon == std::string_view::npos ? 0 : colon + 2;
}

}  // namespace

void skip(std::string_view& text, std::string_view characters) {
    text.remove_prefix(std::min(text.find_first_not_of(characters), text.size()));
}

bool is_of_text(char c) {
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           static_cast<unsigned char>(c) >= 0x80U;
}

bool has_number(std::string_view text) {
    bool begins = true;
    for (const char c : text) {
        if (begins && is_digit(c)) return true;
        begins = !is_of_text(c) && c != '_';
    }
    return false;
}

Gap skip_gap(std::string_view& text) {
    const auto before = text;
    skip(text, " \t,;|()]");
    Gap gap;
    if (text.size() < before.size() && (text.starts_with("- ") || text == "-")) {
        gap.has_dash = true;
        text.remove_prefix(1);
        skip(text, kBetween);
    }
    const auto passed = before.substr(0, before.size() - text.size());
    gap.is_clear = text.empty() || passed.size() > 1 || passed == "," || passed == ";" ||
                   passed == "|" || passed == "\t";
    return gap;
}

std::size_t wide_gap(std::string_view text) {
    auto end = std::min(text.find_first_of(",;|\t"), text.size());
    return std::min(end, text.find("  "));
}

std::size_t unit_length(std::string_view text) {
    const auto blanks = blanks_at(text);
    if (blanks == text.size()) return 0;
    if (text[blanks] == '(' || text[blanks] == '[') return bracketed_unit(text, blanks);
    const auto first = word_at(text, blanks);
    if (first.empty()) return 0;
    const auto end = blanks + first.size();
    const auto second =
        end + 1 < text.size() && text[end] == ' ' ? word_at(text, end + 1) : std::string_view{};
    if (!second.empty() && is_unit(text.substr(blanks, first.size() + 1 + second.size()))) {
        return end + 1 + second.size();
    }
    if (!is_unit(first)) return 0;
    // Not in "min temperature: 21" and "in range: 1".
    const bool is_common = first == "min" || first == "in";
    const bool is_of_label = is_common && blanks > 0 && end + 1 < text.size() &&
                             is_of_text(text[end + 1]) &&
                             text.find_first_of(kSigns, end) != std::string_view::npos;
    return is_of_label ? 0 : end;
}

std::string bare_unit(std::string_view text) {
    text = base::trimmed(text);
    if (text.starts_with('(') || text.starts_with('[')) text = text.substr(1, text.size() - 2);
    return std::string{base::trimmed(text)};
}

bool numbered_label(std::string_view text) {
    const auto token = text.substr(0, text.find_first_of(kBetween));
    const auto rest = base::trimmed(text.substr(token.size()));
    const auto sign = token.find_first_of(kSigns);
    if (sign != std::string_view::npos && sign > 0) return true;
    if (!rest.empty() && kSigns.find(rest.front()) != std::string_view::npos) return true;
    const auto digits = std::min(token.find_first_not_of(kDigits), token.size());
    if (digits == 0 || digits > 2 || digits == token.size()) return false;
    const auto ending = token.substr(digits);
    return ending == "st" || ending == "nd" || ending == "rd" || ending == "th";
}

std::size_t label_without_sign(std::string_view text, char decimal_mark) {
    constexpr std::size_t kWordsMost = 3;
    std::size_t at = 1;
    while (at < text.size() &&
           (text[at - 1] != ' ' || !starts_number(text.substr(at), decimal_mark))) {
        ++at;
    }
    if (at >= text.size()) return 0;
    const auto label = text.substr(0, at);
    const bool is_one = label.find_first_of(kSigns) == std::string_view::npos &&
                        label.find_first_of(kSeparators) == std::string_view::npos;
    const auto words = word_spans(label);
    if (!is_one || words.empty() || words.size() > kWordsMost) return 0;
    const auto last = words.size() - 1;
    const bool is_quantity = find_quantity_at(words, last).quantity != nullptr ||
                             (last > 0 && find_quantity_at(words, last - 1).words == 2);
    const auto value = read_number(text.substr(at), decimal_mark);
    if (!is_quantity || !value) return 0;
    const auto behind = text.substr(at + value->length);
    const auto unit = unit_length(behind);
    // Not "Temp 1 (C): 21", nor "Temp 2 m above ground: 21".
    return unit > 0 && wide_gap(behind.substr(unit)) == 0 ? at : 0;
}

std::size_t address_length(std::string_view text) {
    constexpr std::size_t kRomDigits = 16;
    const auto digits = hex_at(text, 0);
    const bool ends =
        digits == text.size() || kBetween.find(text[digits]) != std::string_view::npos;
    if (digits == kRomDigits && ends) return digits;
    for (const auto& [count, between] : {std::pair{8, ' '}, {8, ':'}, {6, ':'}, {8, '-'}}) {
        const auto length = groups_length(text, static_cast<std::size_t>(count), between);
        if (length > 0) return length;
    }
    return 0;
}

std::string_view without_stamps(std::string_view line) {
    skip(line, kBlanks);
    line.remove_prefix(idf_stamp(line));
    auto rest = line;
    if (!rest.empty()) rest.remove_prefix(std::max(clock_length(rest), bracketed_stamp(rest)));
    if (rest.size() == line.size()) return line;
    skip(rest, kBetween);
    if (rest.starts_with("->")) rest.remove_prefix(2);
    skip(rest, kBetween);
    return rest;
}

}  // namespace drivers::serial
