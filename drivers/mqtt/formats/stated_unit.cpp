#include "drivers/mqtt/formats/stated_unit.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "drivers/core/identity.hpp"
#include "drivers/core/likely_unit.hpp"

namespace drivers::mqtt {

namespace {

using base::Json;
using Kind = UnitVerdict::Kind;

/// The names of members that say nothing of what they hold: what is around them does.
constexpr std::array<std::string_view, 9> kAnyValue{
    "value", "val", "v", "reading", "state", "number", "measurement", "data", "result"};

/// Objects beside a value that tell more about it: Home Assistant's "attributes".
constexpr std::array<std::string_view, 9> kTellsMore{
    "attributes", "attrs", "attr", "meta", "metadata", "properties", "config", "settings", "info"};

template <std::size_t Size>
bool is_among(std::string_view word, const std::array<std::string_view, Size>& words) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

bool is_digits(std::string_view word) {
    return word.find_first_not_of("0123456789") == std::string_view::npos;
}

std::string name_of(const JsonPath& path) {
    for (auto step = path.rbegin(); step != path.rend(); ++step) {
        const auto word = letters_of(*step);
        if (!is_digits(word) && !is_among(word, kAnyValue)) return word;
    }
    return {};
}

/// What a member holds, as a text; empty for what can say no unit.
std::string text_of(const Json& json) {
    constexpr double kLargestCode = 100;
    if (json.is_string()) return json.string;
    if (json.kind == Json::Kind::boolean) return json.boolean ? "true" : "false";
    const bool is_code = json.is_number() && json.number >= 0 && json.number < kLargestCode;
    return is_code ? fmt::format("{}", json.number) : std::string{};
}

/// A value and in which unit it is recorded.
struct Wanted {
    const Leaf& leaf;
    std::string name;
    std::string_view unit;
};

/// {"values":[70.7,45],"units":["°F","%"]}: the one at the value's place, the only one, or the only
/// one that the value can have.
std::optional<UnitStatement> of_list(const std::string& key, const Json& list,
                                     const Wanted& wanted) {
    const auto at = [&](std::size_t i) { return unit_statement(key, text_of(list.array[i])); };
    const auto& last = wanted.leaf.path.back();
    std::size_t place = list.array.size();
    if (is_digits(last)) std::from_chars(last.data(), last.data() + last.size(), place);
    if (place < list.array.size()) return at(place);
    if (list.array.size() == 1) return at(0);
    std::optional<UnitStatement> fits;
    for (std::size_t i = 0; i < list.array.size(); ++i) {
        const auto says = at(i);
        if (!says || !conversion(says->text, wanted.unit)) continue;
        if (fits) return std::nullopt;
        fits = says;
    }
    return fits;
}

/// {"units":{"temperature":"F"}}
std::optional<UnitStatement> of_object(const std::string& key, const Json& units,
                                       const Wanted& wanted) {
    if (!unit_statement(key, "F")) return std::nullopt;
    for (const auto& [member, json] : units.object) {
        UnitStatement says{.owner = letters_of(member), .text = text_of(json)};
        const bool is_its = member == wanted.leaf.path.back() ||
                            (!says.owner.empty() && is_of(says, wanted.name, wanted.unit));
        if (is_its && !says.text.empty() && !is_digits(says.text)) return says;
    }
    return std::nullopt;
}

std::optional<UnitStatement> statement_of(const std::string& key, const Json& json,
                                          const Wanted& wanted) {
    if (json.is_object()) return of_object(key, json, wanted);
    if (!json.array.empty()) return of_list(key, json, wanted);
    auto says = unit_statement(key, text_of(json));
    return says && is_of(*says, wanted.name, wanted.unit) ? says : std::nullopt;
}

bool is_own(const StatedUnit& stated) {
    return !stated.says.owner.empty();
}

JsonPath member_of(JsonPath object, const std::string& key) {
    object.push_back(key);
    return object;
}

/// Looks for what says the unit of a value, from the inside to the outside.
class Search {
  public:
    Search(Wanted wanted, const std::function<bool(const Leaf&)>& ignores)
        : wanted_(std::move(wanted)), ignores_(ignores) {}

