#include "central/imports/tables/note_text.hpp"

namespace imports::tables {

namespace {

constexpr char kFirst = '0';  // And the 63 characters behind it, up to "o".
constexpr unsigned kBits = 5;
constexpr std::uint64_t kMore = 1U << kBits;

}  // namespace

void put_number(std::uint64_t number, std::string& text) {
    for (; number >= kMore; number >>= kBits) {
        text += static_cast<char>(kFirst + static_cast<int>(kMore | (number & (kMore - 1))));
    }
    text += static_cast<char>(kFirst + static_cast<int>(number));
}

void put_text(std::string_view value, std::string& text) {
    put_number(value.size(), text);
    text += value;
}

std::optional<std::uint64_t> NoteReader::number() {
    std::uint64_t number = 0;
    for (unsigned shift = 0; shift < 64 && !rest_.empty(); shift += kBits) {
        const auto digit = static_cast<std::uint64_t>(rest_.front() - kFirst);
        rest_.remove_prefix(1);
        if (digit >= 2 * kMore) return std::nullopt;
        number |= (digit & (kMore - 1)) << shift;
        if (digit < kMore) return number;
    }
    return std::nullopt;
}

std::optional<std::string> NoteReader::text() {
    const auto length = number();
    if (!length || *length > rest_.size()) return std::nullopt;
    std::string value{rest_.substr(0, *length)};
    rest_.remove_prefix(*length);
    return value;
}

}  // namespace imports::tables
