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
    Ending{"ug_m3", "ug/m3"}, Ending{"ugm3", "ug/m3"},      Ending{"km_h", "km/h"},
    Ending{"kmh", "km/h"},    Ending{"kph", "km/h"},        Ending{"mm_h", "mm/h"},
    Ending{"in_h", "in/h"},   Ending{"mi_h", "mph"},        Ending{"mph", "mph"},
    Ending{"knots", "kn"},    Ending{"kts", "kn"},          Ending{"m_s", "m/s"},
    Ending{"mps", "m/s"},     Ending{"celsius", "Cel"},     Ending{"tc", "Cel"},
    Ending{"tf", "degF"},     Ending{"fahrenheit", "degF"}, Ending{"hpa", "hPa"},
    Ending{"kpa", "kPa"},     Ending{"psi", "psi"},         Ending{"inhg", "inHg"},
    Ending{"mmhg", "mmHg"},   Ending{"mbar", "hPa"},        Ending{"kwh", "kWh"},
    Ending{"wh", "Wh"},       Ending{"kw", "kW"},           Ending{"mv", "mV"},
    Ending{"ma", "mA"},       Ending{"klx", "klx"},         Ending{"lux", "lx"},
    Ending{"lx", "lx"},       Ending{"ppm", "ppm"},         Ending{"ppb", "ppb"},
    Ending{"dbm", "dBm"},     Ending{"db", "dB"},           Ending{"hz", "Hz"},
    Ending{"mm", "mm"},       Ending{"cm", "cm"},           Ending{"km", "km"},
    Ending{"inches", "in"},   Ending{"feet", "ft"},         Ending{"percent", "/100"},
    Ending{"pct", "/100"},    Ending{"seconds", "s"},
};

/// Ends of names that weather stations write as one word: "windspeedmph", "tempinf", "baromrelin".
constexpr std::array kGlued{Ending{"mph", "mph"}, Ending{"kmh", "km/h"}, Ending{"kph", "km/h"},
                            Ending{"hpa", "hPa"}, Ending{"inhg", "inHg"}};

/// What stands before the "f" or "c" of a temperature in such a name.
constexpr std::array<std::string_view, 9> kGluedTemperatures{"temp",      "tempin",    "tempout",
                                                             "dewpt",     "dewpoint",  "windchill",
                                                             "heatindex", "feelslike", "appartemp"};

/// A few letters are a unit only behind a word that is of it: "phase_a" is no current.
struct Letter {
    std::string_view letter;
    std::string_view unit;
    std::array<std::string_view, 5> words;  // Beginnings of those before it.
};

constexpr std::array kLetters{
    Letter{"in", "in", {"rain", "snow", "precip", "dist", "depth"}},
    Letter{"in", "inHg", {"baro"}},
    Letter{"ft", "ft", {"alt", "height", "depth", "dist", "elev"}},
    Letter{"mi", "mi", {"dist", "range", "visib", "storm", "strike"}},
    Letter{"pa", "Pa", {"baro", "press"}},
    Letter{"bar", "bar", {"press"}},
    Letter{"kn", "kn", {"wind", "gust", "speed"}},
    Letter{"kt", "kn", {"wind", "gust", "speed"}},
    Letter{"m", "m", {"dist", "alt", "height", "depth", "elev"}},
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

/// "temperature_C", "tF", "battery_V", "rain_in".
std::string_view unit_of_letter(const std::vector<std::string>& words) {
    const auto is_of = [&](const Letter& known, const std::string& word) {
        return std::any_of(known.words.begin(), known.words.end(), [&](std::string_view start) {
            if (start.empty()) return false;
            return start.size() == 1 ? word == start : word.starts_with(start);
        });
    };
    const auto found = std::find_if(kLetters.begin(), kLetters.end(), [&](const Letter& known) {
        return known.letter == words.back() &&
               std::any_of(words.begin(), words.end() - 1,
                           [&](const std::string& word) { return is_of(known, word); });
    });
    return found == kLetters.end() ? std::string_view{} : found->unit;
}

/// "temp1f", "tempinf", "dewptf", "indoortempf".
bool is_glued_temperature(std::string_view stem) {
    while (!stem.empty() && is_digit(stem.back())) stem.remove_suffix(1);
    return std::any_of(kGluedTemperatures.begin(), kGluedTemperatures.end(),
                       [&](std::string_view end) { return stem.ends_with(end); });
}

/// Of the last word: "windspeedmph", "dailyrainin". Where "in" may be indoors, it is no unit.
std::string_view unit_glued(std::string_view word) {
    const auto* const found = std::find_if(kGlued.begin(), kGlued.end(), [&](const Ending& ending) {
        return word.ends_with(ending.words);
    });
    if (found != kGlued.end()) return found->unit;
    if (word.ends_with('f') && is_glued_temperature(word.substr(0, word.size() - 1))) return "degF";
    if (word.ends_with('c') && is_glued_temperature(word.substr(0, word.size() - 1))) return "Cel";
    if (!word.ends_with("in")) return {};
    const auto stem = word.substr(0, word.size() - 2);
    if (stem.starts_with("barom")) return "inHg";
    if (stem.find("rainrate") != std::string_view::npos) return "in/h";
    return stem.find("rain") == std::string_view::npos ? std::string_view{} : "in";
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

/// The unit to write for a name that says one which is none of SenML.
std::string_view of_senml(std::string_view unit) {
    constexpr std::array kBetter{
        Ending{"mph", "m/s"}, Ending{"kn", "m/s"},   Ending{"in/h", "mm/h"}, Ending{"in", "mm"},
        Ending{"ft", "m"},    Ending{"mi", "km"},    Ending{"kPa", "hPa"},   Ending{"psi", "hPa"},
        Ending{"bar", "hPa"}, Ending{"inHg", "hPa"}, Ending{"mmHg", "hPa"},  Ending{"klx", "lx"}};
    const auto* const found = std::find_if(
        kBetter.begin(), kBetter.end(), [&](const Ending& known) { return known.words == unit; });
    return found == kBetter.end() ? unit : found->unit;
}

}  // namespace

bool is_of_senml(std::string_view unit) {
    return of_senml(unit) == unit;
}

std::string_view unit_in_name(std::string_view name) {
    const auto words = words_of(name);
    if (words.empty()) return {};
    if (const auto letter = unit_of_letter(words); !letter.empty()) return letter;
    const auto whole = unit_at_end(kEndings, joined(words));
    return whole.empty() ? unit_glued(words.back()) : whole;
}

std::string_view likely_unit(std::string_view name) {
    if (const auto unit = unit_in_name(name); !unit.empty()) return of_senml(unit);
    auto words = words_of(name);
    drop_numbers(words);
    const bool is_other = std::any_of(words.begin(), words.end(), [](const std::string& word) {
        return std::find(kOthers.begin(), kOthers.end(), word) != kOthers.end();
    });
    return is_other ? std::string_view{} : unit_at_end(kSure, joined(words));
}

}  // namespace drivers
