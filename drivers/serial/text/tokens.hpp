#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace drivers::serial {

constexpr std::string_view kBlanks = " \t";
constexpr std::string_view kSeparators = ",;|";
constexpr std::string_view kBetween = " \t,;|";
constexpr std::string_view kUnitEnds = " \t,;|()[]";
constexpr std::string_view kSigns = "=:";  // "key:value" is for the Arduino plotter.

void skip(std::string_view& text, std::string_view characters);

/// A letter, a digit or a byte beyond ASCII.
bool is_of_text(char c);

/// Whether a word of it begins with a digit: "23cm" does, "DHT11" does not.
bool has_number(std::string_view text);

/// What stands between two readings.
struct Gap {
    bool is_clear = false;  // More than a single blank.
    bool has_dash = false;  // " - "
};

/// Removes blanks, separators, brackets and a dash with blanks round it.
Gap skip_gap(std::string_view& text);

/// Where a comma, a tab or two blanks end a piece; the size of the text if they do not.
std::size_t wide_gap(std::string_view text);

/// The length of a known unit at the beginning, with the blanks before it: "%", " deg C", " (cm)".
/// 0 if there is none, or if the word is the next label.
std::size_t unit_length(std::string_view text);

/// A unit as unit_length() found it, without blanks and brackets around it.
std::string bare_unit(std::string_view text);

/// Whether a number at the beginning is a label or its first word: "1: 23", "2nd floor: 21".
bool numbered_label(std::string_view text);

/// The length of a label with the blanks behind it, where no sign parts it from its number: of
/// "Temperature 25.09 *C". It ends in a quantity, and a known unit is behind the number; 0 else.
std::size_t label_without_sign(std::string_view text, char decimal_mark);

/// The length of an address at the beginning: 16 hexadecimal digits, eight bytes as a 1-Wire sensor
/// has them, or six as in a MAC address. 0 if there is none.
std::size_t address_length(std::string_view text);

/// Without what loggers put before a line: a time ("12:34:56.789 -> ", "[ 1234 ms ]"), and the
/// level, time and tag of ESP-IDF ("I (1234) main: ").
std::string_view without_stamps(std::string_view line);

}  // namespace drivers::serial
