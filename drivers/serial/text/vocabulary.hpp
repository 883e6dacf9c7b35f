#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace drivers::serial {

/// A word for a quantity in a label or key.
struct QuantityWord {
    std::string_view word;
    std::string_view kind;
    std::string_view unit;
    std::optional<double> least{};
    std::optional<double> most{};
    bool says_its_unit = true;  // All boards use this unit with the bare word.
};

/// By a word in lower case, with or without a number at its end: "temp2". nullptr if it is none.
const QuantityWord* find_quantity_word(std::string_view word);

/// The words of a label in lower case: "Heat index (°C)" is "heat", "index", "°c". A unit keeps its
/// signs, and what is no letter, digit or sign of a unit separates.
std::vector<std::string> words_of(std::string_view label);

std::string lower_case(std::string_view text);

/// Whether a line speaks of a failure: "Failed to read from DHT sensor!".
bool tells_failure(std::string_view line);

/// Whether a word says how the board is, and so can be no part of a name: "OK", "on", "true".
bool is_state(std::string_view word);

}  // namespace drivers::serial
