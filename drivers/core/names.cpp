#include "drivers/core/names.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "wire/limits.hpp"

namespace drivers {

namespace {

constexpr std::size_t kShownMax = 48;

struct Mistaken {
    std::string_view written;
    std::string_view meant;
};

/// Units as people write them but SenML does not; the series would have a wrong unit for ever.
constexpr std::array kMistaken{
    Mistaken{"°C", "Cel"},       Mistaken{"ºC", "Cel"},      Mistaken{"degC", "Cel"},
    Mistaken{"celsius", "Cel"},  Mistaken{"Celsius", "Cel"}, Mistaken{"lux", "lx"},
    Mistaken{"percent", "/100"}, Mistaken{"RH", "%RH"},      Mistaken{"rh", "%RH"},
    Mistaken{"ohm", "Ohm"},      Mistaken{"µg/m³", "ug/m3"}, Mistaken{"μg/m³", "ug/m3"},
};

bool is_plain(char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

}  // namespace

bool is_name(std::string_view text) {
    const auto allowed = [](char c) { return is_plain(c) || c == '_' || c == '-'; };
    return !text.empty() && text.size() <= wire::kNameBytesMax && is_plain(text.front()) &&
           std::all_of(text.begin(), text.end(), allowed);
}

std::string safe_name(std::string_view text) {
    std::string name;
    for (const char raw : text) {
        const char c = lower(raw);
        if (is_plain(c)) {
            name += c;
        } else if (!name.empty() && is_plain(name.back())) {
            name += c == '-' ? '-' : '_';
        }
    }
    name.resize(std::min(name.size(), wire::kNameBytesMax));
    while (!name.empty() && !is_plain(name.back())) name.pop_back();
    return name.empty() ? "unnamed" : name;
}

std::string shown(std::string_view text) {
    std::string result{text.substr(0, kShownMax)};
    std::replace_if(
        result.begin(), result.end(), [](char c) { return c < ' ' || c > '~'; }, '?');
    return text.size() > kShownMax ? result + "..." : result;
}

std::string unit_trouble(std::string_view quantity, std::string_view unit) {
    if (unit.empty()) return "there is no unit after the colon";
    if (unit == "C" && quantity.find("temp") != std::string_view::npos) {
        return "\"C\" is the unit of electric charge; write Cel";
    }
    const auto* found = std::find_if(kMistaken.begin(), kMistaken.end(),
                                     [&](const Mistaken& known) { return known.written == unit; });
    if (found != kMistaken.end()) {
        return fmt::format("\"{}\" is not a SenML unit; write {}", unit, found->meant);
    }
    if (shown(unit) == unit) return {};
    return fmt::format(
        "\"{}\" is not a SenML unit like Cel, %RH, lx, W, or / for a number without one", unit);
}

std::string UniqueNames::add(std::string_view text) {
    const std::string name = safe_name(text);
    std::string candidate = name;
    for (std::size_t number = 2; names_.contains(candidate); ++number) {
        const std::string suffix = "_" + std::to_string(number);
        candidate = name.substr(0, wire::kNameBytesMax - suffix.size()) + suffix;
    }
    names_.insert(candidate);
    return candidate;
}

}  // namespace drivers
