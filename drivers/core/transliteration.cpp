#include "drivers/core/transliteration.hpp"

#include <algorithm>
#include <array>

namespace drivers {

namespace {

/// U+00E0 to U+00FF; the capitals are 32 before them.
constexpr std::array<std::string_view, 32> kLatin1{
    "a", "a", "a", "a", "a", "a", "ae", "c", "e", "e", "e", "e", "i", "i", "i",  "i",
    "d", "n", "o", "o", "o", "o", "o",  "_", "o", "u", "u", "u", "u", "y", "th", "y"};

/// U+0100 to U+017F.
constexpr std::string_view kLatinExtended =
    "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiiiiijjkkkllllllllllnnnnnnnnnoooooooorrrrrr"
    "ssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs";
static_assert(kLatinExtended.size() == 128);

/// U+0430 to U+044F; the capitals are 32 before them.
constexpr std::array<std::string_view, 32> kCyrillic{
    "a", "b", "v", "g", "d", "e",  "zh", "z",  "i",  "y",    "k", "l", "m", "n", "o",  "p",
    "r", "s", "t", "u", "f", "kh", "ts", "ch", "sh", "shch", "",  "y", "",  "e", "yu", "ya"};

/// U+0450 to U+045F; the capitals are 80 before them.
constexpr std::array<std::string_view, 16> kCyrillicExtended{
    "e", "yo", "dj", "gj", "ye", "dz", "i", "yi", "j", "lj", "nj", "c", "kj", "i", "u", "dz"};

/// U+03B1 to U+03C9; the capitals are 32 before them.
constexpr std::array<std::string_view, 25> kGreek{"a", "v", "g", "d", "e",  "z",  "i", "th", "i",
                                                  "k", "l", "m", "n", "x",  "o",  "p", "r",  "s",
                                                  "s", "t", "y", "f", "ch", "ps", "o"};

struct Letter {
    char32_t letter;
    std::string_view latin;
};

constexpr std::array<Letter, 29> kOthers{{
    {U'Ά', "a"}, {U'Έ', "e"}, {U'Ή', "i"},  {U'Ί', "i"}, {U'Ό', "o"}, {U'Ύ', "y"},
    {U'Ώ', "o"}, {U'ΐ', "i"}, {U'ά', "a"},  {U'έ', "e"}, {U'ή', "i"}, {U'ί', "i"},
    {U'ΰ', "y"}, {U'ϊ', "i"}, {U'ϋ', "y"},  {U'ό', "o"}, {U'ύ', "y"}, {U'ώ', "o"},
    {U'Ϊ', "i"}, {U'Ϋ', "y"}, {U'ß', "ss"}, {U'Ґ', "g"}, {U'ґ', "g"}, {U'Ș', "s"},
    {U'ș', "s"}, {U'Ț', "t"}, {U'ț', "t"},  {U'µ', "u"}, {U'μ', "m"},
}};

/// The entry of a letter or of its capital; nothing when the table has neither.
template <std::size_t size>
std::optional<std::string_view> find(const std::array<std::string_view, size>& table,
                                     char32_t letter, char32_t first, char32_t to_capital) {
    for (const char32_t begin : {first, char32_t{first - to_capital}}) {
        if (letter >= begin && letter - begin < size) return table[letter - begin];
    }
    return std::nullopt;
}

}  // namespace

std::optional<std::string_view> transliterated(char32_t letter) {
    constexpr char32_t kAccentsFirst = 0x300;
    constexpr char32_t kAccentsLast = 0x36f;
    constexpr char32_t kLatinExtendedFirst = 0x100;
    if (letter >= kAccentsFirst && letter <= kAccentsLast) return "";
    const auto* const other =
        std::find_if(kOthers.begin(), kOthers.end(),
                     [&](const Letter& known) { return known.letter == letter; });
    if (other != kOthers.end()) return other->latin;
    if (letter == U'×' || letter == U'÷') return std::nullopt;
    if (letter >= kLatinExtendedFirst && letter - kLatinExtendedFirst < kLatinExtended.size()) {
        return kLatinExtended.substr(letter - kLatinExtendedFirst, 1);
    }
    if (const auto latin = find(kLatin1, letter, U'à', 32)) return latin;
    if (const auto latin = find(kGreek, letter, U'α', 32)) return latin;
    if (const auto latin = find(kCyrillic, letter, U'а', 32)) return latin;
    return find(kCyrillicExtended, letter, U'ѐ', 80);
}

}  // namespace drivers
