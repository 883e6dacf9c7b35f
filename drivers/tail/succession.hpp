#pragma once

#include <optional>
#include <string>
#include <vector>

#include "drivers/tail/position.hpp"
#include "drivers/tail/siblings.hpp"

namespace drivers::tail {

/// The file that comes after a rotated one, and what cannot be read in between.
struct Succession {
    std::optional<Sibling> next;      // None while no file was created since.
    std::vector<std::string> losses;  // For people.
};

/// What comes after the open file, with the position in it. A copy of that file is not a successor.
Succession after_file(const std::vector<Sibling>& siblings, const FileFacts& own,
                      const Position& position);

/// What comes after a file that is gone: files written after the position saw it last. The first
/// loss is what it held beyond the position.
Succession after_lost_file(const std::vector<Sibling>& siblings, const Position& position);

}  // namespace drivers::tail
