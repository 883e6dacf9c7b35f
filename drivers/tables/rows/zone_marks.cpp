#include "drivers/tables/rows/zone_marks.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "drivers/tables/rows/name_parts.hpp"
#include "drivers/tables/time_zone.hpp"

namespace drivers::tables {

namespace {

/// A zone that several regions have, or that only a person can place.
struct UnclearZone {
    std::string_view name;
    std::string_view regions;
    std::string_view distance;
};

constexpr std::string_view kCentralEurope = "\"Europe/Berlin\", \"Europe/Paris\"";
constexpr std::string_view kEasternEurope = "\"Europe/Helsinki\", \"Europe/Athens\"";
constexpr std::string_view kWesternEurope = "\"Europe/Lisbon\", \"Atlantic/Canary\"";
constexpr std::string_view kEastern = "\"America/New_York\", \"America/Toronto\"";
constexpr std::string_view kCentral = "\"America/Chicago\", \"America/Winnipeg\"";
constexpr std::string_view kMountain = "\"America/Denver\", \"America/Phoenix\"";
constexpr std::string_view kPacific = "\"America/Los_Angeles\", \"America/Vancouver\"";
constexpr std::string_view kAlaska = "\"America/Anchorage\"";

constexpr std::array kUnclearZones{
    UnclearZone{"CET", kCentralEurope, "+01:00"},
    UnclearZone{"CEST", kCentralEurope, "+02:00"},
    UnclearZone{"MEZ", kCentralEurope, "+01:00"},
    UnclearZone{"MESZ", kCentralEurope, "+02:00"},
    UnclearZone{"EET", kEasternEurope, "+02:00"},
    UnclearZone{"EEST", kEasternEurope, "+03:00"},
    UnclearZone{"WET", kWesternEurope, "+00:00"},
    UnclearZone{"WEST", kWesternEurope, "+01:00"},
    UnclearZone{"BST", "\"Europe/London\", \"Asia/Dhaka\"", "+01:00"},
    UnclearZone{"IST", "\"Asia/Kolkata\", \"Europe/Dublin\", \"Asia/Jerusalem\"", "+05:30"},
    UnclearZone{"MSK", "\"Europe/Moscow\"", "+03:00"},
    UnclearZone{"EST", kEastern, "-05:00"},
    UnclearZone{"EDT", kEastern, "-04:00"},
    UnclearZone{"ET", kEastern, "-05:00"},
    UnclearZone{"EASTERN", kEastern, "-05:00"},
    UnclearZone{"CST", "\"America/Chicago\", \"Asia/Shanghai\"", "-06:00"},
    UnclearZone{"CDT", kCentral, "-05:00"},
    UnclearZone{"CT", kCentral, "-06:00"},
    UnclearZone{"CENTRAL", kCentral, "-06:00"},
    UnclearZone{"MST", kMountain, "-07:00"},
    UnclearZone{"MDT", kMountain, "-06:00"},
    UnclearZone{"MT", kMountain, "-07:00"},
    UnclearZone{"MOUNTAIN", kMountain, "-07:00"},
    UnclearZone{"PST", kPacific, "-08:00"},
    UnclearZone{"PDT", kPacific, "-07:00"},
    UnclearZone{"PT", kPacific, "-08:00"},
    UnclearZone{"PACIFIC", kPacific, "-08:00"},
    UnclearZone{"AKST", kAlaska, "-09:00"},
    UnclearZone{"AKDT", kAlaska, "-08:00"},
    UnclearZone{"HST", "\"Pacific/Honolulu\"", "-10:00"},
    UnclearZone{"AEST", "\"Australia/Sydney\", \"Australia/Brisbane\"", "+10:00"},
    UnclearZone{"AEDT", "\"Australia/Sydney\"", "+11:00"},
    UnclearZone{"ACST", "\"Australia/Adelaide\", \"Australia/Darwin\"", "+09:30"},
    UnclearZone{"AWST", "\"Australia/Perth\"", "+08:00"},
    UnclearZone{"JST", "\"Asia/Tokyo\"", "+09:00"},
    UnclearZone{"KST", "\"Asia/Seoul\"", "+09:00"},
    UnclearZone{"NZST", "\"Pacific/Auckland\"", "+12:00"},
    UnclearZone{"NZDT", "\"Pacific/Auckland\"", "+13:00"},
    UnclearZone{"SAST", "\"Africa/Johannesburg\"", "+02:00"},
    UnclearZone{"PKT", "\"Asia/Karachi\"", "+05:00"},
    UnclearZone{"SGT", "\"Asia/Singapore\"", "+08:00"},
    UnclearZone{"HKT", "\"Asia/Hong_Kong\"", "+08:00"},
    UnclearZone{"LT", kCentralEurope, "+01:00"},
    UnclearZone{"LOCAL", kCentralEurope, "+01:00"},
    UnclearZone{"LOCAL TIME", kCentralEurope, "+01:00"},
};

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

/// What stands behind the last one of the signs; empty when none has anything before it.
std::string_view behind(std::string_view name, std::string_view signs) {
    const auto sign = name.find_last_of(signs);
    return sign == std::string_view::npos || sign == 0 ? std::string_view{}
                                                       : base::trimmed(name.substr(sign + 1));
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

/// The zone of a text, or the first of two: "EST/EDT", "Eastern Standard Time".
const UnclearZone* unclear_zone(std::string_view text) {
    auto plain = upper(text);
    for (const std::string_view end : {" STANDARD TIME", " DAYLIGHT TIME", " TIME"}) {
        if (plain != "LOCAL TIME" && plain.ends_with(end)) plain.resize(plain.size() - end.size());
    }
    const auto find = [](std::string_view name) {
        return std::find_if(kUnclearZones.begin(), kUnclearZones.end(),
                            [&](const UnclearZone& one) { return one.name == name; });
    };
    const auto slash = plain.find_first_of("/|");
    const auto first = find(base::trimmed(std::string_view{plain}.substr(0, slash)));
    if (first == kUnclearZones.end()) return nullptr;
    if (slash == std::string::npos) return &*first;
    const auto second = find(base::trimmed(std::string_view{plain}.substr(slash + 1)));
    return second == kUnclearZones.end() ? nullptr : &*first;
}

bool is_unclear(std::string_view text) {
    return unclear_zone(text) != nullptr;
}

std::optional<ZoneMark> zone_of(std::string_view text) {
    if (const auto distance = distance_of(text); !distance.empty()) {
        return ZoneMark{.text = std::string{text}, .zone = distance};
    }
    if (is_unclear(text)) {
        return ZoneMark{.text = std::string{text}, .zone = std::nullopt};
    }
    const bool is_region =
        text.find('/') != std::string_view::npos && TimeZone::find(std::string{text});
    return is_region ? std::optional{ZoneMark{.text = std::string{text}, .zone = std::string{text}}}
                     : std::nullopt;
}

}  // namespace

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

std::string zones_for(std::string_view text) {
    const auto* zone = unclear_zone(text);
    return fmt::format("{}, or \"{}\" for clocks that are never put forward",
                       zone == nullptr ? kCentralEurope : zone->regions,
                       zone == nullptr ? "+01:00" : zone->distance);
}

bool is_local_name(std::string_view name) {
    return upper(name).find("LOCAL") != std::string::npos;
}

bool is_zone_name(std::string_view name) {
    std::string word;
    for (const char c : upper(name)) {
        if (is_letter(c)) word += c;
    }
    return word == "TIMEZONE" || word == "TZ" || word == "UTCOFFSET" || word == "GMTOFFSET" ||
           word == "TZOFFSET" || word == "TIMEZONEOFFSET" || word == "TIMEZONENAME";
}

}  // namespace drivers::tables
