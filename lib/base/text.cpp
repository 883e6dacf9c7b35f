#include "base/text.hpp"

#include <algorithm>

namespace base {

namespace {

constexpr std::string_view kHexDigits = "0123456789abcdef";

}  // namespace

std::string_view shortened(std::string_view text, std::size_t bytes_max) {
    if (text.size() <= bytes_max) return text;
    // 10xxxxxx continues a character: go back to where the one being cut begins. No character is
    // longer than four bytes; a longer run is not UTF-8 and may be cut anywhere.
    constexpr std::size_t kContinuationsMax = 3;
    const auto continues = [&](std::size_t at) {
        return (static_cast<unsigned char>(text[at]) & 0xc0U) == 0x80U;
    };
    for (auto size = bytes_max; bytes_max - size <= kContinuationsMax; --size) {
        if (!continues(size)) return text.substr(0, size);
        if (size == 0) break;
    }
    return text.substr(0, bytes_max);
}

std::string lower(std::string_view text) {
    std::string lowered{text};
    for (char& c : lowered) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    return lowered;
}

std::string_view trimmed(std::string_view text, std::string_view blanks) {
    text.remove_prefix(std::min(text.find_first_not_of(blanks), text.size()));
    return text.substr(0, text.find_last_not_of(blanks) + 1);
}

std::string to_hex(std::span<const std::uint8_t> bytes) {
    std::string text;
    text.reserve(bytes.size() * 2);
    for (const unsigned byte : bytes) {
        text += kHexDigits[byte >> 4U];
        text += kHexDigits[byte & 15U];
    }
    return text;
}

bool from_hex(std::string_view text, std::span<std::uint8_t> bytes) {
    if (text.size() != bytes.size() * 2) return false;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        const auto high = kHexDigits.find(text[2 * i]);
        const auto low = kHexDigits.find(text[2 * i + 1]);
        if (high == std::string_view::npos || low == std::string_view::npos) return false;
        bytes[i] = static_cast<std::uint8_t>(high << 4U | low);
    }
    return true;
}

}  // namespace base
