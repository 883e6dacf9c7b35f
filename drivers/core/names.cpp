#include "drivers/core/names.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

#include "base/utf8.hpp"
#include "drivers/core/transliteration.hpp"
#include "wire/identity.hpp"
#include "wire/limits.hpp"

namespace drivers {

namespace {

constexpr std::size_t kShownMax = 48;
constexpr std::string_view kMark = "-x";  // In front of the eight digits of a hash.
constexpr std::size_t kMarkDigits = 8;

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

/// A letter or digit in lower-case ASCII; nothing for what is none.
std::optional<std::string> latin_of(std::optional<char32_t> character) {
    if (!character) return std::nullopt;
    if (*character > 0x7f) {
        const auto latin = transliterated(*character);
        return latin ? std::optional{std::string{*latin}} : std::nullopt;
    }
    const auto c = static_cast<char>(*character);
    const auto lower = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    return is_plain(lower) ? std::optional{std::string{lower}} : std::nullopt;
}

/// Whether a word is the number of a device: "A4CF12", "0x8F20", "70B3D57ED0041234". The case of
/// its digits tells no two devices apart, but firmwares write it differently.
bool is_address(std::string_view word) {
    constexpr std::size_t kLeast = 6;
    constexpr std::size_t kLeastBehind0x = 4;
    const bool has_0x = word.starts_with("0x");
    if (has_0x) word.remove_prefix(2);
    return word.size() >= (has_0x ? kLeastBehind0x : kLeast) &&
           word.find_first_not_of("0123456789ABCDEF") == std::string_view::npos &&
           word.find_first_of("0123456789") != std::string_view::npos;
}

/// The text with its addresses in small letters.
std::string with_small_addresses(std::string_view text) {
    std::string result;
    while (!text.empty()) {
        const auto word = text.substr(0, text.find_first_of("_-"));
        result += is_address(word) ? safe_name(word) : std::string{word};
        text.remove_prefix(word.size());
        if (text.empty()) break;
        result += text.front();
        text.remove_prefix(1);
    }
    return result;
}

/// Whether a name has, in it or at its end, what marked_name() adds: it must not pass for one.
bool is_marked(std::string_view name) {
    for (auto at = name.find(kMark); at != std::string_view::npos; at = name.find(kMark, at + 1)) {
        const auto digits = name.substr(at + kMark.size());
        const auto count = std::min(digits.find_first_not_of("0123456789abcdef"), digits.size());
        if (count != kMarkDigits) continue;
        if (count == digits.size() || digits[count] == '_') return true;
    }
    return false;
}

}  // namespace

bool is_name(std::string_view text) {
    const auto allowed = [](char c) { return is_plain(c) || c == '_' || c == '-'; };
    return !text.empty() && text.size() <= wire::kNameBytesMax && is_plain(text.front()) &&
           std::all_of(text.begin(), text.end(), allowed);
}

std::string safe_name(std::string_view text) {
    std::string name;
    while (!text.empty()) {
        const auto character = base::take_character(text);
        if (const auto latin = latin_of(character)) {
            name += *latin;
        } else if (!name.empty() && is_plain(name.back())) {
            name += character == U'-' ? '-' : '_';
        }
    }
    name.resize(std::min(name.size(), wire::kNameBytesMax));
    while (!name.empty() && !is_plain(name.back())) name.pop_back();
    return name.empty() ? "unnamed" : name;
}

std::string distinct_name(std::string_view text) {
    const auto name = safe_name(text);
    return name == with_small_addresses(text) && !is_marked(name) ? name : marked_name(name, text);
}

std::string marked_name(std::string_view readable, std::string_view exact) {
    const auto hash = wire::fnv1a64(exact);
    const auto mark = fmt::format("{}{:08x}", kMark, ((hash >> 32U) ^ hash) & 0xffffffffU);
    const auto name = safe_name(readable);
    return safe_name(name.substr(0, wire::kNameBytesMax - mark.size())) + mark;
}

std::string shown(std::string_view text) {
    return base::printable(text, kShownMax);
}

std::string unit_trouble(std::string_view quantity, std::string_view unit) {
    if (unit.empty()) return "there is no unit after the colon";
    if (unit == "…") {
        return "write its unit in place of …: Cel, %RH, lx, W, or / for a number without one";
    }
    if (unit == "C" && quantity.find("temp") != std::string_view::npos) {
        return "\"C\" is the unit of electric charge; write Cel";
    }
    if (unit == "F" && quantity.find("temp") != std::string_view::npos) {
        return "\"F\" is the unit of electric capacitance; write degF";
    }
    const auto* found = std::find_if(kMistaken.begin(), kMistaken.end(),
                                     [&](const Mistaken& known) { return known.written == unit; });
    if (found != kMistaken.end()) {
        return fmt::format("\"{}\" is not a SenML unit; write {}", unit, found->meant);
    }
    const auto printable = [](char c) { return c >= ' ' && c <= '~'; };
    if (unit.size() <= kShownMax && std::all_of(unit.begin(), unit.end(), printable)) return {};
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
