#pragma once

#include <cstdint>
#include <fstream>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "drivers/tables/csv.hpp"

namespace drivers::replay {

/// One row of the file. The text is valid until the next call.
struct Row {
    std::string_view text;    // With its newline, byte for byte.
    std::uint64_t line = 0;   // The physical line on which it begins, from 1.
    bool unreadable = false;  // Too long, or with an unclosed quote.
};

/// Reads a file row by row in constant memory. A row whose quote is not closed within kRowBytesMax,
/// or before the end of the file, ends with its first line: a stray quote costs one line, not the
/// rest of the file.
class RowReader {
  public:
    /// Misconfigured when it is not a readable, regular file. It ends after `bytes_max`, whatever
    /// comes behind.
    static base::Result<RowReader> open(const std::string& path, char separator,
                                        std::optional<std::uint64_t> bytes_max = std::nullopt);

    enum class Outcome {
        row,
        nothing_yet,  // In the middle of an overlong line: call again.
        end,
        failed,  // The file cannot be read just now.
    };
    Outcome next(Row& row);

    /// Moves to a byte at which a row begins.
    void seek(std::uint64_t offset, std::uint64_t line);

    std::uint64_t offset() const { return offset_; }  // After the last row.
    std::uint64_t line() const { return line_; }      // On which the next row begins.
    std::uint64_t size() const { return size_; }      // Of the file when it was opened.

    /// The bytes [from, from + length) of the file.
    base::Result<std::string> bytes(std::uint64_t from, std::size_t length);

  private:
    RowReader(std::unique_ptr<std::ifstream> file, std::uint64_t size, char separator,
              std::optional<std::uint64_t> bytes_max);
    bool fill();
    Outcome give(Row& row, std::size_t length, bool unreadable);
    Outcome skip_overlong(Row& row);

    std::unique_ptr<std::ifstream> file_;
    std::uint64_t size_;
    char separator_;
    std::optional<std::uint64_t> bytes_max_;
    std::string buffer_;
    std::size_t start_ = 0;  // Of the unread part of the buffer.
    bool ended_ = false;     // The buffer holds the last bytes of the file.
    std::uint64_t offset_ = 0;
    std::uint64_t line_ = 1;
    std::uint64_t skipped_ = 0;  // Bytes of an overlong line so far.
};

}  // namespace drivers::replay
