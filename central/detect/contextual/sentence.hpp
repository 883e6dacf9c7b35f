#pragma once

#include <string>

#include "central/detect/contextual/detector.hpp"

namespace detect::contextual {

/// The family as a word for machines: "recent", "shape", "weekly" or "habit".
std::string_view word_of(Family family);

/// What is odd about a reading, for people, as the part of a sentence behind the value: "unlike
/// anything before at this time of day; so far off is about 1 reading in 2000".
std::string sentence_of(const Verdict& verdict);

}  // namespace detect::contextual
