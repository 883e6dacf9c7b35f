#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "drivers/tail/data_file.hpp"
#include "drivers/tail/lasting.hpp"
#include "drivers/tail/mark.hpp"
#include "drivers/tail/options.hpp"
#include "drivers/tail/position.hpp"
#include "drivers/tail/succession.hpp"

namespace drivers::tail {

/// Gives the bytes of a file that grows, through rotations and truncations: of the file that was
/// rotated away to its end first, then of the next one. Knows no lines but their newlines, and asks
/// no clock.
class Follower {
  public:
    /// The options must outlive it.
    Follower(const Options& options, std::optional<Position> saved);

    /// The bytes at the position, at most kChunkBytes: nothing while there are none that a line
    /// could be made of. Valid until the next call. What went wrong is added to `told`; what lasts
    /// is told again once a minute.
    std::string_view read(base::Instant now, std::vector<std::string>& told);

    /// The last read() gave nothing because it looked through a part of an overlong line: there may
    /// be more to read at once.
    bool is_skipping() const { return is_skipping_; }

    /// Goes on by so many bytes of what read() gave; a line ends there. At a file's beginning the
    /// first `header_bytes` of them are those with which every file begins.
    void consume(std::size_t bytes, std::size_t header_bytes);

    /// The file's first bytes, for its header; empty without a file.
    std::string beginning() const;

    /// Nothing before the first look at the disk.
    const std::optional<Position>& position() const { return position_; }

    /// Moves whenever another file, or the same one anew, is read from its beginning.
    std::uint64_t files() const { return files_; }

    /// Bytes of the file that are not consumed.
    std::uint64_t behind() const;

  private:
    using Told = std::vector<std::string>;

    void open(base::Instant now, Told& told);
    base::Status open_first();
    base::Result<bool> find_again();
    std::optional<Sibling> unread_copy() const;
    base::Status give_up(Told& told);
    void adopt(DataFile file, const FileFacts& facts, Mark mark);
    base::Status begin(const std::string& path, bool at_its_end);
    base::Result<bool> fill();
    std::string_view take_chunk(base::Instant now, Told& told);
    void skip(Told& told);
    void look_for_next(base::Instant now, Told& told);
    bool was_replaced(const FileFacts& own);
    base::Status leave_for(const Succession& next, const FileFacts& own, Told& told);

    const Options& options_;
    std::uint64_t path_;
    std::optional<Position> position_;
    std::optional<DataFile> file_;
    Mark mark_;          // Of the position.
    std::string chunk_;  // The bytes at the position, behind what is skipped.
    bool is_skipping_ = false;
    std::uint64_t skipped_ = 0;  // Bytes of an overlong line that were looked through already.
    std::uint64_t files_ = 0;

    std::optional<base::Instant> looked_;   // For another file.
    base::Instant grown_;                   // When the file's size was last seen to change.
    bool missing_ = false;                  // At the last look there was no file to go on with.
    std::optional<base::Instant> rotated_;  // When it was first seen that another took its name.
    Lasting lasting_;
};

}  // namespace drivers::tail
