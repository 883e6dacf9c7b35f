#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/reminder.hpp"
#include "drivers/tail/found_file.hpp"
#include "drivers/tail/options.hpp"
#include "drivers/tail/position.hpp"
#include "drivers/tail/succession.hpp"

namespace drivers::tail {

/// Reads a file that grows, through rotations and truncations: first the rotated file to its end,
/// then the next one. Knows nothing about lines but their newlines, and asks no clock.
class Follower {
  public:
    /// The options must outlive it.
    Follower(const Options& options, std::optional<Position> saved);

    using Reports = std::vector<std::string>;

    /// The bytes at the position, at most kRowBytesMax; empty until they hold a line. Valid until
    /// the next call. Whatever goes wrong is added to `reports`; a lasting problem once a minute.
    std::string_view read(base::Instant now, Reports& reports);

    /// The last read() gave nothing because it skipped a part of an overlong line: there may be
    /// more to read at once.
    bool is_skipping() const { return is_skipping_; }

    /// Moves on by `bytes` of what read() gave; a line must end there. At the beginning of a file,
    /// the first `header_bytes` of them are the header that every file begins with.
    void consume(std::size_t bytes, std::size_t header_bytes);

    /// Bytes of the file from an offset on, for a header: at most two rows; empty without a file.
    std::string bytes_at(std::uint64_t offset) const;

    /// The position's header in force, and time and step: what the rows up to it say.
    void note_header(std::uint64_t offset);
    void note_time(base::EventTime time, std::optional<base::Duration> step);

    /// Nothing before the first read().
    const std::optional<Position>& position() const { return position_; }

    /// How many files were opened so far; the same one may count again.
    std::uint64_t files() const { return files_; }

    /// Bytes of the file at the last read().
    std::uint64_t size() const { return position_ ? position_->size : 0; }

    /// Bytes of the file that are not consumed.
    std::uint64_t behind() const;

  private:
    void open(base::Instant now, Reports& reports);
    base::Status open_first();
    base::Result<bool> find_again();
    base::Status give_up(Reports& reports);
    void adopt(FoundFile found);
    base::Status begin(const std::string& path, bool at_its_end);
    base::Result<bool> fill();
    std::string_view next_chunk(base::Instant now, Reports& reports);
    void skip(Reports& reports);
    void check_for_next(base::Instant now, Reports& reports);
    bool was_replaced(const FileFacts& own);
    base::Status leave_for(const Succession& next, const FileFacts& own, Reports& reports);
    void report_lasting(const std::string& trouble, base::Instant now, Reports& reports);

    const Options& options_;
    std::uint64_t path_;
    std::optional<Position> position_;
    std::optional<DataFile> file_;
    Mark mark_;          // Of the position.
    std::string chunk_;  // The bytes at the position, behind what is skipped.
    bool is_skipping_ = false;
    std::uint64_t skipped_ = 0;  // Bytes of an overlong line so far.
    std::uint64_t files_ = 0;

    std::optional<base::Instant> checked_;  // When another file was last searched for.
    base::Instant grown_;                   // When the file's size last changed.
    bool missing_ = false;                  // At the last check there was no file to go on with.
    std::optional<base::Instant> rotated_;  // When another file was first found under its name.
    base::Reminder lasting_{std::chrono::minutes{1}};
};

}  // namespace drivers::tail
