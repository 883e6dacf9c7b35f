#include "odbc/utf16.hpp"

#include "base/utf8.hpp"

namespace odbc {

namespace {

constexpr char32_t kBeyond = 0x10000;  // From here on a character takes two units.
constexpr char32_t kReplacement = 0xfffd;

bool is_high(char16_t unit) {
    return unit >= 0xd800 && unit < 0xdc00;
}

bool is_low(char16_t unit) {
    return unit >= 0xdc00 && unit < 0xe000;
}

}  // namespace

std::optional<std::u16string> to_utf16(std::string_view text) {
    std::u16string units;
    units.reserve(text.size());
    while (!text.empty()) {
        const auto character = base::take_character(text);
        if (!character) return std::nullopt;
        if (*character < kBeyond) {
            units += static_cast<char16_t>(*character);
        } else {
            const auto rest = *character - kBeyond;
            units += static_cast<char16_t>(0xd800 + (rest >> 10U));
            units += static_cast<char16_t>(0xdc00 + (rest & 0x3ffU));
        }
    }
    return units;
}

std::optional<std::size_t> utf16_units(std::string_view text) {
    std::size_t units = 0;
    while (!text.empty()) {
        const auto character = base::take_character(text);
        if (!character) return std::nullopt;
        units += *character < kBeyond ? 1U : 2U;
    }
    return units;
}

std::string to_utf8(std::u16string_view text) {
    std::string bytes;
    bytes.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        char32_t character = text[i];
        if (is_high(text[i]) && i + 1 < text.size() && is_low(text[i + 1])) {
            const char32_t high = character - 0xd800U;
            character = kBeyond + (high << 10U) + (char32_t{text[i + 1]} - 0xdc00U);
            ++i;
        } else if (is_high(text[i]) || is_low(text[i])) {
            character = kReplacement;
        }
        bytes += base::to_utf8(character);
    }
    return bytes;
}

}  // namespace odbc
