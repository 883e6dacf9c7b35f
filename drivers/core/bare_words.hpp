#pragma once

#include <string>
#include <string_view>

namespace drivers {

/// Whether a program writes this for a number that it does not have: "nan", "-Infinity", "ovf",
/// "None", in any case.
bool is_no_number(std::string_view word);

/// JSON with quotes round such words, which are not JSON, and round numbers that are too large for
/// a double: {"t":nan,"h":45} becomes {"t":"nan","h":45}, so that one bad number costs itself only.
/// Texts, and all else, stay as they are.
std::string with_quoted_words(std::string_view json);

}  // namespace drivers
