#pragma once

#include <optional>
#include <string>
#include <vector>

#include "drivers/tail/position.hpp"
#include "drivers/tail/siblings.hpp"

namespace drivers::tail {

/// Which file comes after one that was rotated away, and what cannot be read between the two.
struct Succession {
    std::optional<Sibling> next;  // None while nothing was created since.
    std::vector<std::string> passed_over;
};

/// Of the file that is open, with the position in it. A copy of that file is no successor.
Succession after_file(const std::vector<Sibling>& siblings, const FileFacts& own,
                      const Position& position);

/// Of a file that is gone: those that were written after the position saw it last. What it held
/// beyond the position is the first to be told.
Succession after_lost_file(const std::vector<Sibling>& siblings, const Position& position);

}  // namespace drivers::tail
