#include "drivers/core/bare_words.hpp"

#include <algorithm>
#include <array>
#include <charconv>

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

std::size_t number_length(std::string_view json) {
    return std::min(json.find_first_not_of("+-.0123456789eE"), json.size());
}

/// Whether a number is too large for a double: "1e999".
bool is_huge(std::string_view number) {
    double value = 0;
    const auto* const end = number.data() + number.size();
    const auto read = std::from_chars(number.data(), end, value);
    return read.ec == std::errc::result_out_of_range && read.ptr == end;
}

/// The length of a text, a word or a number at the beginning, else of one character.
std::size_t piece_length(std::string_view json) {
    if (json.front() == '"') return quoted_length(json);
    return std::max({word_length(json), number_length(json), std::size_t{1}});
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
        const auto piece = json.substr(0, piece_length(json));
        const bool is_bare = piece.front() != '"' && (is_no_number(piece) || is_huge(piece));
        if (is_bare) result += '"';
        result += piece;
        if (is_bare) result += '"';
        json.remove_prefix(piece.size());
    }
    return result;
}

}  // namespace drivers
