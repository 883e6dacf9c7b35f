#include "drivers/serial/label.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

#include "drivers/core/names.hpp"
#include "drivers/core/units.hpp"

namespace drivers::serial {

namespace {

using Words = std::vector<std::string>;

struct Ending {
    std::string_view written;
    std::string_view unit;
};

// Keys are often in lower case; behind "temp_" a "c" is no coulomb.
constexpr std::array kEndings{
    Ending{"c", "C"}, Ending{"f", "F"},   Ending{"k", "K"},   Ending{"pa", "Pa"},
    Ending{"v", "V"}, Ending{"mv", "mV"}, Ending{"a", "A"},   Ending{"ma", "mA"},
    Ending{"w", "W"}, Ending{"mw", "mW"}, Ending{"kw", "kW"}, Ending{"kwh", "kWh"},
};

// What a number behind them is, is no quantity: "temperature_raw", "humidity_valid".
constexpr std::array<std::string_view, 30> kIdentifying{
    "address", "addresses", "index",  "id",      "pin",   "channel", "resolution", "precision",
    "number",  "count",     "type",   "version", "model", "serial",  "device",     "devices",
    "raw",     "adc",       "offset", "bits",    "valid", "ok",      "status",     "state",
    "error",   "flag",      "alarm",  "age",     "time",  "enabled"};

constexpr std::array<std::string_view, 5> kPrepositions{"for", "of", "from", "at", "on"};

template <class Range, class Word>
bool contains(const Range& words, const Word& word) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

std::string_view ending_unit(std::string_view word) {
    const auto found = std::find_if(kEndings.begin(), kEndings.end(),
                                    [&](const Ending& known) { return known.written == word; });
    return found == kEndings.end() ? word : found->unit;
}

void add_quantity(std::string_view word, std::vector<const QuantityWord*>& found) {
    const auto* known = find_quantity_word(word);
    if (known == nullptr) return;
    const bool is_new = std::none_of(found.begin(), found.end(), [&](const QuantityWord* other) {
        return other->kind == known->kind;
    });
    if (is_new) found.push_back(known);
}

/// One for each quantity that the words name, "heat index" and "in range" too.
std::vector<const QuantityWord*> quantities_in(const Words& words) {
    std::vector<const QuantityWord*> found;
    for (std::size_t i = 0; i < words.size(); ++i) {
        const auto dash = words[i].find('-');
        add_quantity(words[i], found);
        if (dash != std::string::npos) add_quantity(words[i].substr(0, dash), found);
        if (i + 1 == words.size()) continue;
        add_quantity(words[i] + words[i + 1], found);
        add_quantity(words[i] + "_" + words[i + 1], found);
    }
    // "Current temperature" is the temperature of now.
    if (found.size() > 1) {
        std::erase_if(found, [](const auto* known) { return known->word == "current"; });
    }
    if (is_of_colour(words)) {
        std::erase_if(found, [](const auto* known) { return known->kind == "temperature"; });
    }
    return found;
}

const QuantityWord* quantity_in(const Words& words, std::string_view unit) {
    auto found = quantities_in(words);
    if (found.size() > 1 && !unit.empty()) {
        std::erase_if(found, [&](const auto* known) { return !conversion(unit, known->unit); });
    }
    return found.size() == 1 ? found.front() : nullptr;
}

/// Whether the last word of a label can be a unit rather than a word of the name.
bool is_unit_of(std::string_view unit, const QuantityWord* quantity, bool is_alone) {
    if (quantity != nullptr) return conversion(unit, quantity->unit).has_value();
    const auto clear = clear_unit(unit);
    // A time is how long the board has been up, or the like; a single letter names a thing.
    if (!clear || clear->unit == "s" || clear->unit == "/" || unit.size() < 2) return false;
    return !is_alone || unit != "in";
}

/// Whether a label ends like "temperature for device", "sensor address", "max value".
bool is_identifying(const Words& words) {
    if (words.empty()) return false;
    const auto& last = words.back();
    if (words.size() > 1 && last == "value") {
        const auto& before = words[words.size() - 2];
        if (before == "max" || before == "min") return true;
    }
    const bool is_heat_index = words.size() > 1 && words[words.size() - 2] == "heat";
    if (contains(kIdentifying, last)) return !is_heat_index;
    if (last != "sensor" && last != "the") return false;
    return std::any_of(words.begin(), words.end(),
                       [](const auto& word) { return contains(kPrepositions, word); });
}

/// "T", "T1", "T (°C)", with a unit of temperatures in the label or behind the number.
bool is_letter_of_temperature(const Words& words, std::string_view sent_unit) {
    const bool is_letter = !words.empty() && words.size() <= 2 && words.front().front() == 't' &&
                           words.front().find_first_not_of("0123456789", 1) == std::string::npos;
    if (!is_letter) return false;
    const auto unit = words.size() == 2 ? ending_unit(words.back()) : sent_unit;
    return conversion(unit, "Cel").has_value();
}

void take_unit(Label& label) {
    if (label.words.empty()) return;
    const auto unit = ending_unit(label.words.back());
    const bool is_alone = label.words.size() == 1;
    // "lux" is the quantity itself.
    if (is_alone && label.quantity != nullptr) return;
    if (!is_unit_of(unit, label.quantity, is_alone)) return;
    label.unit = std::string{unit};
    label.words.pop_back();
    while (!label.words.empty() && (label.words.back() == "in" || label.words.back() == "deg" ||
                                    label.words.back() == "degrees")) {
        label.words.pop_back();
    }
}

}  // namespace

bool is_of_colour(const Words& words) {
    constexpr std::array<std::string_view, 4> kColour{"color", "colour", "cct", "correlated"};
    return std::any_of(words.begin(), words.end(),
                       [&](const std::string& word) { return contains(kColour, word); });
}

/// A label of plain letters has a plain name, although others may have the same: two keys for one
/// series are told. Letters that a name cannot hold are kept apart by its mark.
std::string series_name(std::string_view text) {
    const bool is_plain = std::all_of(text.begin(), text.end(),
                                      [](char c) { return static_cast<unsigned char>(c) < 0x80U; });
    return is_plain ? safe_name(text) : distinct_name(text);
}

std::string Label::name() const {
    return words.empty() ? std::string{} : series_name(fmt::format("{}", fmt::join(words, "_")));
}

Label read_label(std::string_view text, std::string_view sent_unit) {
    Label label{.words = words_of(text), .unit = {}};
    if (label.words.size() > 1 && label.words.back() == "is") {
        label.words.pop_back();
    } else {
        label.identifies = is_identifying(label.words);
    }
    label.quantity = quantity_in(label.words, sent_unit);
    if (label.quantity == nullptr && is_letter_of_temperature(label.words, sent_unit)) {
        label.quantity = find_quantity_word("temperature");
    }
    take_unit(label);
    // "Hum. %": a sign that fits nothing names nothing.
    std::erase_if(label.words, [](const auto& word) {
        return word.find_first_not_of("*%/^-") == std::string::npos;
    });
    return label;
}

}  // namespace drivers::serial
