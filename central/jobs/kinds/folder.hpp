#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"

// Files that jobs leave behind: whole ones only, and not more and more of them.
namespace jobs {

/// "20261129T020000Z": sorts as time does.
std::string stamp_of(base::EventTime time);

/// Makes the folder in one that is there, unless it is there itself. Misconfigured, with what to
/// do, when it cannot be made.
base::Status make_folder(const std::string& path);

/// Names in the folder that are `before`, a stamp, and `after`; the oldest first. Transient when it
/// cannot be read.
base::Result<std::vector<std::string>> stamped_files(const std::string& folder,
                                                     const std::string& before,
                                                     const std::string& after);

/// Removes the oldest of them beyond `keep`, which counts `made`; gives how many. `made` stays,
/// even if a clock that was ahead has made newer ones.
base::Result<std::size_t> rotate(const std::string& folder, const std::string& before,
                                 const std::string& after, std::size_t keep,
                                 const std::string& made);

/// Removes what killed runs have left: files that are `before`, a digit, anything, `after`,
/// ".part".
base::Status clear_partial(const std::string& folder, const std::string& before,
                           const std::string& after);

/// A file that is written under another name beside its own, and is whole when it has that. What is
/// not finished goes with this object; what a killed one left is replaced.
class WholeFile {
  public:
    explicit WholeFile(std::string path);
    ~WholeFile();
    WholeFile(const WholeFile&) = delete;
    WholeFile& operator=(const WholeFile&) = delete;

    const std::string& partial() const { return partial_; }

    /// Begins it, empty. Exhausted when the disk is full, as in add(); transient otherwise.
    base::Status begin();
    base::Status add(const std::string& text);

    /// Syncs it and gives it its name.
    base::Status finish();

  private:
    base::Error failed(const char* doing) const;

    std::string path_;
    std::string partial_;
    int descriptor_ = -1;
};

}  // namespace jobs
