#include "drivers/tail/data_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace drivers::tail {

namespace {

using Stat = struct stat;

base::Error transient(const std::string& path, std::string_view why) {
    return {base::Fault::transient, fmt::format("{}: {}", path, why)};
}

base::Error last_error(const std::string& path) {
    return transient(path, std::strerror(errno));
}

base::Result<FileFacts> facts_from(const Stat& status, const std::string& path) {
    if (!S_ISREG(status.st_mode)) return transient(path, "is no regular file");
    return FileFacts{.device = status.st_dev,
                     .inode = status.st_ino,
                     .size = static_cast<std::uint64_t>(status.st_size),
                     .links = status.st_nlink,
                     .modified_us = std::int64_t{status.st_mtim.tv_sec} * 1'000'000 +
                                    status.st_mtim.tv_nsec / 1000};
}

}  // namespace

base::Result<FileFacts> facts_of(const std::string& path) {
    Stat status{};
    if (stat(path.c_str(), &status) != 0) return last_error(path);
    return facts_from(status, path);
}

base::Result<DataFile> DataFile::open(const std::string& path) {
    // Checked before opening, too, because opening a device can have effects.
    if (const auto facts = facts_of(path); !facts) return facts.error();
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (descriptor < 0) return last_error(path);
    DataFile file(descriptor, path);
    if (const auto facts = file.facts(); !facts) return facts.error();
    return file;
}

DataFile::~DataFile() {
    if (descriptor_ >= 0) close(descriptor_);
}

DataFile::DataFile(DataFile&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)), path_(std::move(other.path_)) {}

DataFile& DataFile::operator=(DataFile&& other) noexcept {
    std::swap(descriptor_, other.descriptor_);
    std::swap(path_, other.path_);
    return *this;
}

base::Result<FileFacts> DataFile::facts() const {
    Stat status{};
    if (fstat(descriptor_, &status) != 0) return last_error(path_);
    return facts_from(status, path_);
}

base::Result<std::string> DataFile::bytes(std::uint64_t from, std::size_t most) const {
    std::string content(most, '\0');
    std::size_t length = 0;
    while (length < most) {
        const auto got = pread(descriptor_, content.data() + length, most - length,
                               static_cast<off_t>(from + length));
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return last_error(path_);
        if (got == 0) break;
        length += static_cast<std::size_t>(got);
    }
    content.resize(length);
    return content;
}

}  // namespace drivers::tail
