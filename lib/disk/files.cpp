#include "disk/files.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <system_error>

namespace disk {

namespace {

using base::Done;
using base::Error;
using base::Fault;

constexpr mode_t kPrivate = S_IRUSR | S_IWUSR;

Error failed(const char* what, const std::string& path) {
    const int code = errno;
    const bool not_ours = code == EROFS || code == EACCES || code == EPERM;
    return {not_ours ? Fault::misconfigured : Fault::transient,
            fmt::format("{} {}: {}", what, path, std::generic_category().message(code))};
}

/// Closes what it was given.
class Descriptor {
  public:
    explicit Descriptor(int number) : number_(number) {}
    ~Descriptor() {
        if (number_ >= 0) close(number_);
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;

    bool is_open() const { return number_ >= 0; }
    int number() const { return number_; }

  private:
    int number_;
};

bool write_all(int file, std::string_view content) {
    while (!content.empty()) {
        const auto written = ::write(file, content.data(), content.size());
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return false;
        content.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
}

/// Syncs the folder, so that the new name is on disk, too.
base::Status sync_folder_of(const std::string& path) {
    const std::filesystem::path name{path};
    const auto folder = name.has_parent_path() ? name.parent_path().string() : std::string{"."};
    const Descriptor opened(open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!opened.is_open() || fsync(opened.number()) != 0) return failed("cannot sync", folder);
    return Done{};
}

base::Status fill(const std::string& path, std::string_view content, const std::string& like) {
    const Descriptor file(
        open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, kPrivate));
    if (!file.is_open()) return failed("cannot write", path);
    struct stat model {};
    if (stat(like.c_str(), &model) == 0) {
        // Only root may change the owner; for any other user it is right already.
        if (fchown(file.number(), model.st_uid, model.st_gid) != 0) errno = 0;
        if (fchmod(file.number(), model.st_mode & 0777U) != 0) return failed("cannot write", path);
    }
    if (!write_all(file.number(), content) || fsync(file.number()) != 0) {
        return failed("cannot write", path);
    }
    return Done{};
}

}  // namespace

base::Result<bool> is_there(const std::string& path) {
    struct stat there {};
    if (lstat(path.c_str(), &there) == 0) return true;
    if (errno == ENOENT) return false;
    return failed("cannot look at", path);
}

void share_owner(const std::string& path, const std::string& like) {
    struct stat model {};
    if (geteuid() != 0 || stat(like.c_str(), &model) != 0) return;
    if (lchown(path.c_str(), model.st_uid, model.st_gid) != 0) errno = 0;
}

base::Result<std::optional<std::string>> DurableFiles::read(const std::string& path) const {
    const Descriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!file.is_open()) {
        if (errno == ENOENT) return std::optional<std::string>{};
        return failed("cannot read", path);
    }
    std::string content(kBytesMax + 1, '\0');
    std::size_t size = 0;
    while (size < content.size()) {
        const auto got = ::read(file.number(), content.data() + size, content.size() - size);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return failed("cannot read", path);
        if (got == 0) break;
        size += static_cast<std::size_t>(got);
    }
    if (size > kBytesMax) return Error{Fault::malformed, path + " is too large"};
    content.resize(size);
    content.shrink_to_fit();
    return std::optional{std::move(content)};
}

base::Status DurableFiles::write(const std::string& path, std::string_view content,
                                 const std::string& like) {
    const auto beside = path + ".new";
    if (auto filled = fill(beside, content, like); !filled) {
        unlink(beside.c_str());
        return filled;
    }
    return rename(beside, path);
}

base::Status DurableFiles::rename(const std::string& from, const std::string& to) {
    if (std::rename(from.c_str(), to.c_str()) != 0) return failed("cannot replace", to);
    return sync_folder_of(to);
}

base::Status DurableFiles::remove(const std::string& path) {
    // Checked first: a read-only place refuses to remove even what is not there.
    const auto there = is_there(path);
    if (!there) return there.error();
    if (!there.value()) return Done{};
    if (unlink(path.c_str()) != 0) return failed("cannot remove", path);
    return sync_folder_of(path);
}

}  // namespace disk
