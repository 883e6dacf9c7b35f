#pragma once

#include <string>
#include <string_view>

#include "drivers/tail/data_file.hpp"
#include "drivers/tail/position.hpp"

namespace drivers::tail {

/// The bytes that tell whether a file is still the same: its first ones, and the last ones before
/// the place that is reached.
class Mark {
  public:
    /// Of a file's first `offset` bytes. Transient when it cannot be read or is shorter.
    static base::Result<Mark> of(const DataFile& file, std::uint64_t offset);

    /// The place moved on by these bytes.
    void add(std::string_view bytes);

    void write_to(Position& position) const;

  private:
    std::string head_;
    std::string tail_;
};

/// Whether a file holds what was read of the position's file: the same bytes at its beginning and
/// before the offset. Of a position before the first byte every file does. Transient when it cannot
/// be read.
base::Result<bool> holds(const DataFile& file, const Position& position);

/// The offset after the last newline of the file's first `size` bytes; a last line that is longer
/// than any that is read belongs to what is passed over.
base::Result<std::uint64_t> last_line_of(const DataFile& file, std::uint64_t size);

}  // namespace drivers::tail
