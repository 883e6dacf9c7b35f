#include "drivers/tables/rows/name_marks.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <vector>

#include "base/text.hpp"
#include "drivers/core/units.hpp"
#include "drivers/tables/cell.hpp"
#include "drivers/tables/time_zone.hpp"

namespace drivers::tables {

namespace {

constexpr std::string_view kBrackets = "()[]{}";

/// Words that are units elsewhere, and seldom at the end of a name.
constexpr std::array<std::string_view, 2> kNoUnitsHere{"in", "min"};

/// What shows that a letter behind it is a unit of temperature, and not the sixth sensor.
constexpr std::array<std::string_view, 7> kTemperatures{"temp", "tmp",   "dew",  "chill",
                                                        "heat", "feels", "therm"};

/// Names of zones that several regions have, or that only a person can place.
constexpr std::array<std::string_view, 41> kUnclearZones{
    "CET",  "CEST", "MEZ",  "MESZ", "EET",  "EEST", "WET",   "WEST",      "BST", "IST", "MSK",
    "EST",  "EDT",  "ET",   "CST",  "CDT",  "CT",   "MST",   "MDT",       "MT",  "PST", "PDT",
    "PT",   "AKST", "AKDT", "HST",  "AEST", "AEDT", "ACST",  "AWST",      "JST", "KST", "NZST",
    "NZDT", "SAST", "PKT",  "SGT",  "HKT",  "LT",   "LOCAL", "LOCAL TIME"};

bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

std::string upper(std::string_view text) {
    std::string result{text};
    for (auto& c : result) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    return result;
}

/// The texts in brackets, from left to right.
std::vector<std::string_view> in_brackets(std::string_view name) {
    std::vector<std::string_view> texts;
    for (;;) {
        const auto open = name.find_first_of("([{");
        if (open == std::string_view::npos) return texts;
        name.remove_prefix(open);
        const auto close = name.find(kBrackets[kBrackets.find(name.front()) + 1]);
        if (close == std::string_view::npos) return texts;
        texts.push_back(base::trimmed(name.substr(1, close - 1)));
        name.remove_prefix(close);
    }
}

std::string_view before_brackets(std::string_view name) {
    return base::trimmed(name.substr(0, name.find_first_of("([{")));
}

/// What stands behind the last one of the signs; empty when none has anything before it.
std::string_view behind(std::string_view name, std::string_view signs) {
    const auto sign = name.find_last_of(signs);
    return sign == std::string_view::npos || sign == 0 ? std::string_view{}
                                                       : base::trimmed(name.substr(sign + 1));
}

/// What stands behind the first slash, which a unit may have in itself: "v / m/s".
std::string_view behind_slash(std::string_view name) {
    const auto slash = name.find('/');
    return slash == std::string_view::npos || slash == 0 ? std::string_view{}
                                                         : base::trimmed(name.substr(slash + 1));
}

bool is_about_temperature(std::string_view name) {
    const auto plain = upper(name);
    const bool is_alone = plain.size() == 1 || (!is_letter(plain[1]) && !is_digit(plain[1]));
    if (is_alone) return plain[0] == 'T';
    return std::any_of(kTemperatures.begin(), kTemperatures.end(), [&](std::string_view word) {
        return plain.find(upper(word)) != std::string::npos;
    });
}

/// The end of a name, when it can only be meant as a unit there.
std::optional<std::string> unit_at_end(std::string_view name, std::string_view unit) {
    auto end = std::string{behind(name, "_ ,/")};
    const auto is = [&](std::string_view word) { return word == end; };
    if (end.empty() || std::any_of(kNoUnitsHere.begin(), kNoUnitsHere.end(), is)) {
        return std::nullopt;
    }
    if (end.size() == 1) {
        end = upper(end);
        const bool is_temperature = std::string_view{"CFK"}.find(end) != std::string_view::npos;
        if (!is_temperature || !is_about_temperature(name)) return std::nullopt;
    }
    return conversion(end, unit) ? std::optional{end} : std::nullopt;
}

/// "-05:00" of "-5", "−0500" and "+05:00"; empty for no such distance.
std::string distance_of(std::string_view text) {
    constexpr std::string_view kMinus = "\u2212";
    std::string plain{text};
    if (plain.starts_with(kMinus)) plain.replace(0, kMinus.size(), "-");
    if (plain.size() < 2 || (plain[0] != '+' && plain[0] != '-')) return {};
    std::string digits;
    std::size_t hours = 0;
    for (const char c : plain.substr(1)) {
        if (c == ':' && hours == 0) {
            hours = digits.size();
        } else if (is_digit(c)) {
            digits += c;
        } else {
            return {};
        }
    }
    if (hours == 0) hours = digits.size() > 2 ? digits.size() - 2 : digits.size();
    const auto minutes = digits.size() == hours ? "00" : digits.substr(hours);
    if (hours < 1 || hours > 2 || minutes.size() != 2) return {};
    return fmt::format("{}{:0>2}:{}", plain[0], digits.substr(0, hours), minutes);
}

/// "GMT-05:00" at any place of a name.
std::optional<ZoneMark> zone_from_greenwich(std::string_view name) {
    const auto plain = upper(name);
    for (const std::string_view word : {"GMT", "UTC"}) {
        const auto at = plain.find(word);
        if (at == std::string::npos || (at > 0 && is_letter(plain[at - 1]))) continue;
        auto rest = std::string_view{name}.substr(at + word.size());
        if (!rest.empty() && (is_letter(rest.front()) || is_digit(rest.front()))) continue;
        // Only a sign right behind it, or behind a blank, makes a distance of digits.
        const auto skipped = rest.starts_with(' ') ? std::size_t{1} : std::size_t{0};
        auto length = skipped;
        while (length < rest.size() &&
               std::string_view{" )]},;_"}.find(rest[length]) == std::string_view::npos) {
            ++length;
        }
        const auto distance = distance_of(rest.substr(skipped, length - skipped));
        if (distance.empty()) return ZoneMark{.text = std::string{word}, .zone = "UTC"};
        return ZoneMark{.text = std::string{name.substr(at, word.size() + length)},
                        .zone = distance};
    }
    return std::nullopt;
}

std::optional<ZoneMark> zone_of(std::string_view text) {
    if (const auto distance = distance_of(text); !distance.empty()) {
        return ZoneMark{.text = std::string{text}, .zone = distance};
    }
    const auto plain = upper(text);
    if (std::find(kUnclearZones.begin(), kUnclearZones.end(), plain) != kUnclearZones.end()) {
        return ZoneMark{.text = std::string{text}, .zone = std::nullopt};
    }
    const bool is_region =
        text.find('/') != std::string_view::npos && TimeZone::find(std::string{text});
    return is_region ? std::optional{ZoneMark{.text = std::string{text}, .zone = std::string{text}}}
                     : std::nullopt;
}

}  // namespace

std::optional<UnitMark> unit_in(std::string_view name, std::string_view unit) {
    for (const auto text : in_brackets(name)) {
        if (is_unit(text)) return UnitMark{.text = std::string{text}, .is_sure = true};
    }
    const auto front = before_brackets(name);
    for (const auto text : {behind(front, ","), behind_slash(front)}) {
        if (text.size() > 1 && is_unit(text)) {
            return UnitMark{.text = std::string{text}, .is_sure = true};
        }
    }
    const auto end = unit_at_end(front, unit);
    return end ? std::optional{UnitMark{.text = *end, .is_sure = false}} : std::nullopt;
}

std::string_view without_brackets(std::string_view text) {
    text = base::trimmed(text);
    const auto texts = in_brackets(text);
    const bool is_whole = texts.size() == 1 && text.size() > 2 && before_brackets(text).empty() &&
                          kBrackets.find(text.back()) % 2 == 1;
    return is_whole ? texts.front() : text;
}

std::optional<ZoneMark> zone_in(std::string_view name) {
    if (auto mark = zone_from_greenwich(name)) return mark;
    for (const auto text : in_brackets(name)) {
        if (auto mark = zone_of(text)) return mark;
    }
    const auto front = before_brackets(name);
    for (const auto* signs : {",", "_ "}) {
        auto mark = zone_of(behind(front, signs));
        // "MM/DD" is no region, and "time lt" no zone: behind a blank it must look like one.
        if (mark && (signs[0] == ',' || upper(mark->text) == mark->text)) return mark;
    }
    return std::nullopt;
}

}  // namespace drivers::tables
