#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"

namespace imports {

struct InboxOptions {
    std::string folder;
    std::vector<std::string> match{"*.csv"};  // Of names, as in a shell; case does not matter.
    base::Duration settle = std::chrono::minutes{1};  // A younger file may still be written.
};

/// A file as it lies there.
struct Found {
    std::string name;
    std::uint64_t bytes = 0;
    std::int64_t changed_ms = 0;

    friend bool operator==(const Found&, const Found&) = default;
};

/// A folder into which others put parts, and what becomes of them: they move to `done` or to
/// `refused` in it, each with one rename. Never changes a file, and never replaces one.
class Inbox {
  public:
    explicit Inbox(InboxOptions options) : options_(std::move(options)) {}

    /// Makes the two folders. Misconfigured, with what to do, when they cannot be made.
    base::Status prepare() const;

    struct Look {
        std::vector<Found> ready{};            // By name.
        std::vector<std::string> unsettled{};  // May still be written.
        bool has_more = false;                 // Than kPartsMax are ready: they wait.
        std::vector<std::string> names{};      // Of all, in order.
    };
    /// A run begins at most half of what the book remembers.
    static constexpr std::size_t kPartsMax = 2'048;

    /// What is there now. Misconfigured when the folder cannot be read.
    base::Result<Look> look(base::EventTime now) const;

    /// The file as it is now; nothing when it is gone.
    std::optional<Found> find(const std::string& name) const;

    std::string path(const std::string& name) const;

    base::Status move_to_done(const std::string& name) const;

    /// With the reason beside it, as NAME.reason.txt: before, so that none is ever without.
    base::Status refuse(const std::string& name, const std::string& reason) const;

  private:
    bool is_match(const std::string& name) const;
    std::string folder(const char* which) const;

    InboxOptions options_;
};

/// Whether the last line in the first `bytes` of the file has its end; so has an empty file.
/// Transient when it cannot be read.
base::Result<bool> has_last_newline(const std::string& path, std::uint64_t bytes);

}  // namespace imports
