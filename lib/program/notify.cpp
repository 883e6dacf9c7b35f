#include "program/notify.hpp"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <cstdlib>

namespace program {

namespace {

std::string variable(const char* name) {
    // Nothing in leat ever sets the environment.
    const char* value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe)
    return value == nullptr ? std::string{} : std::string{value};
}

/// A third of WATCHDOG_USEC, so that one late tick does not kill the program.
base::Duration interval_of(const std::string& watchdog_us) {
    std::uint64_t microseconds = 0;
    std::from_chars(watchdog_us.data(), watchdog_us.data() + watchdog_us.size(), microseconds);
    return base::Duration{static_cast<base::Duration::rep>(microseconds / 3000)};
}

}  // namespace

ServiceNotifier::ServiceNotifier()
    : socket_(variable("NOTIFY_SOCKET")),
      watchdog_interval_(interval_of(variable("WATCHDOG_USEC"))) {}

void ServiceNotifier::status(std::string_view text) {
    if (socket_.empty()) return;
    // A newline would start another assignment.
    std::string line{text};
    std::replace(line.begin(), line.end(), '\n', ' ');
    send("STATUS=" + line);
}

void ServiceNotifier::alive(base::Instant now) {
    if (watchdog_interval_ == base::Duration::zero()) return;
    if (fed_ && now - *fed_ < watchdog_interval_) return;
    fed_ = now;
    send("WATCHDOG=1");
}

void ServiceNotifier::send(std::string_view message) const {
    sockaddr_un address{};
    if (socket_.empty() || socket_.size() >= sizeof address.sun_path) return;
    const int file = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (file < 0) return;
    address.sun_family = AF_UNIX;
    std::copy(socket_.begin(), socket_.end(), address.sun_path);
    if (address.sun_path[0] == '@') address.sun_path[0] = '\0';  // Abstract name (unix(7)).
    const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + socket_.size());
    const void* target = &address;
    // A message that cannot be delivered is lost: the watchdog's time-out covers that.
    [[maybe_unused]] const auto sent =
        sendto(file, message.data(), message.size(), MSG_NOSIGNAL | MSG_DONTWAIT,
               static_cast<const sockaddr*>(target), length);
    close(file);
}

}  // namespace program
