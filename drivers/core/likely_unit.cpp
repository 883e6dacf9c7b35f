#include "drivers/core/likely_unit.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <vector>

namespace drivers {

namespace {

struct Ending {
    std::string_view words;  // In lower case, with "_" between them.
    std::string_view unit;
};

// The longest first: "mm_h" is no "h". What may be something else ("min", "in", "m") is not here.
constexpr std::array kEndings{
    Ending{"ug_m3", "ug/m3"},     Ending{"ugm3", "ug/m3"},   Ending{"km_h", "km/h"},
    Ending{"kmh", "km/h"},        Ending{"kph", "km/h"},     Ending{"mm_h", "mm/h"},
    Ending{"m_s", "m/s"},         Ending{"mps", "m/s"},      Ending{"celsius", "Cel"},
    Ending{"tc", "Cel"},          Ending{"tf", "degF"},      Ending{"tempc", "Cel"},
    Ending{"fahrenheit", "degF"}, Ending{"tempf", "degF"},   Ending{"hpa", "hPa"},
    Ending{"mbar", "hPa"},        Ending{"kwh", "kWh"},      Ending{"wh", "Wh"},
    Ending{"kw", "kW"},           Ending{"mv", "mV"},        Ending{"ma", "mA"},
    Ending{"lux", "lx"},          Ending{"lx", "lx"},        Ending{"ppm", "ppm"},
    Ending{"ppb", "ppb"},         Ending{"dbm", "dBm"},      Ending{"db", "dB"},
    Ending{"hz", "Hz"},           Ending{"mm", "mm"},        Ending{"cm", "cm"},
    Ending{"km", "km"},           Ending{"percent", "/100"}, Ending{"pct", "/100"},
    Ending{"seconds", "s"},
};

/// One letter is a unit only behind a word that is of it: "phase_a" is no current.
struct Letter {
    std::string_view letter;
    std::string_view unit;
    std::array<std::string_view, 4> words;  // Beginnings of those before it.
};

constexpr std::array kLetters{
    Letter{"c", "Cel", {"temp", "dew", "setpoint", "t"}},
    Letter{"f", "degF", {"temp", "dew", "setpoint", "t"}},
    Letter{"v", "V", {"volt", "batt", "supply", "vcc"}},
    Letter{"a", "A", {"curr", "amp", "load", "batt"}},
    Letter{"w", "W", {"power", "watt", "load", "apower"}},
};

constexpr std::array kSure{
    Ending{"temperature", "Cel"}, Ending{"temp", "Cel"},
    Ending{"dewpoint", "Cel"},    Ending{"dew_point", "Cel"},
    Ending{"humidity", "%RH"},    Ending{"hum", "%RH"},
    Ending{"rh", "%RH"},          Ending{"co2", "ppm"},
    Ending{"eco2", "ppm"},        Ending{"rssi", "dBm"},
    Ending{"snr", "dB"},          Ending{"linkquality", "/"},
    Ending{"lqi", "/"},           Ending{"count", "/"},
    Ending{"counter", "/"},       Ending{"ok", "/"},
    Ending{"uv_index", "/"},
};

/// With one of these beside it, a temperature or a humidity is another thing.
constexpr std::array<std::string_view, 22> kOthers{
    "color", "colour",   "mired", "kelvin", "unit",       "offset", "calibration", "threshold",
    "alarm", "trend",    "state", "status", "correction", "delta",  "diff",        "difference",
    "soil",  "absolute", "abs",   "raw",    "adc",        "level"};

bool is_upper(char c) {
    return c >= 'A' && c <= 'Z';
}

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

bool is_of_word(char c) {
    return is_upper(c) || is_digit(c) || (c >= 'a' && c <= 'z');
}

/// "outTempF" is "out", "temp", "f", and "pressure_hPa" "pressure", "hpa".
std::vector<std::string> words_of(std::string_view name) {
    std::vector<std::string> words;
    char before = ' ';
    for (const char c : name) {
        const bool is_hump = is_upper(c) && before >= 'a' && before <= 'z';
        const bool begins = !is_of_word(before) || (is_hump && words.back().size() > 1);
        if (is_of_word(c)) {
            if (begins) words.emplace_back();
            words.back() += is_upper(c) ? static_cast<char>(c - 'A' + 'a') : c;
        }
        before = c;
    }
    return words;
}

std::string joined(const std::vector<std::string>& words) {
    std::string result;
    for (const auto& word : words) result += (result.empty() ? "" : "_") + word;
    return result;
}

/// Whether whole words at the end are these.
bool ends_with(std::string_view name, std::string_view words) {
    if (!name.ends_with(words)) return false;
    return name.size() == words.size() || name[name.size() - words.size() - 1] == '_';
}

template <std::size_t Size>
std::string_view unit_at_end(const std::array<Ending, Size>& endings, std::string_view name) {
    const auto found = std::find_if(endings.begin(), endings.end(), [&](const Ending& ending) {
        return ends_with(name, ending.words);
    });
    return found == endings.end() ? std::string_view{} : found->unit;
}

/// "temperature_C", "tF", "battery_V".
std::string_view unit_of_letter(const std::vector<std::string>& words) {
    const auto found = std::find_if(kLetters.begin(), kLetters.end(), [&](const Letter& known) {
        return known.letter == words.back();
    });
    if (found == kLetters.end()) return {};
    const bool is_of_it = std::any_of(words.begin(), words.end() - 1, [&](const auto& word) {
        return std::any_of(found->words.begin(), found->words.end(), [&](std::string_view start) {
            return start.size() == 1 ? word == start : word.starts_with(start);
        });
    });
    return is_of_it ? found->unit : std::string_view{};
}

/// Which of several it is says nothing of its unit: "temperature_1", "temp2".
void drop_numbers(std::vector<std::string>& words) {
    const auto is_number = [](const std::string& word) {
        return std::all_of(word.begin(), word.end(), is_digit);
    };
    while (words.size() > 1 && is_number(words.back())) words.pop_back();
    if (words.empty() || words.back().ends_with("co2")) return;
    auto& last = words.back();
    while (last.size() > 1 && is_digit(last.back())) last.pop_back();
}

}  // namespace

std::string_view unit_in_name(std::string_view name) {
    const auto words = words_of(name);
    if (words.empty()) return {};
    const auto letter = unit_of_letter(words);
    return letter.empty() ? unit_at_end(kEndings, joined(words)) : letter;
}

std::string_view likely_unit(std::string_view name) {
    if (const auto unit = unit_in_name(name); !unit.empty()) return unit;
    auto words = words_of(name);
    drop_numbers(words);
    const bool is_other = std::any_of(words.begin(), words.end(), [](const std::string& word) {
        return std::find(kOthers.begin(), kOthers.end(), word) != kOthers.end();
    });
    return is_other ? std::string_view{} : unit_at_end(kSure, joined(words));
}

}  // namespace drivers
