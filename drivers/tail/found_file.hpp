#pragma once

#include <optional>
#include <string>

#include "drivers/tail/data_file.hpp"
#include "drivers/tail/mark.hpp"
#include "drivers/tail/position.hpp"
#include "drivers/tail/siblings.hpp"

namespace drivers::tail {

/// An open file that holds what a position says of it.
struct FoundFile {
    DataFile file;
    FileFacts facts;
    Mark mark;  // Of the position.
};

bool is_file_of(const FileFacts& facts, const Position& position);

/// Finds the position's file under its present name, or else a copy of it, among those beside
/// `path`. Nothing when there is none; transient when the file itself cannot be read.
base::Result<std::optional<FoundFile>> find_file_of(const Position& position,
                                                    const std::string& path);

/// A copy that was rotated away after the position saw the file last. When nothing of the file has
/// been read, its bytes cannot show a truncation, but such a copy does; it is to be read first.
std::optional<Sibling> find_unread_copy(const Position& position, const std::string& path);

}  // namespace drivers::tail
