#include "support/http_receiver.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <optional>
#include <stdexcept>

namespace support {

namespace {

constexpr int kPollMs = 10;

bool is_readable(int descriptor) {
    pollfd polled{.fd = descriptor, .events = POLLIN, .revents = 0};
    return ::poll(&polled, 1, kPollMs) > 0;
}

/// The request, once it is whole.
std::optional<HttpReceiver::Request> request_in(const std::string& buffer) {
    const auto end = buffer.find("\r\n\r\n");
    if (end == std::string::npos) return std::nullopt;
    HttpReceiver::Request request{.head = buffer.substr(0, end + 2), .body = {}};
    const std::string name = "Content-Length: ";
    const auto at = request.head.find(name);
    const auto length =
        at == std::string::npos ? 0 : std::stoull(request.head.substr(at + name.size()));
    if (buffer.size() < end + 4 + length) return std::nullopt;
    request.body = buffer.substr(end + 4, length);
    return request;
}

}  // namespace

HttpReceiver::HttpReceiver(Answer answer, int port) : answer_(std::move(answer)) {
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const int yes = 1;
    ::setsockopt(listener_, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    void* any = &address;
    socklen_t size = sizeof(address);
    if (::bind(listener_, static_cast<sockaddr*>(any), size) != 0 || ::listen(listener_, 8) != 0 ||
        ::getsockname(listener_, static_cast<sockaddr*>(any), &size) != 0) {
        throw std::runtime_error("the receiver cannot listen");
    }
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { serve(); });
}

HttpReceiver::~HttpReceiver() {
    stopping_ = true;
    thread_.join();
    ::close(listener_);
}

std::vector<HttpReceiver::Request> HttpReceiver::requests() const {
    const std::lock_guard lock(mutex_);
    return requests_;
}

std::string HttpReceiver::status(const std::string& status, const std::string& headers) {
    return "HTTP/1.1 " + status + "\r\nConnection: close\r\nContent-Length: 0\r\n" + headers +
           "\r\n";
}

void HttpReceiver::serve() {
    while (!stopping_) {
        if (!is_readable(listener_)) continue;
        const int connection = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
        if (connection < 0) continue;
        talk(connection);
        ::close(connection);
    }
}

void HttpReceiver::talk(int connection) {
    std::string buffer;
    std::array<char, 4096> bytes{};
    bool is_answered = false;
    while (!stopping_) {
        if (!is_readable(connection)) continue;
        const auto count = ::recv(connection, bytes.data(), bytes.size(), 0);
        if (count <= 0) return;
        buffer.append(bytes.data(), static_cast<std::size_t>(count));
        const auto request = is_answered ? std::nullopt : request_in(buffer);
        if (!request) continue;
        is_answered = true;
        {
            const std::lock_guard lock(mutex_);
            requests_.push_back(*request);
        }
        const auto answer = answer_(*request);
        if (answer.empty()) continue;  // Until the client gives up.
        ::send(connection, answer.data(), answer.size(), MSG_NOSIGNAL);
        return;
    }
}

}  // namespace support
