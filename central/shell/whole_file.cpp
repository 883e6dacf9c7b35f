#include "central/shell/whole_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <utility>

namespace shell {

namespace {

/// Whether the disk has what was written to the file.
bool is_on_disk(const std::string& path) {
    const int descriptor = open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) return false;
    const bool is_synced = fsync(descriptor) == 0;
    close(descriptor);
    return is_synced;
}

}  // namespace

WholeFile::WholeFile(std::string path)
    : path_(std::move(path)), part_(fmt::format("{}.part-{}", path_, getpid())) {}

WholeFile::WholeFile(WholeFile&& other) noexcept
    : path_(std::move(other.path_)),
      part_(std::exchange(other.part_, {})),
      file_(std::move(other.file_)) {}

WholeFile::~WholeFile() {
    std::error_code ignored;
    if (!part_.empty()) std::filesystem::remove(part_, ignored);
}

base::Error WholeFile::cannot(const char* what) const {
    return {base::Fault::misconfigured,
            fmt::format("{} cannot be {}: {}", path_, what, std::strerror(errno))};
}

base::Result<WholeFile> WholeFile::create(const std::string& path) {
    std::error_code ignored;
    const auto found = std::filesystem::status(path, ignored);
    if (std::filesystem::exists(found) && !std::filesystem::is_regular_file(found)) {
        return base::Error{base::Fault::misconfigured,
                           path +
                               " is no file that could be replaced; leave --out away to write "
                               "to standard output"};
    }
    // A link stays one: what it leads to is replaced.
    const auto real = std::filesystem::canonical(path, ignored);
    WholeFile made(ignored ? path : real.string());
    made.file_.open(made.part_, std::ios::binary | std::ios::trunc);
    if (!made.file_) return made.cannot("written");
    return made;
}

base::Status WholeFile::write(std::string_view text) {
    if (file_ << text) return base::Done{};
    return cannot("written");
}

base::Status WholeFile::finish() {
    file_.close();
    if (!file_ || !is_on_disk(part_)) return cannot("written");
    if (std::rename(part_.c_str(), path_.c_str()) != 0) return cannot("put in its place");
    part_.clear();
    return base::Done{};
}

}  // namespace shell
