#include "drivers/core/stated_units.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "base/text.hpp"
#include "drivers/core/likely_unit.hpp"

namespace drivers {

namespace {

using Kind = UnitVerdict::Kind;

// ---- the members --------------------------------------------------------------------------------

/// The longest first.
constexpr std::array<std::string_view, 6> kEndings{
    "unitofmeasurement", "unitsofmeasurement", "unitofmeas", "units", "unit", "uom"};

/// They say a unit only where they hold one of temperatures.
constexpr std::array<std::string_view, 8> kDegreeEndings{"scale",  "degrees", "degree", "deg",
                                                         "format", "symbol",  "type",   "mode"};
constexpr std::array<std::string_view, 4> kDegreeWords{"scale", "degrees", "degree", "deg"};

/// They say a unit only where they hold a known one.
constexpr std::array<std::string_view, 6> kUnitNames{"u",        "unitname",  "unitsymbol",
                                                     "unitcode", "unitlabel", "unittext"};

constexpr std::array<std::string_view, 8> kSystems{
    "unitsystem",    "unitssystem", "measurementsystem",   "measuringsystem",
    "systemofunits", "systemunit",  "systemofmeasurement", "usunits"};

/// Owners that say nothing of what a unit is of.
constexpr std::array<std::string_view, 12> kAnyOwner{
    "",     "us",      "value",       "val",       "reading",      "state",
    "data", "default", "measurement", "measuring", "measurements", "system"};

constexpr std::array<std::string_view, 8> kQuantities{"temp",  "press", "baro", "wind",
                                                      "speed", "hum",   "rain", "dist"};

// ---- what they hold -----------------------------------------------------------------------------

constexpr std::array<std::string_view, 8> kImperial{
    "imperial", "us", "uscs", "uscustomary", "english", "usunits1", "imperialunits", "usa"};
constexpr std::array<std::string_view, 6> kMetric{"metric",    "si",        "metricwx",
                                                  "usunits16", "usunits17", "metricunits"};
constexpr std::array<std::string_view, 6> kNone{"none", "null", "n/a", "na", "-", "--"};

/// What imperial units leave open: inches of mercury or hPa, feet or inches, miles or knots.
constexpr std::array<std::string_view, 5> kOpenInImperial{"Pa", "m", "m/s", "kg", "m3"};

/// https://weewx.com/docs/5.1/reference/units/: each of WeeWX's systems has one unit for each
/// quantity.
struct WeewxUnits {
    std::string_view code;
    std::string_view pressure;
    std::string_view speed;
    std::string_view rain;
    std::string_view rain_rate;
};
constexpr std::array kWeewx{WeewxUnits{"usunits1", "inHg", "mph", "in", "in/h"},
                            WeewxUnits{"usunits16", "mbar", "km/h", "cm", "cm/h"},
                            WeewxUnits{"usunits17", "mbar", "m/s", "mm", "mm/h"}};

// ---- what values can be in ----------------------------------------------------------------------

struct Beginning {
    std::string_view word;
    std::string_view unit;
};
constexpr std::array kInOneUnit{
    Beginning{"temp", "Cel"},  Beginning{"hum", "%RH"},  Beginning{"press", "Pa"},
    Beginning{"baro", "Pa"},   Beginning{"wind", "m/s"}, Beginning{"gust", "m/s"},
    Beginning{"speed", "m/s"}, Beginning{"rain", "m"},   Beginning{"dist", "m"},
    Beginning{"volt", "V"},    Beginning{"curr", "A"},   Beginning{"power", "W"},
    Beginning{"energy", "J"},  Beginning{"lux", "lx"},   Beginning{"illum", "lx"},
    Beginning{"co2", "ppm"},   Beginning{"batt", "%EL"}};
constexpr std::array<std::string_view, 10> kNoMeasurements{
    "time", "date", "epoch", "seq", "count", "version", "index", "interval", "uptime", "millis"};
constexpr std::array<std::string_view, 10> kNoMeasurement{
    "ts", "t0", "cnt", "fcnt", "fport", "rssi", "snr", "lqi", "linkquality", "port"};

template <std::size_t Size>
bool is_among(std::string_view word, const std::array<std::string_view, Size>& words) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

template <std::size_t Size>
bool starts_with_one(std::string_view word, const std::array<std::string_view, Size>& starts) {
    return std::any_of(starts.begin(), starts.end(),
                       [&](std::string_view start) { return word.starts_with(start); });
}

bool is_digits(std::string_view text) {
    return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

/// One letter, also a small one, and what the table of units knows.
std::string degrees_of(std::string_view text) {
    if (text == "f" || text == "F") return "F";
    if (text == "c" || text == "C") return "C";
    if (text == "k" || text == "K") return "K";
    return conversion(text, "Cel") && !is_digits(text) ? std::string{text} : std::string{};
}

/// Nothing for what is neither true nor false. A number is a truth only where the name asks.
std::optional<bool> truth_of(std::string_view text, bool counts_numbers) {
    const auto word = base::lower(text);
    if (word == "true" || word == "yes" || word == "on") return true;
    if (word == "false" || word == "no" || word == "off") return false;
    if (!counts_numbers || (word != "0" && word != "1")) return std::nullopt;
    return word == "1";
}

/// "is_fahrenheit", "celsius", "useMetric": all of them leave only one other thing.
std::optional<UnitStatement> truth_statement(std::string_view word, std::string_view text) {
    auto stem = word;
    for (const std::string_view start : {"is", "uses", "use", "in"}) {
        if (!stem.starts_with(start)) continue;
        stem.remove_prefix(start.size());
        break;
    }
    const bool is_imperial = stem == "imperial" || stem == "imperialunits";
    const bool is_system = is_imperial || stem == "metric" || stem == "metricunits";
    if (!is_system && stem != "fahrenheit" && stem != "celsius") return std::nullopt;
    const auto truth = truth_of(text, is_system || stem != word);
    if (!truth) return std::nullopt;
    if (is_system) return UnitStatement{{}, *truth == is_imperial ? "imperial" : "metric"};
    return UnitStatement{"temp", *truth == (stem == "fahrenheit") ? "F" : "C"};
}

/// "usUnits" holds a number, which some publishers send as a text: "1", "16.0".
std::string system_of(std::string_view word, std::string_view text) {
    double code = 0;
    const auto* const end = text.data() + text.size();
    const auto read = std::from_chars(text.data(), end, code);
    const bool is_code = read.ec == std::errc{} && read.ptr == end && std::floor(code) == code;
    return word == "usunits" && is_code ? fmt::format("usunits{:.0f}", code) : std::string{text};
}

std::optional<UnitStatement> degree_statement(std::string_view word, std::string_view text) {
    for (const auto ending : kDegreeEndings) {
        if (!word.ends_with(ending)) continue;
        const auto owner = word.substr(0, word.size() - ending.size());
        const bool is_its = owner.empty() ? is_among(ending, kDegreeWords)
                                          : owner.starts_with("temp") || owner == "t";
        const auto degrees = degrees_of(text);
        if (is_its && !degrees.empty()) return UnitStatement{"temp", degrees};
    }
    return std::nullopt;
}

bool is_system(std::string_view text) {
    const auto word = letters_of(text);
    return is_among(word, kImperial) || is_among(word, kMetric) || word.starts_with("usunits");
}

// ---- their meaning ------------------------------------------------------------------------------

/// What a system of units says of a value, in the words of the table of units; empty when nothing.
std::string unit_in_system(std::string_view word, std::string_view name, std::string_view unit) {
    if (unit == "Cel") return is_among(word, kImperial) ? "F" : is_among(word, kMetric) ? "C" : "";
    const auto* known = std::find_if(kWeewx.begin(), kWeewx.end(),
                                     [&](const WeewxUnits& units) { return units.code == word; });
    const auto base = clear_unit(unit);
    if (known == kWeewx.end() || !base) return {};
    const bool is_rain = letters_of(name).find("rain") != std::string::npos;
    if (base->unit == "Pa") return std::string{known->pressure};
    if (base->unit == "m/s") return std::string{is_rain ? known->rain_rate : known->speed};
    return base->unit == "m" && is_rain ? std::string{known->rain} : std::string{};
}

/// As the table of units reads it, for a value of that name.
std::string written_for(std::string_view text, std::string_view name, std::string_view unit) {
    if (unit == "Cel") {
        if (const auto degrees = degrees_of(text); !degrees.empty()) return degrees;
    }
    if (conversion(text, unit)) return std::string{text};
    const auto written = unit_in_system(letters_of(text), name, unit);
    return written.empty() ? std::string{text} : written;
}

/// A system of units says nothing of what has one unit in it. One that is not known may be any.
UnitVerdict judge_system(std::string_view text, std::string_view unit) {
    const auto word = letters_of(text);
    const auto base = clear_unit(unit);
    const bool is_unknown = !is_among(word, kImperial) && !is_among(word, kMetric);
    const bool is_open =
        base && (is_among(base->unit, kOpenInImperial) || (is_unknown && base->unit == "Cel"));
    return {.kind = is_open && !is_among(word, kMetric) ? Kind::unknown : Kind::silent};
}

/// Not "kitchen", nor "12": a room or a flat is called a unit, too.
bool looks_like_unit(std::string_view text) {
    constexpr std::size_t kLongest = 3;
    if (text.find_first_of("0123456789") != std::string_view::npos) return false;
    return text.size() <= kLongest || letters_of(text).size() < text.size() - 1;
}

UnitVerdict judge_misfit(std::string_view text, std::string_view unit, Claim claim) {
    if (is_system(text)) return judge_system(text, unit);
    if (!is_unit(unit) || unit == "/") return {};
    if (is_unit(text)) {
        return {.kind = claim == Claim::other ? Kind::silent : Kind::contradicts};
    }
    const bool is_its =
        claim == Claim::surely ? !is_digits(text) : claim == Claim::alone && looks_like_unit(text);
    return {.kind = is_its ? Kind::unknown : Kind::silent};
}

}  // namespace

std::string letters_of(std::string_view text) {
    std::string word;
    for (const char c : text) {
        if (c >= 'A' && c <= 'Z') {
            word += static_cast<char>(c - 'A' + 'a');
        } else if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) {
            word += c;
        }
    }
    return word;
}

std::optional<UnitStatement> unit_statement(std::string_view member, std::string_view text) {
    constexpr std::size_t kLongest = 64;
    text = base::trimmed(text);
    if (text.empty() || text.size() > kLongest || is_among(base::lower(text), kNone)) return {};
    const auto word = letters_of(member);
    if (word.find("display") != std::string::npos) return {};
    if (auto truth = truth_statement(word, text)) return truth;
    if (is_among(word, kSystems)) return UnitStatement{{}, system_of(word, text)};
    if (text == "true" || text == "false" ||
        text.find_first_not_of("+-.0123456789eE") == std::string_view::npos) {
        return {};
    }
    if (is_among(word, kUnitNames) || word == "system") {
        const bool says = word == "system" ? is_system(text) : is_unit(text) || text == "f";
        return says ? std::optional{UnitStatement{{}, std::string{text}}} : std::nullopt;
    }
    for (const auto ending : kEndings) {
        if (!word.ends_with(ending)) continue;
        auto owner = word.substr(0, word.size() - ending.size());
        if (is_among(owner, kAnyOwner)) owner.clear();
        return UnitStatement{std::move(owner), std::string{text}};
    }
    for (const std::string_view start : {"unitsof", "unitof", "units", "unit"}) {
        const auto owner = word.starts_with(start) ? word.substr(start.size()) : std::string{};
        if (starts_with_one(owner, kQuantities)) return UnitStatement{owner, std::string{text}};
    }
    return degree_statement(word, text);
}

bool is_of(const UnitStatement& statement, std::string_view name, std::string_view unit) {
    constexpr std::size_t kLeast = 3;
    const std::string_view owner = statement.owner;
    if (owner.empty() || owner == name) return true;
    const auto holds = [&](std::string_view outer, std::string_view inner) {
        return inner.size() >= kLeast && outer.find(inner) != std::string_view::npos;
    };
    if (holds(name, owner) || holds(owner, name)) return true;
    if (owner.starts_with("temp")) return unit == "Cel";
    if (owner.starts_with("press") || owner.starts_with("baro")) {
        return conversion("Pa", unit).has_value();
    }
    const bool is_speed = owner.starts_with("speed") || owner.starts_with("wind");
    return is_speed && conversion("m/s", unit).has_value();
}

UnitVerdict judge(const UnitStatement& statement, std::string_view name, std::string_view unit,
                  Claim claim) {
    const bool is_own = !statement.owner.empty();
    const auto text = written_for(statement.text, name, unit);
    if (text == unit) return {.kind = Kind::converts};
    const auto scale = conversion(text, unit);
    const auto named = conversion(unit_in_name(name), unit);
    if (named && named != scale) {
        return {.kind = scale && is_own ? Kind::contradicts : Kind::silent};
    }
    if (scale) return {.kind = Kind::converts, .scale = *scale};
    return judge_misfit(text, unit, is_own ? Claim::surely : claim);
}

bool can_be_in(std::string_view name, std::string_view unit) {
    const auto word = letters_of(name);
    if (is_among(word, kNoMeasurement)) return false;
    const bool is_none =
        std::any_of(kNoMeasurements.begin(), kNoMeasurements.end(),
                    [&](auto part) { return word.find(part) != std::string::npos; });
    if (is_none) return false;
    bool has_unit = false;
    for (const auto& known : kInOneUnit) {
        if (word.find(known.word) == std::string::npos) continue;
        if (conversion(unit, known.unit)) return true;
        has_unit = true;
    }
    return !has_unit;
}

}  // namespace drivers
