#include "support/listener.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdint>
#include <stdexcept>

namespace support {

bool is_readable(int descriptor) {
    constexpr int kPollMs = 10;
    pollfd polled{.fd = descriptor, .events = POLLIN, .revents = 0};
    return ::poll(&polled, 1, kPollMs) > 0;
}

Listener::Listener(int port) : descriptor_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    const int yes = 1;
    ::setsockopt(descriptor_, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    void* any = &address;
    socklen_t size = sizeof(address);
    if (::bind(descriptor_, static_cast<sockaddr*>(any), size) != 0 ||
        ::listen(descriptor_, 8) != 0 ||
        ::getsockname(descriptor_, static_cast<sockaddr*>(any), &size) != 0) {
        ::close(descriptor_);
        throw std::runtime_error("a server of the test cannot listen");
    }
    port_ = ntohs(address.sin_port);
}

Listener::~Listener() {
    ::close(descriptor_);
}

int Listener::accept() const {
    if (!is_readable(descriptor_)) return -1;
    return ::accept4(descriptor_, nullptr, nullptr, SOCK_CLOEXEC);
}

}  // namespace support
