#include "drivers/serial/meaning.hpp"

#include <algorithm>
#include <array>

#include "drivers/core/names.hpp"

namespace drivers::serial {

namespace {

struct Word {
    std::string_view word;
    std::string_view kind;
    std::string_view unit;
    std::optional<double> least;
    std::optional<double> most;
    bool says_its_unit = true;  // All boards use this unit with the bare word.
};

constexpr std::array<Word, 16> kWords{{
    {"temperature", "temperature", "Cel", {}, {}},
    {"temp", "temperature", "Cel", {}, {}},
    {"humidity", "humidity", "%RH", 0, 100},
    {"distance", "distance", "m", 0, {}},
    {"motion", "motion", "/", 0, 1},
    {"pir", "motion", "/", 0, 1},
    {"occupied", "occupied", "/", 0, 1},
    {"in_range", "in_range", "/", 0, 1},
    {"pressure", "pressure", "Pa", 0, {}, false},
    {"light", "light", "lx", 0, {}},
    {"illuminance", "light", "lx", 0, {}},
    {"lux", "light", "lx", 0, {}},
    {"voltage", "voltage", "V", {}, {}},
    {"current", "current", "A", {}, {}},
    {"power", "power", "W", {}, {}},
    {"co2", "co2", "ppm", 0, {}},
}};

/// A unit that boards send, and the one that is recorded instead (SenML: RFC 8428, RFC 8798).
struct SentUnit {
    std::string_view sent;    // In a mapping.
    std::string_view suffix;  // At the end of a key: "distance_cm".
    std::string_view unit;
    Scale scale;
};

constexpr std::array<SentUnit, 25> kSentUnits{{
    {"Cel", "c", "Cel", {}},
    {"degC", "celsius", "Cel", {}},
    {"degF", "f", "Cel", {-32, 5, 9}},
    {"degF", "fahrenheit", "Cel", {-32, 5, 9}},
    {"%RH", "percent", "%RH", {}},
    {"%RH", "pct", "%RH", {}},
    {"m", "m", "m", {}},
    {"cm", "cm", "m", {0, 1, 100}},
    {"mm", "mm", "m", {0, 1, 1000}},
    {"Pa", "pa", "Pa", {}},
    {"hPa", "hpa", "Pa", {0, 100, 1}},
    {"mbar", "mbar", "Pa", {0, 100, 1}},
    {"kPa", "kpa", "Pa", {0, 1000, 1}},
    {"lx", "lx", "lx", {}},
    {"lx", "lux", "lx", {}},
    {"V", "v", "V", {}},
    {"mV", "mv", "V", {0, 1, 1000}},
    {"A", "a", "A", {}},
    {"mA", "ma", "A", {0, 1, 1000}},
    {"W", "w", "W", {}},
    {"mW", "mw", "W", {0, 1, 1000}},
    {"ppm", "ppm", "ppm", {}},
    {"ms", "ms", "s", {0, 1, 1000}},
    {"us", "us", "s", {0, 1, 1000000}},
    {"%", "", "/", {0, 1, 100}},
}};

/// "temperature", "temperature_roof" and "temperature2" begin with the same word.
const Word* find_word(std::string_view name) {
    const auto first = name.substr(0, name.find_first_of("_-"));
    const auto letters = first.substr(0, first.find_last_not_of("0123456789") + 1);
    const auto found = std::find_if(kWords.begin(), kWords.end(), [&](const Word& known) {
        return known.word == name || known.word == first || known.word == letters;
    });
    return found == kWords.end() ? nullptr : &*found;
}

/// The unit at the end of a key, if it fits the word: "temperature_a" is not in amperes.
const SentUnit* find_suffix(std::string_view name, std::string_view unit) {
    const auto bar = name.rfind('_');
    if (bar == std::string_view::npos) return nullptr;
    const auto suffix = name.substr(bar + 1);
    const auto found = std::find_if(
        kSentUnits.begin(), kSentUnits.end(),
        [&](const SentUnit& known) { return known.suffix == suffix && known.unit == unit; });
    return found == kSentUnits.end() ? nullptr : &*found;
}

Quantity quantity_of(std::string name, const Word& word) {
    return {.name = std::move(name),
            .kind = std::string{word.kind},
            .unit = std::string{word.unit},
            .least = word.least,
            .most = word.most,
            .resolution = std::nullopt};
}

Quantity plain(const std::string& name, std::string_view unit) {
    return {.name = name,
            .kind = name,
            .unit = std::string{unit},
            .least = std::nullopt,
            .most = std::nullopt,
            .resolution = std::nullopt};
}

}  // namespace

std::optional<Meaning> meaning_of_key(std::string_view key) {
    const auto name = safe_name(key);
    const auto* word = find_word(name);
    if (word == nullptr) return std::nullopt;
    if (const auto* sent = find_suffix(name, word->unit); sent != nullptr) {
        return Meaning{.quantity = quantity_of(name.substr(0, name.rfind('_')), *word),
                       .scale = sent->scale};
    }
    if (!word->says_its_unit) return std::nullopt;
    return Meaning{.quantity = quantity_of(name, *word), .scale = {}};
}

Meaning meaning_of_mapping(const std::string& quantity, const std::optional<std::string>& unit) {
    const auto* word = find_word(quantity);
    if (!unit) {
        if (word == nullptr) return meaning_of_any(quantity);
        return {.quantity = quantity_of(quantity, *word), .scale = {}};
    }
    const auto sent = std::find_if(kSentUnits.begin(), kSentUnits.end(),
                                   [&](const SentUnit& known) { return known.sent == *unit; });
    const bool converts = sent != kSentUnits.end();
    const auto recorded = converts ? sent->unit : std::string_view{*unit};
    const auto scale = converts ? sent->scale : Scale{};
    if (word == nullptr || word->unit != recorded) {
        return {.quantity = plain(quantity, recorded), .scale = scale};
    }
    return {.quantity = quantity_of(quantity, *word), .scale = scale};
}

Meaning meaning_of_any(std::string_view key) {
    return {.quantity = plain(safe_name(key), "/"), .scale = {}};
}

}  // namespace drivers::serial
