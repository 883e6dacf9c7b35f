#include "support/http_receiver.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <optional>
#include <utility>

namespace support {

namespace {

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

HttpReceiver::HttpReceiver(Answer answer, int port)
    : answer_(std::move(answer)), listener_(port), thread_([this] { serve(); }) {}

HttpReceiver::~HttpReceiver() {
    stopping_ = true;
    thread_.join();
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
        const int connection = listener_.accept();
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
        if (answer.find("Connection: close") != std::string::npos) return;
    }
}

}  // namespace support
