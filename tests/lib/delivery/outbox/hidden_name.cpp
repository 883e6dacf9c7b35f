#include "lib/delivery/outbox/hidden_name.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <utility>

namespace agent_test {

namespace {

std::string hidden;
int times = 0;

bool is_hidden(const char* path) {
    if (hidden.empty() || path != hidden) return false;
    ++times;
    errno = EIO;
    return true;
}

}  // namespace

HiddenName::HiddenName(std::string path) {
    hidden = std::move(path);
    times = 0;
}

HiddenName::~HiddenName() {
    hidden.clear();
}

int HiddenName::looked() {
    return times;
}

}  // namespace agent_test

// In place of the C library's, for the whole program.

extern "C" int lstat(const char* path, struct stat* found) noexcept {
    if (agent_test::is_hidden(path)) return -1;
    return fstatat(AT_FDCWD, path, found, AT_SYMLINK_NOFOLLOW);
}

extern "C" int stat(const char* path, struct stat* found) noexcept {
    if (agent_test::is_hidden(path)) return -1;
    return fstatat(AT_FDCWD, path, found, 0);
}
