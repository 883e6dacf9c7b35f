#include "sqlite/file_identity.hpp"

#include <sys/stat.h>

#include <cerrno>
#include <utility>

namespace sqlite {

FileIdentity::FileIdentity(std::string path) : path_(std::move(path)), number_(number_of(path_)) {}

std::optional<FileIdentity::Number> FileIdentity::number_of(const std::string& path) {
    struct stat found {};
    if (stat(path.c_str(), &found) != 0) return std::nullopt;
    return Number{.device = found.st_dev, .inode = found.st_ino};
}

bool FileIdentity::is_lost() const {
    if (!number_) return false;
    errno = 0;
    const auto now = number_of(path_);
    if (!now) return errno == ENOENT || errno == ENOTDIR;
    return now != number_;
}

}  // namespace sqlite
