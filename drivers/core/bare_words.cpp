#include "drivers/core/bare_words.hpp"

#include <algorithm>
#include <array>

namespace drivers {

namespace {

// The first five are what C, C++, JavaScript and Python print; "ovf" is what an Arduino does.
constexpr std::array<std::string_view, 7> kWords{"nan", "inf", "infinity", "none",
                                                 "ovf", "n/a", "undefined"};

bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '/';
}

/// The length of a text in quotes at the beginning; all of it when it does not end.
std::size_t quoted_length(std::string_view json) {
    for (std::size_t i = 1; i < json.size(); ++i) {
        if (json[i] == '\\') {
            ++i;
        } else if (json[i] == '"') {
            return i + 1;
        }
    }
    return json.size();
}

std::size_t word_length(std::string_view json) {
    const std::size_t sign = json.front() == '-' || json.front() == '+' ? 1 : 0;
    auto end = sign;
    while (end < json.size() && is_letter(json[end])) ++end;
    return end == sign ? 0 : end;
}

}  // namespace

bool is_no_number(std::string_view word) {
    if (word.starts_with('-') || word.starts_with('+')) word.remove_prefix(1);
    const auto same = [](char a, char b) {
        return (a >= 'A' && a <= 'Z' ? a - 'A' + 'a' : a) == b;
    };
    return std::any_of(kWords.begin(), kWords.end(), [&](std::string_view known) {
        return std::equal(word.begin(), word.end(), known.begin(), known.end(), same);
    });
}

std::string with_quoted_words(std::string_view json) {
    std::string result;
    while (!json.empty()) {
        const auto quoted = json.front() == '"' ? quoted_length(json) : 0;
        const auto length = quoted > 0 ? quoted : word_length(json);
        const auto piece = json.substr(0, std::max<std::size_t>(length, 1));
        const bool is_bare = quoted == 0 && is_no_number(piece);
        if (is_bare) result += '"';
        result += piece;
        if (is_bare) result += '"';
        json.remove_prefix(piece.size());
    }
    return result;
}

}  // namespace drivers
