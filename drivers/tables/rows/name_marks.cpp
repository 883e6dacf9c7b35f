#include "drivers/tables/rows/name_marks.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "drivers/core/likely_unit.hpp"
#include "drivers/core/units.hpp"
#include "drivers/tables/rows/name_parts.hpp"
#include "drivers/tables/rows/unit_looks.hpp"

namespace drivers::tables {

namespace {

/// What loggers write behind a unit: "Temp_C_Avg", "BP_mmHg_Max".
constexpr std::array<std::string_view, 18> kStatistics{
    "avg",   "average", "mean",   "max", "maximum", "min",  "minimum", "std", "tot",
    "total", "smp",     "sample", "med", "median",  "last", "high",    "low", "now"};

/// What shows that a letter behind it is a unit of temperature, and not the sixth sensor.
constexpr std::array<std::string_view, 7> kTemperatures{"temp", "tmp",   "dew",  "chill",
                                                        "heat", "feels", "therm"};

/// What a unit that stands for itself alone means a temperature by.
constexpr std::array<std::string_view, 8> kDegrees{"°", "º", "˚", "Â°", "\xb0", "℃", "℉", "deg"};

constexpr std::string_view kBetween = " _,/";

bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

template <std::size_t Size>
bool is_among(const std::array<std::string_view, Size>& words, std::string_view word) {
    return std::find(words.begin(), words.end(), base::lower(word)) != words.end();
}

/// "in" is inside and "min" the least, except where a length, a pressure or a time is expected.
bool is_other_word(std::string_view text, std::string_view unit) {
    const auto word = base::lower(text);
    if (word == "in") return !conversion("m", unit) && !conversion("Pa", unit);
    return word == "min" && !conversion("s", unit);
}

bool is_known(std::string_view text, std::string_view unit) {
    return is_unit(text) && !is_other_word(text, unit);
}

/// What stands behind the last separator of a name, which shows that it is no part of it.
std::vector<std::string_view> tails_of(std::string_view front) {
    std::vector<std::string_view> tails;
    for (const std::string_view sign : {",", " - ", " – ", ":"}) {
        const auto at = front.rfind(sign);
        if (at == std::string_view::npos || at == 0) continue;
        const auto tail = base::trimmed(front.substr(at + sign.size()));
        if (tail.size() > 1) tails.push_back(tail);
    }
    return tails;
}

bool is_about_temperature(std::string_view name) {
    const auto plain = base::lower(name);
    const bool is_alone = plain.size() == 1 || (!is_letter(plain[1]) && !is_digit(plain[1]));
    if (is_alone) return plain[0] == 't';
    return std::any_of(kTemperatures.begin(), kTemperatures.end(), [&](std::string_view word) {
        return plain.find(word) != std::string::npos;
    });
}

std::vector<std::string_view> words_of(std::string_view name) {
    std::vector<std::string_view> words;
    while (!name.empty()) {
        const auto end = std::min(name.find_first_of(kBetween), name.size());
        if (end > 0) words.push_back(name.substr(0, end));
        name.remove_prefix(std::min(end + 1, name.size()));
    }
    return words;
}

/// "°F Temp", "Temp °F max", "Temp deg F".
std::string degrees_in(std::string_view name) {
    const auto words = words_of(name);
    for (std::size_t i = 0; i < words.size(); ++i) {
        const bool begins = std::any_of(kDegrees.begin(), kDegrees.end(), [&](auto sign) {
            return base::lower(words[i]).starts_with(sign);
        });
        if (!begins) continue;
        if (is_unit(words[i])) return std::string{words[i]};
        if (i + 1 == words.size()) return {};
        auto both = std::string{words[i]} + " " + std::string{words[i + 1]};
        if (is_unit(both)) return both;
    }
    return {};
}

/// Without words like "Avg" at its end, which follow a unit.
std::string_view without_statistics(std::string_view name) {
    for (;;) {
        const auto at = name.find_last_of(kBetween);
        if (at == std::string_view::npos || at == 0) return name;
        if (!is_among(kStatistics, name.substr(at + 1))) return name;
        name = base::trimmed(name.substr(0, at));
    }
}

/// The last word of a name, when it can only be meant as a unit there.
std::string last_word(std::string_view name, std::string_view word, std::string_view unit) {
    auto text = std::string{word};
    if (text.size() == 1) {
        if (text[0] >= 'a' && text[0] <= 'z') text[0] = static_cast<char>(text[0] - 'a' + 'A');
        const bool is_temperature = std::string_view{"CFK"}.find(text) != std::string_view::npos;
        if (!is_temperature || !is_about_temperature(name)) return {};
    }
    // "uptime_min" may be the least.
    return base::lower(word) != "min" && conversion(text, unit) ? text : std::string{};
}

/// The end of a name that converts: "temp_F", "wind_mi_h", "Pressure in Hg", "TempF".
std::string unit_at_end(std::string_view name, std::string_view unit) {
    const auto words = words_of(name);
    if (words.size() > 2) {
        const auto last = words.end() - 1;
        for (const auto* between : {" ", "/"}) {
            auto both = std::string{*(last - 1)} + between + std::string{*last};
            if (conversion(both, unit)) return both;
        }
    }
    if (words.size() > 1) {
        if (auto word = last_word(name, words.back(), unit); !word.empty()) return word;
    }
    if (unit == "/") return {};
    // "baromabsin", "dailyrainin": as weather stations write it.
    const auto plain = base::lower(name);
    const bool is_inches = plain.ends_with("in") && plain.find_first_of(kBetween) == plain.npos;
    if (is_inches && plain.starts_with("barom") && conversion("inHg", unit)) return "inHg";
    if (is_inches && plain.ends_with("rainin") && conversion("in", unit)) return "in";
    const auto named = unit_in_name(name);
    return conversion(named, unit) ? std::string{named} : std::string{};
}

/// "Wind km/h", "RADON pCi/L": what follows the last blank, with its slash.
std::string_view last_with_slash(std::string_view name) {
    const auto at = name.rfind(' ');
    const auto word = at == std::string_view::npos ? std::string_view{} : name.substr(at + 1);
    return word.find('/') == std::string_view::npos ? std::string_view{} : word;
}

/// "p / hPa", "v / m/s", "Druck/hPa".
std::string_view behind_slash(std::string_view name) {
    const auto slash = name.find('/');
    return slash == std::string_view::npos || slash == 0 ? std::string_view{}
                                                         : base::trimmed(name.substr(slash + 1));
}

std::optional<UnitMark> mark(std::string_view text, UnitMark::Certainty certainty) {
    if (text.empty()) return std::nullopt;
    return UnitMark{.text = std::string{text}, .certainty = certainty};
}

/// What stands apart from the name: in brackets, behind a comma or a dash.
std::optional<UnitMark> apart(const std::vector<std::string_view>& texts, std::string_view unit) {
    for (const auto text : texts) {
        if (is_known(text, unit)) return mark(text, UnitMark::Certainty::sure);
    }
    for (const auto text : texts) {
        if (!is_unit(text) && looks_like_unit(text, unit)) {
            return mark(text, UnitMark::Certainty::unknown);
        }
    }
    return std::nullopt;
}

}  // namespace

std::optional<UnitMark> unit_in(std::string_view name, std::string_view unit) {
    // The member that a pointer leads to.
    if (name.starts_with('/')) name.remove_prefix(name.rfind('/') + 1);
    const auto front = before_brackets(name);
    auto texts = in_brackets(name);
    for (const auto text : tails_of(front)) texts.push_back(text);
    if (auto found = apart(texts, unit)) return found;
    if (const auto text = last_with_slash(front); !text.empty()) {
        if (conversion(text, unit)) return mark(text, UnitMark::Certainty::sure);
        if (!is_unit(text) && looks_like_unit(text, unit)) {
            return mark(text, UnitMark::Certainty::unknown);
        }
    }
    const auto slashed = behind_slash(front);
    if (slashed.size() > 1 && is_known(slashed, unit)) {
        return mark(slashed, UnitMark::Certainty::sure);
    }
    if (auto degrees = degrees_in(front); !degrees.empty()) {
        return mark(degrees, UnitMark::Certainty::sure);
    }
    const auto whole = base::trimmed(name);
    if (!is_other_word(whole, "") && unit != "/" && conversion(whole, unit)) {
        return mark(whole, UnitMark::Certainty::likely);
    }
    const auto plain = without_statistics(front);
    if (auto found = mark(unit_at_end(plain, unit), UnitMark::Certainty::likely)) return found;
    const auto words = words_of(plain);
    if (words.size() < 2 || is_unit(words.back())) return std::nullopt;
    return mark(looks_like_unit(words.back(), unit) ? words.back() : std::string_view{},
                UnitMark::Certainty::unknown);
}

std::string_view without_brackets(std::string_view text) {
    text = base::trimmed(text);
    const auto texts = in_brackets(text);
    const bool is_whole = texts.size() == 1 && text.size() > 2 && before_brackets(text).empty() &&
                          std::string_view{")]}"}.find(text.back()) != std::string_view::npos;
    return is_whole ? texts.front() : text;
}

}  // namespace drivers::tables
