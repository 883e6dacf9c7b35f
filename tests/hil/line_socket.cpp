#include "hil/line_socket.hpp"

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <system_error>

#include "support/eventually.hpp"

namespace hil {

namespace {

constexpr base::Duration kConnectPatience = std::chrono::seconds{20};

bool connects(int socket, const std::string& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path.size() >= sizeof address.sun_path) throw std::length_error(path);
    std::memcpy(address.sun_path, path.c_str(), path.size());
    return ::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
}

}  // namespace

LineSocket::LineSocket(const std::string& path)
    : socket_(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    if (socket_ < 0) throw std::system_error(errno, std::generic_category(), "socket");
    if (support::eventually([&] { return connects(socket_, path); }, kConnectPatience)) return;
    ::close(socket_);
    throw std::runtime_error("nobody listens at " + path);
}

LineSocket::~LineSocket() {
    ::close(socket_);
}

void LineSocket::send(const std::string& line) const {
    const auto text = line + "\n";
    const auto sent = ::send(socket_, text.data(), text.size(), MSG_NOSIGNAL);
    if (sent != static_cast<ssize_t>(text.size())) throw std::runtime_error("QEMU is gone");
}

std::optional<std::string> LineSocket::next(base::Duration patience) {
    if (auto line = take_line()) return line;
    pollfd waiting{.fd = socket_, .events = POLLIN, .revents = 0};
    if (::poll(&waiting, 1, static_cast<int>(patience.count())) <= 0) return std::nullopt;
    std::array<char, 4096> bytes{};
    const auto size = ::recv(socket_, bytes.data(), bytes.size(), 0);
    if (size <= 0) throw std::runtime_error("QEMU is gone");
    received_.append(bytes.data(), static_cast<std::size_t>(size));
    return take_line();
}

std::optional<std::string> LineSocket::take_line() {
    const auto end = received_.find('\n');
    if (end == std::string::npos) return std::nullopt;
    auto line = received_.substr(0, end);
    received_.erase(0, end + 1);
    if (!line.empty() && line.back() == '\r') line.pop_back();
    return line;
}

}  // namespace hil
