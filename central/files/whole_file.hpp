#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"

namespace files {

/// The file that a path of a person's means: where it leads to, when it is a link. Misconfigured
/// when something is there that no file may replace.
base::Result<std::string> replaceable(const std::string& path);

/// A file that is written under another name beside its own, and has its own when it is whole. What
/// nobody finishes goes with this object; what a killed one left is replaced. Faults: exhausted
/// when the disk is full, transient otherwise.
class WholeFile {
  public:
    /// Two that may be written at once need endings of their own.
    explicit WholeFile(std::string path, const std::string& ending = ".part");
    ~WholeFile();
    WholeFile(const WholeFile&) = delete;
    WholeFile& operator=(const WholeFile&) = delete;

    /// Where it is written; something else may do that instead of begin() and add().
    const std::string& partial() const { return partial_; }

    /// Begins it, empty.
    base::Status begin();
    base::Status add(std::string_view text);

    /// Syncs it and gives it its name.
    base::Status finish();

  private:
    base::Error failed(const char* doing) const;

    std::string path_;
    std::string partial_;
    int descriptor_ = -1;
};

}  // namespace files
