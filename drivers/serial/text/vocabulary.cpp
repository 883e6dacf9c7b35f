#include "drivers/serial/text/vocabulary.hpp"

#include <algorithm>
#include <array>

namespace drivers::serial {

namespace {

constexpr std::string_view kDegrees = "degC, degF";
constexpr std::string_view kLengths = "cm, mm, m, in";
constexpr std::string_view kWeights = "g, kg";
constexpr std::string_view kAccelerations = "m/s2, g";

constexpr std::array kQuantities{
    QuantityWord{"temperature", "temperature", "Cel"},
    QuantityWord{"temp", "temperature", "Cel"},
    QuantityWord{"heatindex", "temperature", "Cel", {}, {}, kDegrees},
    QuantityWord{"dewpoint", "temperature", "Cel", {}, {}, kDegrees},
    QuantityWord{"humidity", "humidity", "%RH", 0, 100},
    QuantityWord{"hum", "humidity", "%RH", 0, 100},
    QuantityWord{"rh", "humidity", "%RH", 0, 100},
    QuantityWord{"distance", "distance", "m", 0, {}, kLengths},
    QuantityWord{"dist", "distance", "m", 0, {}, kLengths},
    QuantityWord{"altitude", "altitude", "m", {}, {}, "m, ft"},
    QuantityWord{"motion", "motion", "/", 0, 1},
    QuantityWord{"pir", "motion", "/", 0, 1},
    QuantityWord{"occupied", "occupied", "/", 0, 1},
    QuantityWord{"in_range", "in_range", "/", 0, 1},
    QuantityWord{"pressure", "pressure", "Pa", 0, {}, "hPa, Pa, kPa"},
    QuantityWord{"light", "light", "lx", 0, {}, "lx, or / for a raw number"},
    QuantityWord{"illuminance", "light", "lx", 0, {}},
    QuantityWord{"lux", "light", "lx", 0, {}},
    QuantityWord{"voltage", "voltage", "V", {}, {}, "V, mV"},
    QuantityWord{"current", "current", "A", {}, {}, "mA, A"},
    QuantityWord{"power", "power", "W", {}, {}, "mW, W"},
    QuantityWord{"weight", "mass", "kg", {}, {}, kWeights},
    QuantityWord{"mass", "mass", "kg", {}, {}, kWeights},
    QuantityWord{"acceleration", "acceleration", "m/s2", {}, {}, kAccelerations},
    QuantityWord{"accel", "acceleration", "m/s2", {}, {}, kAccelerations},
    QuantityWord{"co2", "co2", "ppm", 0, {}},
    QuantityWord{"eco2", "co2", "ppm", 0, {}},
    QuantityWord{"tvoc", "tvoc", "ppm", 0, {}, "ppb, ppm"},
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

QuantityAt find_quantity_at(const std::vector<std::string_view>& words, std::size_t at) {
    const auto word = lower_case(words[at]);
    const bool is_numbered =
        at + 1 < words.size() && words[at + 1].find_first_not_of("0123456789") == std::string::npos;
    if (at + 1 < words.size() && !is_numbered) {
        const auto next = lower_case(words[at + 1]);
        for (const std::string_view between : {"", "_"}) {
            const auto* two = find_quantity_word(word + std::string{between} + next);
            if (two != nullptr) return {.quantity = two, .words = 2};
        }
    }
    const auto* one = find_quantity_word(word);
    return {.quantity = one, .words = one == nullptr ? 0U : 1U};
}

bool names_quantity(std::string_view text) {
    const auto words = word_spans(text);
    for (std::size_t at = 0; at < words.size(); ++at) {
        if (find_quantity_at(words, at).quantity != nullptr) return true;
    }
    return false;
}

std::vector<std::string_view> word_spans(std::string_view label) {
    std::vector<std::string_view> words;
    for (std::size_t at = 0; at < label.size();) {
        auto end = at;
        while (end < label.size() && is_of_word(label[end])) ++end;
        if (end > at) words.push_back(label.substr(at, end - at));
        at = std::max(end, at + 1);
    }
    return words;
}

std::vector<std::string> words_of(std::string_view label) {
    std::vector<std::string> words;
    for (const auto word : word_spans(label)) words.push_back(lower_case(word));
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
