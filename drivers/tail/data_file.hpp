#pragma once

#include <cstdint>
#include <string>

#include "base/result.hpp"

namespace drivers::tail {

/// What the file system knows about a file.
struct FileFacts {
    std::uint64_t device = 0;
    std::uint64_t inode = 0;
    std::uint64_t size = 0;
    std::uint64_t links = 0;       // Names it still has.
    std::int64_t modified_us = 0;  // Since 1970.

    bool is_same_file(const FileFacts& other) const {
        return device == other.device && inode == other.inode;
    }
};

/// The facts of the regular file at a path; follows links. Transient when it is absent or not a
/// regular file.
base::Result<FileFacts> facts_of(const std::string& path);

/// A regular file that is open for reading; it stays the same file when its name changes. Has no
/// read position and no buffer.
class DataFile {
  public:
    /// Transient when it is absent, unreadable or not a regular file. Never blocks, not even on a
    /// pipe.
    static base::Result<DataFile> open(const std::string& path);

    ~DataFile();
    DataFile(DataFile&& other) noexcept;
    DataFile& operator=(DataFile&& other) noexcept;

    base::Result<FileFacts> facts() const;

    /// At most `most` bytes from an offset on; fewer at the end of the file.
    base::Result<std::string> bytes(std::uint64_t from, std::size_t most) const;

    const std::string& path() const { return path_; }  // Under which it was opened.

  private:
    DataFile(int descriptor, std::string path) : descriptor_(descriptor), path_(std::move(path)) {}

    int descriptor_;
    std::string path_;
};

}  // namespace drivers::tail
