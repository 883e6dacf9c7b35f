#include "drivers/tables/rows/unit_looks.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "base/text.hpp"
#include "drivers/core/units.hpp"

namespace drivers::tables {

namespace {

struct Spelling {
    std::string_view written;
    std::string_view plain;
};

/// The signs of units in ASCII; 0xb0 is the degree sign of Latin-1.
constexpr std::array kSpellings{
    Spelling{"℃", "degC"},     Spelling{"℉", "degF"}, Spelling{"Â°", "deg"},
    Spelling{"°", "deg"},      Spelling{"º", "deg"},  Spelling{"˚", "deg"},
    Spelling{"\xb0", "deg"},   Spelling{"µ", "u"},    Spelling{"μ", "u"},
    Spelling{"Ω", "Ohm"},      Spelling{"Ω", "Ohm"},  Spelling{"²", "2"},
    Spelling{"³", "3"},        Spelling{"⁻", "-"},    Spelling{"¹", "1"},
    Spelling{"‰", "permille"}, Spelling{"×", "x"},    Spelling{"·", " "},
    Spelling{"⋅", " "},        Spelling{"÷", "/"},    Spelling{"**", ""},
    Spelling{"^", ""},         Spelling{"−", "-"},
};

/// Units in lower case that the table of units does not have. Those of time are units only behind
/// a slash: "Temp (day)" is no temperature in days.
constexpr std::array<std::string_view, 58> kWords{
    "kn",  "kt",   "kts",  "knot",  "knots",    "mile",  "miles",   "yd",   "yard",  "yards",
    "nmi", "gpm",  "gph",  "cfm",   "lpm",      "slpm",  "sccm",    "lum",  "fc",    "pci",
    "rem", "mrem", "btu",  "cal",   "kcal",     "lbf",   "kgf",     "dyn",  "gauss", "rpm",
    "bpm", "cpm",  "cps",  "dba",   "permille", "ppt",   "ppmv",    "ppbv", "ntu",   "fnu",
    "psu", "meq",  "hp",   "ft2",   "ft3",      "cuft",  "in2",     "in3",  "cf",    "ccf",
    "mcf", "psig", "psia", "inh2o", "mmh2o",    "cmh2o", "degrees", "deg",
};

/// What something is divided by.
constexpr std::array<std::string_view, 24> kPer{
    "s",   "sec", "min", "h",  "hr", "hour", "d",   "day", "wk",  "yr", "ft", "ft2",
    "ft3", "m",   "m2",  "m3", "cm", "cm2",  "cm3", "l",   "gal", "kg", "g",  "mol"};

struct Prefixes {
    std::string_view letters;
    std::string_view bases;  // Between blanks.
};

/// Which letters stand before which units: "dT" is a difference, and "GT" no gigatesla.
constexpr std::array kPrefixes{
    Prefixes{"numkM",
             " m g s A K mol Hz N Pa J W V F Ohm S T H lm lx Bq Gy Sv Ci l L eV Wh VA Ah "
             "bar degC degF deg rad cd C "},
    Prefixes{"p", " Ci F A Bq g mol S "},
    Prefixes{"c", " m l L degC degF "},
    Prefixes{"d", " m l L S degC degF "},
    Prefixes{"h", " Pa l L "},
    Prefixes{"G", " Hz W Wh Bq J Pa Ohm "},
};

bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '%';
}

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

std::string respelt(std::string_view text) {
    std::string result;
    while (!text.empty()) {
        const auto known =
            std::find_if(kSpellings.begin(), kSpellings.end(),
                         [&](const Spelling& one) { return text.starts_with(one.written); });
        result += known == kSpellings.end() ? text.substr(0, 1) : known->plain;
        text.remove_prefix(known == kSpellings.end() ? 1 : known->written.size());
    }
    return result;
}

template <std::size_t Size>
bool is_among(const std::array<std::string_view, Size>& words, std::string_view word) {
    return std::find(words.begin(), words.end(), base::lower(word)) != words.end();
}

/// "uSv", "mmol", "kBq".
bool has_prefix(std::string_view term) {
    if (term.size() < 2) return false;
    const auto base = " " + std::string{term.substr(1)} + " ";
    return std::any_of(kPrefixes.begin(), kPrefixes.end(), [&](const Prefixes& one) {
        return one.letters.find(term.front()) != std::string_view::npos &&
               one.bases.find(base) != std::string_view::npos;
    });
}

/// A unit by itself, whatever its exponent.
bool is_term(std::string_view term) {
    while (!term.empty() && is_digit(term.back())) term.remove_suffix(1);
    while (!term.empty() && term.back() == '-') term.remove_suffix(1);
    if (term.empty()) return false;
    return is_unit(term) || is_among(kWords, term) || has_prefix(term) || term == "N" ||
           term == "mol" || term == "Bq" || term == "Sv" || term == "Ci" || term == "t";
}

std::vector<std::string_view> split(std::string_view text, char sign) {
    std::vector<std::string_view> parts;
    for (auto at = text.find(sign); at != std::string_view::npos; at = text.find(sign)) {
        parts.push_back(base::trimmed(text.substr(0, at)));
        text.remove_prefix(at + 1);
    }
    parts.push_back(base::trimmed(text));
    return parts;
}

/// Letters and an exponent: "m2", "s-1", "degC". Not "2", "S/N:", "C6H6".
bool has_shape_of_term(std::string_view term) {
    const auto end = std::find_if_not(term.begin(), term.end(), is_letter);
    const auto rest = term.substr(static_cast<std::size_t>(end - term.begin()));
    const auto exponent = rest.starts_with('-') ? rest.substr(1) : rest;
    return rest.size() < term.size() && exponent.size() < 2 &&
           std::all_of(exponent.begin(), exponent.end(), is_digit) &&
           (rest.empty() || !exponent.empty());
}

bool is_capital(std::string_view term) {
    return term.size() == 1 && term.front() >= 'A' && term.front() <= 'Z';
}

/// "pCi/L", "mp/h", "degC/degF". Not "A/C", "in/out", "on/off", "N/S".
bool is_quotient(std::string_view text) {
    const auto parts = split(text, '/');
    if (parts.size() < 2 || !std::all_of(parts.begin(), parts.end(), has_shape_of_term)) {
        return false;
    }
    if (std::all_of(parts.begin(), parts.end(), is_capital)) {
        return std::all_of(parts.begin(), parts.end(), [](std::string_view part) {
            return part == "C" || part == "F" || part == "K";
        });
    }
    if (std::all_of(parts.begin(), parts.end(), is_term)) return true;
    constexpr std::size_t kLettersMax = 6;
    return parts.front().size() > 1 && parts.front().size() <= kLettersMax &&
           is_among(kPer, parts.back()) && !is_capital(parts.back()) && parts.front() != "in";
}

/// "W m-2", "kg m-2 s-1".
bool is_product(std::string_view text) {
    const auto parts = split(text, ' ');
    return parts.size() > 1 && std::all_of(parts.begin(), parts.end(), has_shape_of_term) &&
           std::all_of(parts.begin(), parts.end(), is_term) &&
           text.find('-') != std::string_view::npos;
}

/// "kts", "uSv", "ft3". One letter, or one and a number, is the name of a sensor.
bool is_word(std::string_view text) {
    if (!has_shape_of_term(text) || text.size() < 2) return false;
    return is_among(kWords, text) || has_prefix(text) || text == "Bq" || text == "Sv" ||
           text == "mol" || text == "m2";
}

/// Without a number in front or a factor behind it: "0.1 degC", "1/100 in", "degC x10".
std::string_view without_factor(std::string_view text) {
    constexpr std::string_view kFactor = "0123456789.,/x* ";
    const auto first = std::min(text.find_first_not_of(kFactor), text.size());
    if (text.find_first_of("0123456789") < first) text.remove_prefix(first);
    const auto last = text.find_last_not_of(kFactor);
    const auto rest = last == std::string_view::npos ? text : text.substr(last + 1);
    const bool is_factor = rest.find_first_of("0123456789") != std::string_view::npos &&
                           rest.find_first_of("/x* ") != std::string_view::npos;
    return base::trimmed(is_factor ? text.substr(0, last + 1) : text);
}

}  // namespace

bool looks_like_unit(std::string_view text, std::string_view unit) {
    const auto plain = respelt(base::trimmed(text));
    if (const auto rest = without_factor(plain); rest.size() < plain.size()) {
        return conversion(rest, unit).has_value() ||
               (rest.empty() &&
                std::string_view{"x*/"}.find(plain.front()) != std::string_view::npos);
    }
    // Degrees of what is left to the configuration.
    if ((plain == "deg" || plain == "degrees") && unit == "Cel") return false;
    return is_word(plain) || is_quotient(plain) || is_product(plain);
}

bool is_same_unit(std::string_view one, std::string_view other) {
    const auto plain = [](std::string_view text) {
        auto result = respelt(base::trimmed(text));
        std::erase(result, ' ');
        if (result == "degrees" || result == "degree") result = "deg";
        return result;
    };
    return plain(one) == plain(other);
}

}  // namespace drivers::tables