    /// True when nothing nearer can be found any more.
    bool look_at(const Json& object, const JsonPath& path, std::size_t depth) {
        for (const auto& [key, json] : object.object) {
            const bool tells_more = json.is_object() && is_among(letters_of(key), kTellsMore);
            if (tells_more && look_at(json, member_of(path, key), depth)) return true;
            const auto says = statement_of(key, json, wanted_);
            if (!says) continue;
            auto place = member_of(path, key);
            if (place == wanted_.leaf.path || ignores_({.path = place, .value = json})) continue;
            const auto text = text_of(json);
            StatedUnit stated{.member = std::move(place),
                              .depth = depth,
                              .says = *says,
                              .text = text.empty() ? says->text : text};
            if (is_own(stated)) {
                found_ = std::move(stated);
                return true;
            }
            if (!found_) found_ = std::move(stated);
        }
        return false;
    }

    std::optional<StatedUnit> found() && { return std::move(found_); }

  private:
    Wanted wanted_;
    const std::function<bool(const Leaf&)>& ignores_;
    std::optional<StatedUnit> found_;
};

/// Whether another number in an object can be in a unit.
bool has_other_in(const Json& object, const JsonPath& own, std::string_view unit) {
    const auto leaves = leaves_of(object);
    return std::any_of(leaves.begin(), leaves.end(), [&](const Leaf& other) {
        if (!other.value.is_number() || other.path.empty() || other.path == own) return false;
        return !names_identity(other.path.back()) && !says_unit(other) &&
               can_be_in(other.path.back(), unit);
    });
}

Claim claim_of(const StatedUnit& stated, const Json& document, const Leaf& leaf) {
    const auto objects = all_around(document, leaf.path);
    const bool is_beside = stated.depth + 1 == objects.size();
    if (is_beside && is_among(letters_of(leaf.path.back()), kAnyValue)) return Claim::surely;
    const JsonPath own{leaf.path.begin() + static_cast<std::ptrdiff_t>(stated.depth),
                       leaf.path.end()};
    const bool is_shared = has_other_in(*objects.at(stated.depth), own, stated.says.text);
    return is_shared ? Claim::other : Claim::alone;
}

/// Whether the same temperature stands beside it in a unit that its name says, and shows that this
/// one is in degrees Celsius.
bool is_shown_to_be_celsius(const Json& object, const Leaf& leaf) {
    constexpr double kRounded = 0.2;
    if (!leaf.value.is_number()) return false;
    const auto own = letters_of(leaf.path.back());
    const auto celsius = leaf.value.number;
    return std::any_of(object.object.begin(), object.object.end(), [&](const auto& member) {
        const auto word = letters_of(member.key);
        if (!member.value.is_number() || word == own || !word.starts_with(own)) return false;
        const auto unit = unit_in_name(member.key);
        const auto other = member.value.number;
        if (unit == "degF") return std::abs(celsius * 9 / 5 + 32 - other) <= kRounded;
        return unit == "Cel" && std::abs(celsius - other) <= kRounded;
    });
}

}  // namespace

bool says_unit(const Leaf& leaf) {
    return !leaf.path.empty() && unit_statement(leaf.path.back(), text_of(leaf.value));
}

std::optional<StatedUnit> stated_unit(const Json& document, const Leaf& leaf, std::string_view unit,
                                      const std::function<bool(const Leaf&)>& ignores) {
    if (leaf.path.empty()) return std::nullopt;
    const auto objects = all_around(document, leaf.path);
    Search search{{.leaf = leaf, .name = name_of(leaf.path), .unit = unit}, ignores};
    for (auto depth = objects.size(); depth-- > 0;) {
        const JsonPath path{leaf.path.begin(),
                            leaf.path.begin() + static_cast<std::ptrdiff_t>(depth)};
        if (search.look_at(*objects[depth], path, depth)) break;
    }
    return std::move(search).found();
}

UnitVerdict judge(const StatedUnit& stated, const Json& document, const Leaf& leaf,
                  std::string_view unit, const Scale& configured) {
    const auto claim = is_own(stated) ? Claim::surely : claim_of(stated, document, leaf);
    const auto verdict = judge(stated.says, leaf.path.back(), unit, claim);
    if (verdict.kind != Kind::converts) return verdict;
    if (configured != Scale{} && verdict.scale != configured) return {.kind = Kind::contradicts};
    const auto& beside = *all_around(document, leaf.path).back();
    if (verdict.scale != Scale{} && is_shown_to_be_celsius(beside, leaf)) return {};
    return verdict;
}

}  // namespace drivers::mqtt
