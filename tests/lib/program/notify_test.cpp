#include "program/notify.hpp"

#include <doctest/doctest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdlib>
#include <string>

#include "support/temporary_folder.hpp"

namespace {

/// The socket that systemd would listen on, and the environment it would give.
class Supervisor {
  public:
    explicit Supervisor(const std::string& name, const char* watchdog_us = nullptr)
        : file_(socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0)) {
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        std::copy(name.begin(), name.end(), address.sun_path);
        if (name[0] == '@') address.sun_path[0] = '\0';
        const void* raw = &address;
        REQUIRE(bind(file_, static_cast<const sockaddr*>(raw),
                     static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + name.size())) == 0);
        setenv("NOTIFY_SOCKET", name.c_str(), 1);
        if (watchdog_us != nullptr) setenv("WATCHDOG_USEC", watchdog_us, 1);
    }
    ~Supervisor() {
        close(file_);
        unsetenv("NOTIFY_SOCKET");
        unsetenv("WATCHDOG_USEC");
    }
    Supervisor(const Supervisor&) = delete;
    Supervisor& operator=(const Supervisor&) = delete;

    /// The next datagram, or nothing.
    std::string heard() const {
        std::array<char, 256> buffer{};
        const auto size = recv(file_, buffer.data(), buffer.size(), 0);
        return size < 0 ? std::string{}
                        : std::string(buffer.data(), static_cast<std::size_t>(size));
    }

  private:
    int file_;
};

base::Instant at(int milliseconds) {
    return base::Instant{base::Duration{milliseconds}};
}

}  // namespace

TEST_SUITE("program/notify") {
    TEST_CASE("systemd receives ready, status and stopping, by path and by abstract name") {
        const support::TemporaryFolder folder;
        const auto abstract = "@leat-notify-test-" + std::to_string(getpid());
        for (const auto& name : {folder.file("notify"), abstract}) {
            CAPTURE(name);
            const Supervisor supervisor{name};
            program::ServiceNotifier notifier;
            notifier.ready();
            CHECK(supervisor.heard() == "READY=1");
            notifier.status("4 records wait");
            CHECK(supervisor.heard() == "STATUS=4 records wait");
            notifier.status("one\nREADY=1");
            CHECK(supervisor.heard() == "STATUS=one READY=1");
            notifier.stopping();
            CHECK(supervisor.heard() == "STOPPING=1");
        }
    }

    TEST_CASE("the watchdog is fed at a third of its time-out, however often the tick comes") {
        const support::TemporaryFolder folder;
        const Supervisor supervisor{folder.file("notify"), "3000000"};
        program::ServiceNotifier notifier;
        int fed = 0;
        for (int now = 0; now <= 10'000; now += 10) {
            notifier.alive(at(now));
            while (supervisor.heard() == "WATCHDOG=1") ++fed;
        }
        CHECK(fed == 11);
    }

    TEST_CASE("without systemd, or with a socket that is gone, nothing happens") {
        unsetenv("NOTIFY_SOCKET");
        program::ServiceNotifier alone;
        alone.ready();
        alone.alive(at(0));
        setenv("NOTIFY_SOCKET", "/nowhere/at/all", 1);
        program::ServiceNotifier deserted;
        deserted.ready();
        setenv("NOTIFY_SOCKET", std::string(500, 'x').c_str(), 1);
        program::ServiceNotifier overlong;
        overlong.ready();
        unsetenv("NOTIFY_SOCKET");
    }
}
