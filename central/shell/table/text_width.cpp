#include "central/shell/table/text_width.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "base/utf8.hpp"

namespace shell {

namespace {

using Range = std::pair<char32_t, char32_t>;

/// What stands over the character before it, and what joins characters.
constexpr std::array<Range, 5> kNarrow{
    {{0x0300, 0x036f}, {0x1ab0, 0x1aff}, {0x200b, 0x200d}, {0x20d0, 0x20ff}, {0xfe00, 0xfe0f}}};

/// East Asian characters and pictures (Unicode TR 11), as most terminals draw them.
constexpr std::array<Range, 9> kWide{{{0x1100, 0x115f},
                                      {0x2e80, 0xa4cf},
                                      {0xac00, 0xd7a3},
                                      {0xf900, 0xfaff},
                                      {0xfe30, 0xfe6f},
                                      {0xff00, 0xff60},
                                      {0xffe0, 0xffe6},
                                      {0x1f300, 0x1faff},
                                      {0x20000, 0x3fffd}}};

template <class Ranges>
bool is_in(char32_t character, const Ranges& ranges) {
    return std::any_of(ranges.begin(), ranges.end(), [&](const Range& range) {
        return range.first <= character && character <= range.second;
    });
}

std::size_t take_width(std::string_view& text) {
    const auto character = base::take_character(text).value_or(U'?');
    if (is_in(character, kNarrow)) return 0;
    return is_in(character, kWide) ? 2 : 1;
}

}  // namespace

std::size_t width_of(std::string_view text) {
    std::size_t width = 0;
    while (!text.empty()) width += take_width(text);
    return width;
}

std::string cut_to(std::string_view text, std::size_t width) {
    if (width_of(text) <= width) return std::string{text};
    if (width == 0) return {};
    auto rest = text;
    auto kept = text.substr(0, 0);
    for (std::size_t used = 0; !rest.empty();) {
        used += take_width(rest);
        if (used + 1 > width) break;
        kept = text.substr(0, text.size() - rest.size());
    }
    return std::string{kept} + "…";
}

}  // namespace shell
