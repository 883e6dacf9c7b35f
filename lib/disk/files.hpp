#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace disk {

/// Whether something has this name, be it a link that leads nowhere. An error when that cannot be
/// told: what cannot be looked at is not taken for missing. Errors as those of Files.
base::Result<bool> is_there(const std::string& path);

/// Gives the file or folder to the owner of `like`: what root makes in a place of somebody else's
/// is then theirs. Does nothing for any other user, who may not.
void share_owner(const std::string& path, const std::string& like);

/// Small files that must survive a power cut. Each call is all or nothing, and done when it
/// returns. Misconfigured when the operator must allow it first (a read-only place), else
/// transient.
class Files {
  public:
    virtual ~Files() = default;

    /// The content; nothing when there is no such file.
    virtual base::Result<std::optional<std::string>> read(const std::string& path) const = 0;

    /// Makes the file, or replaces it as a whole. Its owner and permissions are those of `like`,
    /// when there is such a file, as far as we may give them.
    virtual base::Status write(const std::string& path, std::string_view content,
                               const std::string& like) = 0;

    virtual base::Status rename(const std::string& from, const std::string& to) = 0;

    /// It need not be there.
    virtual base::Status remove(const std::string& path) = 0;
};

/// Files of this machine: written beside, synced, renamed, and the folder synced.
class DurableFiles final : public Files {
  public:
    base::Result<std::optional<std::string>> read(const std::string& path) const override;
    base::Status write(const std::string& path, std::string_view content,
                       const std::string& like) override;
    base::Status rename(const std::string& from, const std::string& to) override;
    base::Status remove(const std::string& path) override;

    /// Larger ones are not read.
    static constexpr std::size_t kBytesMax = 1024 * 1024;
};

}  // namespace disk
