#include "drivers/serial/text/vocabulary.hpp"

#include <algorithm>
#include <array>

namespace drivers::serial {

namespace {

constexpr bool kNeedsUnit = false;

constexpr std::array kQuantities{
    QuantityWord{"temperature", "temperature", "Cel"},
    QuantityWord{"temp", "temperature", "Cel"},
    QuantityWord{"heatindex", "temperature", "Cel", {}, {}, kNeedsUnit},
    QuantityWord{"dewpoint", "temperature", "Cel", {}, {}, kNeedsUnit},
    QuantityWord{"humidity", "humidity", "%RH", 0, 100},
    QuantityWord{"hum", "humidity", "%RH", 0, 100},
    QuantityWord{"rh", "humidity", "%RH", 0, 100},
    QuantityWord{"distance", "distance", "m", 0, {}},
    QuantityWord{"altitude", "altitude", "m", {}, {}, kNeedsUnit},
    QuantityWord{"motion", "motion", "/", 0, 1},
    QuantityWord{"pir", "motion", "/", 0, 1},
    QuantityWord{"occupied", "occupied", "/", 0, 1},
    QuantityWord{"in_range", "in_range", "/", 0, 1},
    QuantityWord{"pressure", "pressure", "Pa", 0, {}, kNeedsUnit},
    QuantityWord{"light", "light", "lx", 0, {}},
    QuantityWord{"illuminance", "light", "lx", 0, {}},
    QuantityWord{"lux", "light", "lx", 0, {}},
    QuantityWord{"voltage", "voltage", "V"},
    QuantityWord{"current", "current", "A"},
    QuantityWord{"power", "power", "W"},
    QuantityWord{"co2", "co2", "ppm", 0, {}},
    QuantityWord{"tvoc", "tvoc", "ppm", 0, {}, kNeedsUnit},
};

// In lower case. "CRC" alone is no failure: examples print it with every reading.
constexpr std::array<std::string_view, 15> kFailures{
    "fail",      "error",        "time out",  "timeout",      "timed out",
    "not found", "could not",    "couldn't",  "cannot",       "can't",
    "unable",    "disconnected", "not valid", "check wiring", "no sensor",
};

constexpr std::array<std::string_view, 12> kStates{
    "ok", "on", "off", "true", "false", "yes", "no", "ready", "none", "err", "fail", "error",
};

bool is_plain(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/// A character of a word, a sign of a unit, or a byte of a character beyond ASCII.
bool is_of_word(char c) {
    return is_plain(c) || c == '-' || c == '*' || c == '%' || c == '/' || c == '^' ||
           static_cast<unsigned char>(c) >= 0x80U;
}

}  // namespace

const QuantityWord* find_quantity_word(std::string_view word) {
    const auto letters = word.substr(0, word.find_last_not_of("0123456789") + 1);
    const auto found = std::find_if(
        kQuantities.begin(), kQuantities.end(),
        [&](const QuantityWord& known) { return known.word == word || known.word == letters; });
    return found == kQuantities.end() ? nullptr : &*found;
}

std::vector<std::string> words_of(std::string_view label) {
    std::vector<std::string> words;
    std::string word;
    const auto end_word = [&] {
        if (!word.empty()) words.push_back(lower_case(word));
        word.clear();
    };
    for (const char c : label) {
        if (is_of_word(c)) {
            word += c;
        } else {
            end_word();
        }
    }
    end_word();
    return words;
}

std::string lower_case(std::string_view text) {
    std::string result{text};
    std::transform(result.begin(), result.end(), result.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    return result;
}

bool tells_failure(std::string_view line) {
    const auto text = lower_case(line);
    return std::any_of(kFailures.begin(), kFailures.end(), [&](std::string_view words) {
        return text.find(words) != std::string::npos;
    });
}

bool is_state(std::string_view word) {
    return std::find(kStates.begin(), kStates.end(), lower_case(word)) != kStates.end();
}

}  // namespace drivers::serial
