#include "support/servers.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <array>
#include <stdexcept>

#include "support/eventually.hpp"
#include "support/free_port.hpp"

namespace support {
namespace {

constexpr base::Duration kStartPatience = std::chrono::seconds{20};
constexpr int kPortTries = 5;

/// Sends one request and returns the first answer; empty when nobody answers within a second.
std::string ask(int port, const std::string& request) {
    const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const timeval patience{1, 0};
    ::setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    std::array<char, 256> answer{};
    ssize_t size = 0;
    if (::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 &&
        ::send(socket, request.data(), request.size(), MSG_NOSIGNAL) > 0) {
        size = ::recv(socket, answer.data(), answer.size(), 0);
    }
    ::close(socket);
    return size > 0 ? std::string(answer.data(), static_cast<std::size_t>(size)) : std::string{};
}

std::string replaced(std::string text, const std::string& from, const std::string& with) {
    for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at)) {
        text.replace(at, from.size(), with);
        at += with.size();
    }
    return text;
}

}  // namespace

void Server::kill_hard() {
    process_->kill(SIGKILL);
    process_->wait(kStartPatience);
}

void Server::stop() {
    process_->kill(SIGTERM);
    process_->wait(kStartPatience);
}

void Server::pause() {
    process_->kill(SIGSTOP);
}

void Server::resume() {
    process_->kill(SIGCONT);
}

bool Server::running() {
    return process_->running();
}

void Server::restart() {
    if (!start()) throw std::runtime_error(command().front() + " does not start:\n" + log());
}

void Server::start_first() {
    for (int tries = 0; tries < kPortTries; ++tries) {
        port_ = free_port();
        if (start()) return;
    }
    throw std::runtime_error(command().front() + " does not start:\n" + log());
}

bool Server::start() {
    process_.reset();
    process_.emplace(Process::start(
        {.argv = command(), .environment = {}, .log_file = folder_.file("log"), .folder = {}}));
    eventually([this] { return !running() || answers(); }, kStartPatience);
    return running() && answers();
}

Mosquitto::Mosquitto(MosquittoOptions options) : options_(std::move(options)) {
    start_first();
}

std::vector<std::string> Mosquitto::command() {
    std::string text = "listener " + std::to_string(port()) + " 127.0.0.1\n";
    text += options_.anonymous ? "allow_anonymous true\n" : "allow_anonymous false\n";
    text += "persistence false\nlog_type all\n";
    // If root starts it, it becomes the user mosquitto, who may not read the folder.
    if (::geteuid() == 0) text += "user root\n";
    for (const auto& line : options_.lines) {
        text += replaced(line, "{folder}", folder().path().string()) + "\n";
    }
    return {"mosquitto", "-c", folder().write("mosquitto.conf", text)};
}

bool Mosquitto::answers() {
    return port_answers(port());
}

RedisServer::RedisServer(RedisServerOptions options) : options_(std::move(options)) {
    start_first();
}

std::vector<std::string> RedisServer::command() {
    std::vector<std::string> words{"redis-server",
                                   "--port",
                                   std::to_string(port()),
                                   "--bind",
                                   "127.0.0.1",
                                   "--dir",
                                   folder().path(),
                                   "--appendonly",
                                   "yes",
                                   "--appendfsync",
                                   "always",
                                   "--save",
                                   "",
                                   "--daemonize",
                                   "no"};
    for (const auto& argument : options_.arguments) {
        words.push_back(replaced(argument, "{folder}", folder().path().string()));
    }
    return words;
}

bool RedisServer::answers() {
    const std::string answer = ask(port(), "PING\r\n");
    return answer.starts_with("+PONG") || answer.starts_with("-NOAUTH");
}

}  // namespace support
