#pragma once

#include <fstream>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace shell {

/// A file that appears under its name only when all of it is written: until then it stands beside
/// it, and goes when nobody finishes it.
class WholeFile {
  public:
    /// Misconfigured when it cannot be made.
    static base::Result<WholeFile> create(const std::string& path);

    WholeFile(WholeFile&& other) noexcept;
    WholeFile& operator=(WholeFile&&) = delete;
    ~WholeFile();

    base::Status write(std::string_view text);

    /// Puts it in the place of what has the name, once the disk has it.
    base::Status finish();

  private:
    explicit WholeFile(std::string path);

    base::Error cannot(const char* what) const;

    std::string path_;
    std::string part_;
    std::ofstream file_;
};

}  // namespace shell
