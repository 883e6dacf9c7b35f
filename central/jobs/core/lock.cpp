#include "central/jobs/core/lock.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace jobs {

std::string lock_path(const std::string& database, const std::string& job) {
    return database + ".job-" + job + ".lock";
}

base::Result<std::unique_ptr<RunLock>> RunLock::acquire(const std::string& path) {
    // Root may run a job before the user of leat-central does, whose file that is not then. A lock
    // needs no more than that it can be read.
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CREAT | O_CLOEXEC, 0644);
    if (descriptor < 0) {
        return base::Error{base::Fault::misconfigured,
                           path + ": " + std::system_category().message(errno)};
    }
    std::unique_ptr<RunLock> lock{new RunLock{descriptor}};
    if (::flock(descriptor, LOCK_EX | LOCK_NB) == 0) return lock;
    const int code = errno;
    if (code == EWOULDBLOCK) return base::Error{base::Fault::transient, "it is running already"};
    return base::Error{base::Fault::transient, path + ": " + std::system_category().message(code)};
}

RunLock::~RunLock() {
    ::close(descriptor_);
}

}  // namespace jobs
