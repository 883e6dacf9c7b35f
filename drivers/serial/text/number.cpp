#include "drivers/serial/text/number.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <string>

#include "drivers/core/bare_words.hpp"

namespace drivers::serial {

namespace {

constexpr std::string_view kMinus = "\xe2\x88\x92";  // U+2212

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

std::size_t digits_at(std::string_view text, std::size_t at) {
    auto end = at;
    while (end < text.size() && is_digit(text[end])) ++end;
    return end - at;
}

std::size_t sign_length(std::string_view text) {
    if (text.starts_with(kMinus)) return kMinus.size();
    return text.starts_with('-') || text.starts_with('+') ? 1 : 0;
}

/// "e5", "E-3" behind the digits; 0 when there is none.
std::size_t exponent_length(std::string_view text) {
    if (!text.starts_with('e') && !text.starts_with('E')) return 0;
    const std::size_t sign = text.size() > 1 && (text[1] == '-' || text[1] == '+') ? 1 : 0;
    const auto digits = digits_at(text, 1 + sign);
    return digits == 0 ? 0 : 1 + sign + digits;
}

}  // namespace

std::optional<Number> read_number(std::string_view text, char decimal_mark) {
    const auto sign = sign_length(text);
    const auto whole = digits_at(text, sign);
    auto end = sign + whole;
    std::size_t fraction = 0;
    std::string plain = text.starts_with('-') || text.starts_with(kMinus) ? "-" : "";
    plain += text.substr(sign, whole);
    if (end < text.size() && text[end] == decimal_mark) {
        fraction = digits_at(text, end + 1);
        if (whole + fraction == 0) return std::nullopt;
        if (fraction > 0 || decimal_mark == '.') {
            plain += '.';
            plain += text.substr(end + 1, fraction);
            end += 1 + fraction;
        }
    }
    if (whole + fraction == 0) return std::nullopt;
    const auto exponent = exponent_length(text.substr(end));
    plain += text.substr(end, exponent);
    end += exponent;
    Number number{.length = end};
    if (exponent > 1 && plain[plain.size() - exponent + 1] == '+') {
        plain.erase(plain.size() - exponent + 1, 1);
    }
    const auto* const last = plain.data() + plain.size();
    const auto read = std::from_chars(plain.data(), last, number.value);
    if (read.ec != std::errc{} || read.ptr != last || !std::isfinite(number.value)) {
        return std::nullopt;
    }
    number.resolution = std::pow(10.0, -static_cast<double>(fraction));
    return number;
}

std::string advice_on_comma(std::string_view written) {
    const auto comma = written.find(',');
    const auto whole = written.substr(0, comma);
    const auto part = written.substr(comma + 1);
    const auto digits = whole.substr(whole.find_first_of("0123456789"));
    const bool is_split = part.find_first_of(".,") != std::string_view::npos;
    const bool is_padded = digits.size() > 1 && digits.front() == '0';
    const bool is_group = part.size() == 3 && digits.size() <= 3 && digits != "0";
    if (is_split || is_padded || whole.find('.') != std::string_view::npos) {
        return fmt::format("is {} one number? Print it without a comma, or each with a label",
                           written);
    }
    if (is_group) {
        return fmt::format("{} may be {}{} or {}.{}; print it without the comma", written, whole,
                           part, whole, part);
    }
    return fmt::format("{} needs decimal = \",\"", written);
}

bool starts_number(std::string_view text, char decimal_mark) {
    text.remove_prefix(sign_length(text));
    if (text.empty()) return false;
    if (is_digit(text.front())) return true;
    return text.size() > 1 && text.front() == decimal_mark && is_digit(text[1]);
}

std::size_t missing_length(std::string_view text) {
    const std::size_t sign = text.starts_with('-') || text.starts_with('+') ? 1 : 0;
    auto end = sign;
    while (end < text.size() && ((text[end] >= 'a' && text[end] <= 'z') ||
                                 (text[end] >= 'A' && text[end] <= 'Z') || text[end] == '/')) {
        ++end;
    }
    const auto word = text.substr(0, end);
    return word == "null" || is_no_number(word) ? end : 0;
}

}  // namespace drivers::serial
