#include "sqlite/place.hpp"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>

namespace sqlite {

namespace {

using base::Done;
using base::Error;
using base::Fault;
using base::Status;

constexpr std::size_t kBeginningBytes = 512;
// Where SQLite locks a file (os.h: PENDING_BYTE and what follows).
constexpr off_t kLocksAt = 0x40000000;
constexpr off_t kLockBytes = 512;

Error wrong(std::string what) {
    return {Fault::misconfigured, std::move(what)};
}

/// A disk that is read-only may be so for a while only, as after an error of a card.
Error unwritable(const std::string& what, int error, const std::string& program) {
    if (error == EROFS) {
        return {Fault::transient, fmt::format("{} cannot be written: its disk is read-only", what)};
    }
    return wrong(fmt::format("{} cannot be written ({}): chown it to the user of {}", what,
                             std::strerror(error), program));
}

Status inspect_folder(const std::string& path, const std::string& program) {
    const std::filesystem::path file{path};
    const auto folder = file.has_parent_path() ? file.parent_path() : std::filesystem::path{"."};
    std::error_code error;
    if (!std::filesystem::is_directory(folder, error)) {
        return wrong(
            fmt::format("there is no folder {0} for {1}: mkdir -p {0}", folder.string(), path));
    }
    if (access(folder.c_str(), W_OK | X_OK) == 0) return Done{};
    return unwritable("the folder " + folder.string(), errno, program);
}

/// A text has lines. A database has zeros among its first bytes, and a damaged one no lines.
bool is_text(int file) {
    std::array<char, kBeginningBytes> beginning{};
    const auto size = std::max<ssize_t>(::read(file, beginning.data(), beginning.size()), 0);
    const auto end = beginning.begin() + size;
    return std::find(beginning.begin(), end, '\n') != end &&
           std::all_of(beginning.begin(), end, [](char c) {
               return (c >= ' ' && c < 0x7f) || c == '\n' || c == '\r' || c == '\t';
           });
}

Status inspect_file(const std::string& path, const std::string& key, const std::string& program) {
    const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (file < 0 || access(path.c_str(), W_OK) != 0) {
        const int error = errno;
        if (file >= 0) ::close(file);
        return unwritable(path, error, program);
    }
    const bool is_readable = is_text(file);
    ::close(file);
    if (!is_readable) return Done{};
    return wrong(fmt::format("{} is a text file and no database: give another {}", path, key));
}

}  // namespace

Status inspect_place(const std::string& path, const std::string& key, const std::string& program) {
    if (path.empty()) return wrong(fmt::format("{} is empty: it names a file", key));
    struct stat file {};
    const bool exists = stat(path.c_str(), &file) == 0;
    if (exists && S_ISDIR(file.st_mode)) {
        return wrong(
            fmt::format("{0} is a folder: {1} names a file, such as {0}/leat.db", path, key));
    }
    if (exists && !S_ISREG(file.st_mode)) {
        return wrong(
            fmt::format("{} is no file that can hold a database: give another {}", path, key));
    }
    if (auto inspected = inspect_folder(path, program); !inspected) return inspected;
    return exists ? inspect_file(path, key, program) : Done{};
}

void make_private(const std::string& path) {
    const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0640);
    if (file >= 0) ::close(file);
}

std::optional<int> holder_of(const std::string& path) {
    const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (file < 0) return std::nullopt;
    struct flock lock {};
    lock.l_type = F_WRLCK;
    lock.l_whence = SEEK_SET;
    lock.l_start = kLocksAt;
    lock.l_len = kLockBytes;
    const bool is_held = fcntl(file, F_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;
    ::close(file);
    return is_held ? std::optional<int>{lock.l_pid} : std::nullopt;
}

}  // namespace sqlite
