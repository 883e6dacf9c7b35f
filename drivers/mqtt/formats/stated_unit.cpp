#include "drivers/mqtt/formats/stated_unit.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "drivers/core/identity.hpp"
#include "drivers/core/likely_unit.hpp"

namespace drivers::mqtt {

namespace {

using base::Json;
using Kind = UnitVerdict::Kind;

constexpr std::array<std::string_view, 4> kEndings{"unitofmeasurement", "units", "unit", "uom"};

/// The names of members that say nothing of what they hold: what is around them does.
constexpr std::array<std::string_view, 4> kAnyValue{"value", "val", "v", "reading"};
constexpr std::array<std::string_view, 8> kImperial{
    "imperial", "us", "uscs", "uscustomary", "english", "usunits1", "imperialunits", "usa"};
constexpr std::array<std::string_view, 6> kMetric{"metric",    "si",        "metricwx",
                                                  "usunits16", "usunits17", "metricunits"};

/// What imperial units leave open: inches of mercury or hPa, feet or inches, miles or knots.
constexpr std::array<std::string_view, 5> kOpenInImperial{"Pa", "m", "m/s", "kg", "m3"};

template <std::size_t Size>
bool is_among(std::string_view word, const std::array<std::string_view, Size>& words) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

/// The letters and digits, in lower case.
std::string word_of(std::string_view text) {
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

/// "temperature_unit" is of "temperature", "unit" of "". Nothing for what names no unit.
std::optional<std::string> owner_of(std::string_view member) {
    // Most members do not end like one: a document may have a thousand, and each is asked for each.
    if (member.find_last_of("tTsSmM") != member.size() - 1) return std::nullopt;
    const auto word = word_of(member);
    for (const auto ending : kEndings) {
        if (word.ends_with(ending)) return word.substr(0, word.size() - ending.size());
    }
    return std::nullopt;
}

std::string name_of(const JsonPath& path) {
    for (auto step = path.rbegin(); step != path.rend(); ++step) {
        const auto word = word_of(*step);
        const bool is_number = word.find_first_not_of("0123456789") == std::string::npos;
        if (!is_number && !is_among(word, kAnyValue)) return word;
    }
    return {};
}

/// Whether a unit of `owner` is one of a value called `name` that is recorded in `unit`.
bool is_of(std::string_view owner, std::string_view name, std::string_view unit) {
    constexpr std::size_t kLeast = 3;
    if (owner.find("display") != std::string_view::npos) return false;
    if (owner == name) return true;
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

/// The text of a member that says a unit. WeeWX writes its system of units as a number.
std::string text_of(const Json& json, std::string_view owner) {
    if (json.is_string()) return json.string;
    if (json.is_count() && owner == "us") return fmt::format("usunits{}", json.count());
    return {};
}

/// Degrees as one letter in lower case, and systems of units, in the words of the table of units.
std::string meant(const std::string& text, std::string_view unit) {
    const auto word = word_of(text);
    if (unit == "Cel") {
        if (is_among(word, kImperial) || text == "f") return "F";
        if (is_among(word, kMetric) || text == "c") return "C";
        if (text == "k") return "K";
    }
    return text;
}

bool is_system(std::string_view text) {
    const auto word = word_of(text);
    return is_among(word, kImperial) || is_among(word, kMetric);
}

/// A system of units says nothing of what has one unit in it.
UnitVerdict judge_system(std::string_view text, std::string_view unit) {
    const auto base = clear_unit(unit);
    const bool is_open =
        is_among(word_of(text), kImperial) && base && is_among(base->unit, kOpenInImperial);
    return {.kind = is_open ? Kind::unknown : Kind::silent};
}

std::size_t numbers_in(const Json& object) {
    return static_cast<std::size_t>(
        std::count_if(object.object.begin(), object.object.end(), [](const auto& member) {
            return member.value.is_number() && !names_identity(member.key);
        }));
}

/// Whether the same temperature stands beside it in a unit that its name says, and shows that this
/// one is in degrees Celsius.
bool is_shown_to_be_celsius(const Json& object, const Leaf& leaf) {
    constexpr double kRounded = 0.2;
    if (!leaf.value.is_number()) return false;
    const auto own = word_of(leaf.path.back());
    const auto celsius = leaf.value.number;
    return std::any_of(object.object.begin(), object.object.end(), [&](const auto& member) {
        const auto word = word_of(member.key);
        if (!member.value.is_number() || word == own || !word.starts_with(own)) return false;
        const auto unit = unit_in_name(member.key);
        const auto other = member.value.number;
        if (unit == "degF") return std::abs(celsius * 9 / 5 + 32 - other) <= kRounded;
        return unit == "Cel" && std::abs(celsius - other) <= kRounded;
    });
}

}  // namespace

std::optional<StatedUnit> stated_unit(const Json& document, const Leaf& leaf, std::string_view unit,
                                      const std::function<bool(const Leaf&)>& ignores) {
    const auto objects = all_around(document, leaf.path);
    const auto name = name_of(leaf.path);
    std::optional<StatedUnit> any;
    for (auto depth = objects.size(); depth-- > 0;) {
        for (const auto& [key, json] : objects[depth]->object) {
            const auto owner = owner_of(key);
            if (!owner) continue;
            const bool is_any = owner->empty() || *owner == "us";
            if (!is_any && !is_of(*owner, name, unit)) continue;
            StatedUnit stated{.member = {.path = {}, .value = json},
                              .text = text_of(json, *owner),
                              .is_own = !is_any};
            auto& path = stated.member.path;
            path.assign(leaf.path.begin(), leaf.path.begin() + static_cast<std::ptrdiff_t>(depth));
            path.push_back(key);
            // {"units":{"temperature":"F"}}
            if (const auto* inner = json.find(leaf.path.back()); inner != nullptr) {
                stated.text = text_of(*inner, {});
                stated.is_own = true;
            }
            if (stated.text.empty() || ignores(stated.member)) continue;
            if (stated.is_own) return stated;
            if (!any) any = std::move(stated);
        }
    }
    return any;
}

UnitVerdict judge(const StatedUnit& stated, const Json& document, const Leaf& leaf,
                  std::string_view unit, const Scale& configured) {
    const auto text = meant(stated.text, unit);
    const auto scale = conversion(text, unit);
    const auto named = conversion(unit_in_name(leaf.path.back()), unit);
    if (named && named != scale) {
        return {.kind = scale && stated.is_own ? Kind::contradicts : Kind::silent};
    }
    const auto objects = all_around(document, leaf.path);
    if (!scale) {
        if (is_system(text)) return judge_system(text, unit);
        if (!is_unit(text)) return {.kind = stated.is_own ? Kind::unknown : Kind::silent};
        const auto& beside = *objects.at(stated.member.path.size() - 1);
        const bool is_its = stated.is_own || numbers_in(beside) == 1;
        return {.kind = is_its && is_unit(unit) && unit != "/" ? Kind::contradicts : Kind::silent};
    }
    if (configured != Scale{} && *scale != configured) return {.kind = Kind::contradicts};
    if (*scale != Scale{} && is_shown_to_be_celsius(*objects.back(), leaf)) return {};
    return {.kind = Kind::converts, .scale = *scale};
}

}  // namespace drivers::mqtt
