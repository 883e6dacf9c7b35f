#pragma once

#include <cstddef>
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
    std::string_view sent{};  // Units that boards send without saying so; empty: all send `unit`.
};

/// By a word in lower case, with or without a number at its end: "temp2". nullptr if it is none.
const QuantityWord* find_quantity_word(std::string_view word);

/// The quantity of the words at `at`, and how many they are: "temp", "heat index".
struct QuantityAt {
    const QuantityWord* quantity = nullptr;
    std::size_t words = 0;
};
QuantityAt find_quantity_at(const std::vector<std::string_view>& words, std::size_t at);

/// Whether some word of a text is one for a quantity.
bool names_quantity(std::string_view text);

/// The words of a label, as they stand in it.
std::vector<std::string_view> word_spans(std::string_view label);

/// The words of a label in lower case: "Heat index (°C)" is "heat", "index", "°c". A unit keeps its
/// signs, and what is no letter, digit or sign of a unit separates.
std::vector<std::string> words_of(std::string_view label);

std::string lower_case(std::string_view text);

/// Whether a line speaks of a failure: "Failed to read from DHT sensor!".
bool tells_failure(std::string_view line);

/// Whether a word says how the board is, and so can be no part of a name: "OK", "on", "true".
bool is_state(std::string_view word);

}  // namespace drivers::serial
