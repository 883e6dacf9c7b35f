#include "central/jobs/server/password_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace jobs {

namespace {

base::Error failed(const std::string& path, int code) {
    const bool is_full = code == ENOSPC || code == EDQUOT;
    return {is_full ? base::Fault::exhausted : base::Fault::transient,
            fmt::format("cannot write {}: {}", path, std::system_category().message(code))};
}

}  // namespace

std::string password_line(const std::string& password) {
    std::string line = "*:*:*:*:";
    for (const char c : password) {
        if (c == ':' || c == '\\') line += '\\';
        line += c;
    }
    return line + '\n';
}

base::Result<std::unique_ptr<PasswordFile>> PasswordFile::write(const std::string& path,
                                                                const std::string& password) {
    ::unlink(path.c_str());
    const int descriptor =
        ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (descriptor < 0) return failed(path, errno);
    std::unique_ptr<PasswordFile> file{new PasswordFile{path}};
    const auto line = password_line(password);
    std::size_t written = 0;
    int code = 0;
    while (written < line.size() && code == 0) {
        const auto some = ::write(descriptor, line.data() + written, line.size() - written);
        if (some >= 0) {
            written += static_cast<std::size_t>(some);
        } else if (errno != EINTR) {
            code = errno;
        }
    }
    ::close(descriptor);
    if (code != 0) return failed(path, code);
    return file;
}

PasswordFile::~PasswordFile() {
    ::unlink(path_.c_str());
}

}  // namespace jobs
