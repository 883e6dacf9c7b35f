#pragma once

#include <string>
#include <string_view>

#include "drivers/tail/data_file.hpp"
#include "drivers/tail/position.hpp"

namespace drivers::tail {

/// The bytes that identify a file: its first ones, and the last ones before the position.
class Mark {
  public:
    /// The mark of a file at an offset. Transient when the file cannot be read or is shorter.
    static base::Result<Mark> of(const DataFile& file, std::uint64_t offset);

    /// Moves the mark on by these bytes.
    void add(std::string_view bytes);

    void write_to(Position& position) const;

  private:
    std::string head_;
    std::string tail_;
};

/// Whether a file has the bytes that a position remembers, at its beginning and before the offset.
/// At offset 0 every file does. Transient when it cannot be read.
base::Result<bool> holds(const DataFile& file, const Position& position);

/// The offset after the last newline in the first `size` bytes of a file. A last line longer than
/// kRowBytesMax is skipped, too.
base::Result<std::uint64_t> last_line_of(const DataFile& file, std::uint64_t size);

}  // namespace drivers::tail
