#pragma once

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <functional>
#include <string>
#include <string_view>

#include "base/clock.hpp"

/// A bare TCP client of 127.0.0.1 that never blocks: the test polls the server between its calls.
class LoopbackClient {
  public:
    /// A small `receive_buffer` fills up soon when nobody reads.
    explicit LoopbackClient(int port, int receive_buffer = 0) {
        fd_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        if (receive_buffer > 0) {
            ::setsockopt(fd_, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof(receive_buffer));
        }
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(static_cast<std::uint16_t>(port));
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        void* any = &address;
        connected_ = ::connect(fd_, static_cast<sockaddr*>(any), sizeof(address)) == 0;
        ::fcntl(fd_, F_SETFL, O_NONBLOCK);
    }
    ~LoopbackClient() { ::close(fd_); }
    LoopbackClient(const LoopbackClient&) = delete;
    LoopbackClient& operator=(const LoopbackClient&) = delete;

    bool connected() const { return connected_; }

    /// How much of the text the kernel accepted.
    std::size_t send(std::string_view text) const {
        const auto sent = ::send(fd_, text.data(), text.size(), MSG_NOSIGNAL);
        return sent < 0 ? 0 : static_cast<std::size_t>(sent);
    }

    /// Takes what has come so far.
    void receive() {
        std::array<char, 16'384> buffer{};
        while (!ended_) {
            const auto got = ::recv(fd_, buffer.data(), buffer.size(), 0);
            if (got < 0 && errno == EAGAIN) return;
            if (got <= 0) ended_ = true;
            if (got < 0 && errno == ECONNRESET) was_reset_ = true;
            if (got > 0) text_.append(buffer.data(), static_cast<std::size_t>(got));
        }
    }

    /// Everything received.
    const std::string& text() const { return text_; }
    /// The server hung up.
    bool ended() const { return ended_; }
    /// And so that nobody takes what came for all.
    bool was_reset() const { return was_reset_; }

  private:
    int fd_ = -1;
    bool connected_ = false;
    bool ended_ = false;
    bool was_reset_ = false;
    std::string text_;
};
