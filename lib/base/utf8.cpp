#include "base/utf8.hpp"

#include <fmt/format.h>

#include <array>

#include "base/ensure.hpp"

namespace base {

namespace {

/// What the first byte of a character of so many bytes looks like, and the least such character:
/// a shorter form would do for any below.
struct Length {
    unsigned char mask;
    unsigned char lead;
    std::size_t bytes;
    char32_t least;
};

constexpr std::array<Length, 4> kLengths{{{0x80, 0x00, 1, 0x0},
                                          {0xe0, 0xc0, 2, 0x80},
                                          {0xf0, 0xe0, 3, 0x800},
                                          {0xf8, 0xf0, 4, 0x10000}}};

bool is_character(char32_t code) {
    return code <= 0x10ffff && (code < 0xd800 || code > 0xdfff);
}

/// How many bytes at the beginning are one character; 0 when they are none.
std::size_t read_character(std::string_view text, char32_t& code) {
    const auto first = static_cast<unsigned char>(text.front());
    for (const auto& [mask, lead, bytes, least] : kLengths) {
        if ((first & mask) != lead) continue;
        if (text.size() < bytes) return 0;
        code = first & static_cast<unsigned char>(~mask);
        for (std::size_t i = 1; i < bytes; ++i) {
            const auto next = static_cast<unsigned char>(text[i]);
            if ((next & 0xc0U) != 0x80U) return 0;
            code = code << 6U | (next & 0x3fU);
        }
        return code >= least && is_character(code) ? bytes : 0;
    }
    return 0;
}

/// Controls (C0, DEL, C1), and what has no width or turns the writing around: a name that holds one
/// would look like another.
bool is_hidden(char32_t code) {
    const auto within = [code](char32_t first, char32_t last) {
        return code >= first && code <= last;
    };
    return code < 0x20 || within(0x7f, 0x9f) || code == 0xad || within(0x200b, 0x200f) ||
           within(0x2028, 0x202e) || within(0x2060, 0x206f) || code == 0xfeff;
}

void add_escaped(std::string_view bytes, std::string& result) {
    for (const char c : bytes) {
        result += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
    }
}

}  // namespace

std::optional<char32_t> take_character(std::string_view& text) {
    ENSURE(!text.empty());
    char32_t code = 0;
    const auto bytes = read_character(text, code);
    text.remove_prefix(bytes == 0 ? 1 : bytes);
    return bytes == 0 ? std::nullopt : std::optional{code};
}

bool is_utf8(std::string_view text) {
    while (!text.empty()) {
        if (!take_character(text)) return false;
    }
    return true;
}

std::string to_utf8(char32_t character) {
    ENSURE(is_character(character));
    std::size_t length = 0;
    while (length + 1 < kLengths.size() && character >= kLengths[length + 1].least) ++length;
    std::string text;
    for (auto left = kLengths[length].bytes; left-- > 0;) {
        const auto bits = static_cast<unsigned char>(character >> (6U * left));
        const bool leads = text.empty();
        const auto mask = leads ? kLengths[length].mask : 0xc0;
        const auto mark = leads ? kLengths[length].lead : 0x80;
        text += static_cast<char>((bits & ~mask) | mark);
    }
    return text;
}

std::string printable(std::string_view text) {
    return printable(text, text.size());
}

std::string printable(std::string_view text, std::size_t characters_max) {
    std::string result;
    for (std::size_t count = 0; !text.empty(); ++count) {
        if (count == characters_max) return result + "...";
        const auto before = text;
        const auto character = take_character(text);
        const auto bytes = before.substr(0, before.size() - text.size());
        if (character && !is_hidden(*character)) {
            result += bytes;
        } else {
            add_escaped(bytes, result);
        }
    }
    return result;
}

}  // namespace base
