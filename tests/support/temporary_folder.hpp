#pragma once

#include <filesystem>
#include <string>

namespace support {

/// A folder of its own under TMPDIR, removed with everything in it at the end.
class TemporaryFolder {
  public:
    /// Throws when the folder cannot be made, because then the test cannot run.
    TemporaryFolder();
    ~TemporaryFolder();
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;

    const std::filesystem::path& path() const { return path_; }

    /// The path of a file in the folder, which need not exist.
    std::string file(const std::string& name) const { return (path_ / name).string(); }

    /// Writes a file, readable by its owner only, and gives its path.
    std::string write(const std::string& name, const std::string& content) const;

  private:
    std::filesystem::path path_;
};

}  // namespace support
