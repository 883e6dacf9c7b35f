#pragma once

#include <optional>
#include <string>
#include <vector>

namespace advice {

/// The one of `words` that `word` was probably meant to be: the one with the smallest edit
/// distance, if that is small enough.
std::optional<std::string> nearest_word(const std::string& word,
                                        const std::vector<std::string>& words);

}  // namespace advice
