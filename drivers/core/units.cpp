#include "drivers/core/units.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "base/text.hpp"

namespace drivers {

namespace {

enum class Clarity { clear, by_quantity };  // Whether only the quantity tells what it means.

struct Written {
    std::string_view text;
    std::string_view unit;  // SenML, without a prefix.
    Scale scale{};
    Clarity clarity = Clarity::clear;
};

constexpr auto kByQuantity = Clarity::by_quantity;
constexpr Scale kFahrenheit{-32, 5, 9};

// Symbols, whose letters have a meaning by their case. Pressures and lengths: NIST SP 811, app. B.
constexpr std::array kSymbols{
    Written{"Cel", "Cel"},
    Written{"degC", "Cel"},
    Written{"degF", "Cel", kFahrenheit},
    Written{"C", "Cel", {}, kByQuantity},
    Written{"C", "C", {}, kByQuantity},
    Written{"F", "Cel", kFahrenheit, kByQuantity},
    Written{"F", "F", {}, kByQuantity},
    Written{"K", "K"},
    Written{"K", "Cel", {-273.15, 1, 1}, kByQuantity},
    Written{"%RH", "%RH"},
    Written{"RH%", "%RH"},
    Written{"%EL", "%EL"},
    Written{"%", "/", {0, 1, 100}},
    Written{"%", "%RH", {}, kByQuantity},
    Written{"%", "%EL", {}, kByQuantity},
    Written{"H", "%RH", {}, kByQuantity},
    Written{"H", "H", {}, kByQuantity},
    Written{"/", "/"},
    Written{"/100", "/", {0, 1, 100}},
    Written{"m", "m"},
    Written{"km", "m", {0, 1000, 1}},
    Written{"cm", "m", {0, 1, 100}},
    Written{"mm", "m", {0, 1, 1000}},
    Written{"um", "m", {0, 1, 1000000}},
    Written{"in", "m", {0, 254, 10000}},
    Written{"ft", "m", {0, 3048, 10000}},
    Written{"mi", "m", {0, 1609344, 1000}},
    Written{"Pa", "Pa"},
    Written{"hPa", "Pa", {0, 100, 1}},
    Written{"kPa", "Pa", {0, 1000, 1}},
    Written{"MPa", "Pa", {0, 1000000, 1}},
    Written{"mb", "Pa", {0, 100, 1}},
    Written{"mbar", "Pa", {0, 100, 1}},
    Written{"bar", "Pa", {0, 100000, 1}},
    Written{"mmHg", "Pa", {0, 1333224, 10000}},
    Written{"inHg", "Pa", {0, 3386389, 1000}},
    Written{"psi", "Pa", {0, 6894757, 1000}},
    Written{"atm", "Pa", {0, 101325, 1}},
    Written{"lx", "lx"},
    Written{"klx", "lx", {0, 1000, 1}},
    Written{"lm", "lm"},
    Written{"cd", "cd"},
    Written{"V", "V"},
    Written{"kV", "V", {0, 1000, 1}},
    Written{"mV", "V", {0, 1, 1000}},
    Written{"uV", "V", {0, 1, 1000000}},
    Written{"A", "A"},
    Written{"mA", "A", {0, 1, 1000}},
    Written{"uA", "A", {0, 1, 1000000}},
    Written{"W", "W"},
    Written{"kW", "W", {0, 1000, 1}},
    Written{"mW", "W", {0, 1, 1000}},
    Written{"uW", "W", {0, 1, 1000000}},
    Written{"J", "J"},
    Written{"Wh", "J", {0, 3600, 1}},
    Written{"kWh", "J", {0, 3600000, 1}},
    Written{"MWh", "J", {0, 3600000000, 1}},
    Written{"VA", "VA"},
    Written{"kVA", "VA", {0, 1000, 1}},
    Written{"var", "var"},
    Written{"kvar", "var", {0, 1000, 1}},
    Written{"Ah", "C", {0, 3600, 1}},
    Written{"mAh", "C", {0, 36, 10}},
    Written{"Ohm", "Ohm"},
    Written{"kOhm", "Ohm", {0, 1000, 1}},
    Written{"MOhm", "Ohm", {0, 1000000, 1}},
    Written{"Hz", "Hz"},
    Written{"kHz", "Hz", {0, 1000, 1}},
    Written{"MHz", "Hz", {0, 1000000, 1}},
    Written{"s", "s"},
    Written{"ms", "s", {0, 1, 1000}},
    Written{"us", "s", {0, 1, 1000000}},
    Written{"min", "s", {0, 60, 1}},
    Written{"h", "s", {0, 3600, 1}},
    Written{"kg", "kg"},
    Written{"g", "kg", {0, 1, 1000}, kByQuantity},
    Written{"g", "m/s2", {0, 9.80665, 1}, kByQuantity},
    Written{"mg", "kg", {0, 1, 1000000}, kByQuantity},
    Written{"lb", "kg", {0, 45359237, 100000000}},
    Written{"oz", "kg", {0, 28349523125, 1000000000000}, kByQuantity},
    Written{"m/s", "m/s"},
    Written{"km/h", "m/s", {0, 10, 36}},
    Written{"kph", "m/s", {0, 10, 36}},
    Written{"mph", "m/s", {0, 4470.4, 10000}},
    Written{"kn", "m/s", {0, 1852, 3600}},
    Written{"m/s2", "m/s2"},
    Written{"rad/s", "rad/s"},
    Written{"rad", "rad"},
    Written{"T", "T"},
    Written{"uT", "T", {0, 1, 1000000}},
    Written{"dB", "dB"},
    Written{"dBm", "dBm"},
    Written{"ppm", "ppm"},
    Written{"ppb", "ppm", {0, 1, 1000}},
    Written{"kg/m3", "kg/m3"},
    Written{"mg/m3", "kg/m3", {0, 1, 1000000}},
    Written{"ug/m3", "kg/m3", {0, 1, 1000000000}},
    Written{"S/m", "S/m"},
    Written{"mS/cm", "S/m", {0, 1, 10}},
    Written{"uS/cm", "S/m", {0, 1, 10000}},
    Written{"m3", "m3"},
    Written{"l", "m3", {0, 1, 1000}},
    Written{"L", "m3", {0, 1, 1000}},
    Written{"ml", "m3", {0, 1, 1000000}},
    Written{"mL", "m3", {0, 1, 1000000}},
    Written{"gal", "m3", {0, 3785.411784, 1000000}},
    Written{"mm/h", "m/s", {0, 1, 3600000}},
    Written{"cm/h", "m/s", {0, 1, 360000}},
    Written{"in/h", "m/s", {0, 254, 36000000}},
    Written{"ft3", "m3", {0, 28316846592, 1000000000000}},
    Written{"m3/s", "m3/s"},
    Written{"m3/h", "m3/s", {0, 1, 3600}},
    Written{"L/min", "m3/s", {0, 1, 60000}},
    Written{"L/s", "m3/s", {0, 1, 1000}},
    Written{"pH", "pH"},
};

struct Word {
    std::string_view word;
    std::string_view symbol;
};

// Words, and symbols that mean the same in any case.
constexpr std::array kWords{
    Word{"celsius", "degC"},   Word{"centigrade", "degC"}, Word{"fahrenheit", "degF"},
    Word{"kelvin", "K"},       Word{"%rh", "%RH"},         Word{"rh%", "%RH"},
    Word{"%r.h", "%RH"},       Word{"%rf", "%RH"},         Word{"percent", "%"},
    Word{"pct", "%"},          Word{"meter", "m"},         Word{"meters", "m"},
    Word{"metre", "m"},        Word{"metres", "m"},        Word{"cm", "cm"},
    Word{"cms", "cm"},         Word{"centimeter", "cm"},   Word{"centimeters", "cm"},
    Word{"centimetre", "cm"},  Word{"centimetres", "cm"},  Word{"mm", "mm"},
    Word{"millimeter", "mm"},  Word{"millimeters", "mm"},  Word{"millimetre", "mm"},
    Word{"millimetres", "mm"}, Word{"in", "in"},           Word{"inch", "in"},
    Word{"inches", "in"},      Word{"ft", "ft"},           Word{"foot", "ft"},
    Word{"feet", "ft"},        Word{"pascal", "Pa"},       Word{"pascals", "Pa"},
    Word{"hpa", "hPa"},        Word{"hectopascal", "hPa"}, Word{"hectopascals", "hPa"},
    Word{"kpa", "kPa"},        Word{"mbar", "mbar"},       Word{"mbars", "mbar"},
    Word{"millibar", "mbar"},  Word{"millibars", "mbar"},  Word{"mmhg", "mmHg"},
    Word{"torr", "mmHg"},      Word{"inhg", "inHg"},       Word{"psi", "psi"},
    Word{"lx", "lx"},          Word{"lux", "lx"},          Word{"lumen", "lm"},
    Word{"lumens", "lm"},      Word{"volt", "V"},          Word{"volts", "V"},
    Word{"millivolt", "mV"},   Word{"millivolts", "mV"},   Word{"amp", "A"},
    Word{"amps", "A"},         Word{"ampere", "A"},        Word{"amperes", "A"},
    Word{"watt", "W"},         Word{"watts", "W"},         Word{"joule", "J"},
    Word{"joules", "J"},       Word{"kwh", "kWh"},         Word{"ohm", "Ohm"},
    Word{"ohms", "Ohm"},       Word{"kohm", "kOhm"},       Word{"kohms", "kOhm"},
    Word{"hz", "Hz"},          Word{"hertz", "Hz"},        Word{"khz", "kHz"},
    Word{"sec", "s"},          Word{"secs", "s"},          Word{"second", "s"},
    Word{"seconds", "s"},      Word{"millis", "ms"},       Word{"msec", "ms"},
    Word{"millisecond", "ms"}, Word{"milliseconds", "ms"}, Word{"usec", "us"},
    Word{"microsecond", "us"}, Word{"microseconds", "us"}, Word{"minute", "min"},
    Word{"minutes", "min"},    Word{"hour", "h"},          Word{"hours", "h"},
    Word{"gram", "g"},         Word{"lbs", "lb"},          Word{"pound", "lb"},
    Word{"pounds", "lb"},      Word{"ounces", "oz"},       Word{"radians/s", "rad/s"},
    Word{"grams", "g"},        Word{"m/s/s", "m/s2"},      Word{"rad/s", "rad/s"},
    Word{"rads/s", "rad/s"},   Word{"db", "dB"},           Word{"dbm", "dBm"},
    Word{"ppm", "ppm"},        Word{"ppb", "ppb"},         Word{"liter", "L"},
    Word{"liters", "L"},       Word{"litre", "L"},         Word{"litres", "L"},
    Word{"ph", "pH"},          Word{"mile", "mi"},         Word{"miles", "mi"},
    Word{"mi/h", "mph"},       Word{"in/hr", "in/h"},      Word{"mm/hr", "mm/h"},
    Word{"l/min", "L/min"},    Word{"l/s", "L/s"},         Word{"km/hr", "km/h"},
    Word{"kt", "kn"},          Word{"kts", "kn"},          Word{"knot", "kn"},
    Word{"knots", "kn"},       Word{"mph", "mph"},         Word{"kmh", "km/h"},
    Word{"klux", "klx"},
};

struct Spelling {
    std::string_view written;
    std::string_view plain;
};

// Signs that are written in several ways; 0xb0 is the degree sign of Latin-1.
constexpr std::array kSpellings{
    Spelling{"℃", "degC"}, Spelling{"℉", "degF"}, Spelling{"Â°", "*"}, Spelling{"°", "*"},
    Spelling{"º", "*"},    Spelling{"˚", "*"},    Spelling{"µ", "u"},  Spelling{"μ", "u"},
    Spelling{"Ω", "Ohm"},  Spelling{"Ω", "Ohm"},  Spelling{"²", "2"},  Spelling{"³", "3"},
    Spelling{"\xb0", "*"}, Spelling{"·", ""},     Spelling{"^", ""},   Spelling{" ", ""},
    Spelling{"\t", ""},
};

std::string respelt(std::string_view text) {
    std::string result;
    while (!text.empty()) {
        const auto found =
            std::find_if(kSpellings.begin(), kSpellings.end(),
                         [&](const Spelling& known) { return text.starts_with(known.written); });
        if (found == kSpellings.end()) {
            result += text.front();
            text.remove_prefix(1);
        } else {
            result += found->plain;
            text.remove_prefix(found->written.size());
        }
    }
    return result;
}

/// "*C", "deg C" and "degrees celsius" are "degC"; nothing when there is no word for degrees.
std::string_view degrees(const std::string& any_case) {
    std::string_view rest = any_case;
    for (const std::string_view word : {"*", "degrees", "degree", "deg."}) {
        if (rest.starts_with(word)) rest.remove_prefix(word.size());
    }
    if (rest.size() == any_case.size()) return {};
    if (rest.starts_with("deg")) rest.remove_prefix(3);
    if (rest == "c" || rest == "celsius" || rest == "centigrade") return "degC";
    if (rest == "f" || rest == "fahrenheit") return "degF";
    return rest == "k" || rest == "kelvin" ? "K" : std::string_view{};
}

bool is_symbol(std::string_view text) {
    return std::any_of(kSymbols.begin(), kSymbols.end(),
                       [&](const Written& known) { return known.text == text; });
}

/// As it stands in the table of symbols; empty when it does not.
std::string symbol_of(std::string_view written) {
    auto text = respelt(written);
    if (is_symbol(text)) return text;
    if (text.ends_with('.')) text.pop_back();
    auto any_case = base::lower(text);
    if (const auto found = degrees(any_case); !found.empty()) return std::string{found};
    if (any_case == "degc") return "degC";
    if (any_case == "degf") return "degF";
    const auto word = std::find_if(kWords.begin(), kWords.end(),
                                   [&](const Word& known) { return known.word == any_case; });
    if (word != kWords.end()) return std::string{word->symbol};
    return is_symbol(text) ? text : std::string{};
}

const Written* find_symbol(std::string_view symbol, std::string_view unit) {
    const auto found = std::find_if(kSymbols.begin(), kSymbols.end(), [&](const Written& known) {
        return known.text == symbol && known.unit == unit;
    });
    return found == kSymbols.end() ? nullptr : &*found;
}

const Written* find_clear(std::string_view symbol) {
    const auto found = std::find_if(kSymbols.begin(), kSymbols.end(), [&](const Written& known) {
        return known.text == symbol && known.clarity == Clarity::clear;
    });
    return found == kSymbols.end() ? nullptr : &*found;
}

/// From one unit into another, both given by how they become the unit without a prefix.
Scale between(const Scale& from, const Scale& to) {
    Scale scale{.add = from.add,
                .multiply = from.multiply * to.divide,
                .divide = from.divide * to.multiply};
    scale.add -= to.add * scale.divide / scale.multiply;
    if (scale.multiply == scale.divide) scale.multiply = scale.divide = 1;
    return scale;
}

}  // namespace

bool is_unit(std::string_view written) {
    return !symbol_of(written).empty();
}

std::optional<Unit> clear_unit(std::string_view written) {
    const auto* found = find_clear(symbol_of(written));
    if (found == nullptr) return std::nullopt;
    return Unit{.unit = found->unit, .scale = found->scale};
}

std::optional<Scale> conversion(std::string_view written, std::string_view unit) {
    const auto symbol = symbol_of(written);
    if (symbol.empty()) return std::nullopt;
    if (const auto* direct = find_symbol(symbol, unit); direct != nullptr) return direct->scale;
    if (symbol == unit) return Scale{};
    const auto* target = find_clear(unit);
    if (target == nullptr) return std::nullopt;
    const auto* source = find_symbol(symbol, target->unit);
    if (source == nullptr) return std::nullopt;
    return between(source->scale, target->scale);
}

}  // namespace drivers
