#pragma once

#include <optional>
#include <string_view>

namespace drivers {

/// A letter of a Latin, Greek or Cyrillic alphabet in lower-case ASCII: "zh" for ж, "u" for Ü;
/// empty for a sign that is not heard (ь, an accent alone). Nothing for any other character.
std::optional<std::string_view> transliterated(char32_t letter);

}  // namespace drivers
