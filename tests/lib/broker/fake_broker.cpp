#include "lib/broker/fake_broker.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <stdexcept>

namespace {

// Packet types (MQTT 5.0, section 2.1.2).
constexpr int kConnect = 1;
constexpr int kPublish = 3;
constexpr int kSubscribe = 8;

void send_all(int client, const std::string& bytes) {
    (void)::send(client, bytes.data(), bytes.size(), MSG_NOSIGNAL);
}

void push_out(int client, char reason) {
    send_all(client, std::string("\xE0\x02", 2) + reason + '\0');
    ::shutdown(client, SHUT_RDWR);
}

bool read_exactly(int client, std::string& into, std::size_t size) {
    into.assign(size, '\0');
    return size == 0 ||
           ::recv(client, into.data(), size, MSG_WAITALL) == static_cast<ssize_t>(size);
}

/// The variable byte integer of the fixed header; -1 at the end of the connection.
int read_length(int client) {
    int length = 0;
    for (int shift = 0; shift < 28; shift += 7) {
        std::string byte;
        if (!read_exactly(client, byte, 1)) return -1;
        length |= (byte[0] & 0x7F) << shift;
        if ((byte[0] & 0x80) == 0) return length;
    }
    return -1;
}

}  // namespace

FakeBroker::FakeBroker(Manner manner) : manner_(manner) {
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* where = reinterpret_cast<sockaddr*>(&address);
    if (::bind(listener_, where, size) != 0 || ::listen(listener_, 8) != 0 ||
        ::getsockname(listener_, where, &size) != 0) {
        throw std::runtime_error("cannot listen");
    }
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { serve(); });
}

FakeBroker::~FakeBroker() {
    ::shutdown(listener_, SHUT_RDWR);  // Wakes the accept.
    thread_.join();
    ::close(listener_);
}

void FakeBroker::serve() {
    while (true) {
        const int client = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
        if (client < 0) return;
        serve_one(client);
        ::close(client);
    }
}

void FakeBroker::serve_one(int client) {
    while (true) {
        pollfd waiting[2] = {{client, POLLIN, 0}, {listener_, POLLHUP | POLLRDHUP, 0}};
        ::poll(waiting, 2, -1);
        if ((waiting[1].revents & POLLHUP) != 0) return;
        std::string head;
        std::string body;
        if (!read_exactly(client, head, 1)) return;
        const int length = read_length(client);
        if (length < 0 || !read_exactly(client, body, static_cast<std::size_t>(length))) return;
        answer(client, (static_cast<unsigned char>(head[0]) >> 4), body);
    }
}

void FakeBroker::answer(int client, int type, const std::string& body) {
    if (manner_ == Manner::says_nothing) return;
    if (type == kConnect) send_all(client, std::string("\x20\x03\x00\x00\x00", 5));
    if (type == kConnect && manner_ == Manner::pushes_out) push_out(client, '\x8E');
    if (type == kPublish && manner_ == Manner::finds_it_too_large) push_out(client, '\x95');
    if (type == kSubscribe) {  // The packet identifier comes first; our answer carries it back.
        send_all(client,
                 std::string("\x90\x04", 2) + body.substr(0, 2) + std::string("\x00\x87", 2));
    }
}
