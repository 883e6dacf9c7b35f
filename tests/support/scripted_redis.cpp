#include "support/scripted_redis.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <optional>
#include <utility>

namespace support {

namespace {

/// The number after a marker, "*3\r\n", and moves past it; nothing while it is not whole.
std::optional<std::size_t> take_number(const std::string& buffer, std::size_t& at) {
    const auto end = buffer.find("\r\n", at);
    if (end == std::string::npos) return std::nullopt;
    const auto number = std::stoull(buffer.substr(at + 1, end - at - 1));
    at = end + 2;
    return number;
}

/// The first command in the buffer, which loses it; nothing while it is not whole.
std::optional<ScriptedRedis::Words> take_command(std::string& buffer) {
    std::size_t at = 0;
    const auto count = take_number(buffer, at);
    if (!count) return std::nullopt;
    ScriptedRedis::Words words;
    while (words.size() < *count) {
        const auto size = take_number(buffer, at);
        if (!size || buffer.size() < at + *size + 2) return std::nullopt;
        words.push_back(buffer.substr(at, *size));
        at += *size + 2;
    }
    buffer.erase(0, at);
    return words;
}

}  // namespace

ScriptedRedis::ScriptedRedis(Answer answer)
    : answer_(std::move(answer)), thread_([this] { serve(); }) {}

ScriptedRedis::~ScriptedRedis() {
    stopping_ = true;
    thread_.join();
}

std::vector<std::string> ScriptedRedis::commands() const {
    const std::lock_guard lock(mutex_);
    return commands_;
}

std::string ScriptedRedis::text(const std::string& content) {
    return "$" + std::to_string(content.size()) + "\r\n" + content + "\r\n";
}

std::string ScriptedRedis::array(const std::vector<std::string>& replies) {
    auto whole = "*" + std::to_string(replies.size()) + "\r\n";
    for (const auto& reply : replies) whole += reply;
    return whole;
}

void ScriptedRedis::serve() {
    while (!stopping_) {
        const int connection = listener_.accept();
        if (connection < 0) continue;
        talk(connection);
        ::close(connection);
    }
}

void ScriptedRedis::talk(int connection) {
    std::string buffer;
    std::array<char, 65536> chunk{};
    while (!stopping_) {
        if (!is_readable(connection)) continue;
        const auto got = ::recv(connection, chunk.data(), chunk.size(), 0);
        if (got <= 0) return;
        buffer.append(chunk.data(), static_cast<std::size_t>(got));
        std::string replies;
        while (auto command = take_command(buffer)) {
            replies += answer_(*command);
            const std::lock_guard lock(mutex_);
            commands_.push_back(command->front());
        }
        if (::send(connection, replies.data(), replies.size(), MSG_NOSIGNAL) < 0) return;
    }
}

}  // namespace support
