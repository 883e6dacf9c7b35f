#include "central/files/whole_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <system_error>
#include <utility>

#include "sqlite/copy.hpp"

namespace files {

namespace {

/// What SQLite puts beside a database that it writes.
constexpr const char* kJournal = "-journal";

}  // namespace

base::Result<std::string> replaceable(const std::string& path) {
    std::error_code ignored;
    const auto found = std::filesystem::status(path, ignored);
    if (std::filesystem::exists(found) && !std::filesystem::is_regular_file(found)) {
        return base::Error{base::Fault::misconfigured, path + " is no file that could be replaced"};
    }
    const auto real = std::filesystem::canonical(path, ignored);
    return ignored ? path : real.string();
}

WholeFile::WholeFile(std::string path, const std::string& ending)
    : path_(std::move(path)), partial_(path_ + ending) {}

WholeFile::~WholeFile() {
    if (descriptor_ >= 0) ::close(descriptor_);
    if (partial_.empty()) return;
    std::error_code ignored;
    for (const auto* more : {"", kJournal}) std::filesystem::remove(partial_ + more, ignored);
}

base::Error WholeFile::failed(const char* doing) const {
    const int code = errno;
    return {code == ENOSPC || code == EDQUOT ? base::Fault::exhausted : base::Fault::transient,
            fmt::format("cannot {} {}: {}", doing, partial_, std::system_category().message(code))};
}

base::Status WholeFile::begin() {
    // What another user's run has left cannot be written, but removed.
    ::unlink(partial_.c_str());
    descriptor_ =
        ::open(partial_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0640);
    if (descriptor_ < 0) return failed("write");
    return base::Done{};
}

base::Status WholeFile::add(std::string_view text) {
    std::size_t written = 0;
    while (written < text.size()) {
        const auto some = ::write(descriptor_, text.data() + written, text.size() - written);
        if (some < 0 && errno == EINTR) continue;
        if (some < 0) return failed("write");
        written += static_cast<std::size_t>(some);
    }
    return base::Done{};
}

base::Status WholeFile::finish() {
    if (descriptor_ >= 0) {
        const bool is_synced = ::fsync(descriptor_) == 0;
        if (!is_synced) return failed("sync");
        ::close(std::exchange(descriptor_, -1));
    }
    if (auto renamed = sqlite::rename_file(partial_, path_); !renamed) return renamed;
    partial_.clear();
    return base::Done{};
}

}  // namespace files
