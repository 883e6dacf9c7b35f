#include "postgres/columns.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <charconv>
#include <cmath>

#include "postgres/parameters.hpp"

namespace postgres {

namespace {

constexpr Oid kShortNumber = 700;
constexpr Oid kOid = 26;

std::uint64_t unsigned_of(std::string_view bytes) {
    std::uint64_t number = 0;
    for (const char c : bytes) number = (number << 8) | static_cast<unsigned char>(c);
    return number;
}

std::int64_t signed_of(std::string_view bytes) {
    const auto bits = 64 - 8 * bytes.size();
    return static_cast<std::int64_t>(unsigned_of(bytes) << bits) >> bits;
}

/// Digits to the base of 10 000: their number, the weight of the first, the sign, and them.
double numeric_of(std::string_view bytes) {
    constexpr std::size_t kHead = 8;
    constexpr std::uint64_t kNegative = 0x4000;
    constexpr std::uint64_t kSpecial = 0xC000;
    if (bytes.size() < kHead) return 0;
    const auto weight = signed_of(bytes.substr(2, 2));
    const auto sign = unsigned_of(bytes.substr(4, 2));
    if ((sign & kSpecial) == kSpecial) return std::nan("");
    double number = 0;
    std::int64_t digits = 0;
    for (auto rest = bytes.substr(kHead); rest.size() >= 2; rest.remove_prefix(2)) {
        number = number * 10'000 + static_cast<double>(unsigned_of(rest.substr(0, 2)));
        ++digits;
    }
    number *= std::pow(10'000.0, static_cast<double>(weight + 1 - digits));
    return sign == kNegative ? -number : number;
}

/// A sum of whole numbers has no digits behind the point.
bool has_fraction(Oid type, std::string_view bytes) {
    if (type == kNumeric) return bytes.size() >= 8 && unsigned_of(bytes.substr(6, 2)) > 0;
    return type == kNumber || type == kShortNumber;
}

/// 15 digits, and always a point.
std::string text_of(double number) {
    if (std::isinf(number)) return number < 0 ? "-Inf" : "Inf";
    auto text = fmt::format("{:.15g}", number);
    if (text.find_first_of(".n") != std::string::npos) return text;
    return text.insert(std::min(text.find('e'), text.size()), ".0");
}

template <class Number>
Number parsed(std::string_view text) {
    Number number{};
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
}

}  // namespace

std::string_view read_bytes(const PGresult* answer, int row, int column) {
    return {PQgetvalue(answer, row, column),
            static_cast<std::size_t>(PQgetlength(answer, row, column))};
}

std::string number_text(const PGresult* answer, int row, int column) {
    if (PQgetisnull(answer, row, column) == 1) return {};
    if (has_fraction(PQftype(answer, column), read_bytes(answer, row, column))) {
        return text_of(read_number(answer, row, column));
    }
    return fmt::format("{}", read_integer(answer, row, column));
}

bool is_textual(const PGresult* answer, int column) {
    switch (PQftype(answer, column)) {
        case kBool:
        case kInteger:
        case kSmallInteger:
        case kShortInteger:
        case kOid:
        case kNumber:
        case kShortNumber:
        case kNumeric:
            return false;
        default:
            return true;
    }
}

double read_number(const PGresult* answer, int row, int column) {
    const auto bytes = read_bytes(answer, row, column);
    if (PQgetisnull(answer, row, column) == 1) return 0;
    switch (PQftype(answer, column)) {
        case kNumber:
            return std::bit_cast<double>(unsigned_of(bytes));
        case kShortNumber:
            return static_cast<double>(
                std::bit_cast<float>(static_cast<std::uint32_t>(unsigned_of(bytes))));
        case kNumeric:
            return numeric_of(bytes);
        case kBool:
        case kInteger:
        case kSmallInteger:
        case kShortInteger:
        case kOid:
            return static_cast<double>(signed_of(bytes));
        default:
            return parsed<double>(bytes);
    }
}

std::int64_t read_integer(const PGresult* answer, int row, int column) {
    const auto bytes = read_bytes(answer, row, column);
    if (PQgetisnull(answer, row, column) == 1) return 0;
    switch (PQftype(answer, column)) {
        case kBool:
        case kInteger:
        case kSmallInteger:
        case kShortInteger:
        case kOid:
            return signed_of(bytes);
        case kNumber:
        case kShortNumber:
        case kNumeric:
            return std::llround(read_number(answer, row, column));
        default:
            return parsed<std::int64_t>(bytes);
    }
}

}  // namespace postgres
