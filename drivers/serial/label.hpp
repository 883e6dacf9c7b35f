#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "drivers/serial/text/vocabulary.hpp"

namespace drivers::serial {

/// What the label or key of a value says: "Temp (°F)" is a temperature in "°f", "distance_left_mm"
/// a distance in "mm".
struct Label {
    std::vector<std::string> words;          // In lower case, without the unit.
    std::string unit;                        // As written, or empty.
    const QuantityWord* quantity = nullptr;  // Nothing when no word, or more than one, says it.
    bool identifies = false;                 // Says which sensor or what kind; not a reading.

    /// The name of its series: "distance_left"; empty when the label is only a unit.
    std::string name() const;
};

/// Whether a label is of a light's colour, whose temperature is nobody's warmth.
bool is_of_colour(const std::vector<std::string>& words);

/// The name of the series of a key.
std::string series_name(std::string_view text);

/// `sent_unit` is the one behind the number, or empty: it helps to tell which word is meant.
Label read_label(std::string_view text, std::string_view sent_unit);

}  // namespace drivers::serial
