#pragma once

#include <atomic>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "support/listener.hpp"

namespace support {

/// A server on 127.0.0.1 that speaks Redis's protocol and answers what the test says, for answers
/// that no real server gives on demand. Serves one connection after the other, in a thread of its
/// own.
class ScriptedRedis {
  public:
    using Words = std::vector<std::string>;

    /// Gives the reply to a command in RESP, "+OK\r\n"; see status(), number() and array(). Called
    /// from the server's thread.
    using Answer = std::function<std::string(const Words& command)>;

    explicit ScriptedRedis(Answer answer);
    ~ScriptedRedis();
    ScriptedRedis(const ScriptedRedis&) = delete;
    ScriptedRedis& operator=(const ScriptedRedis&) = delete;

    int port() const { return listener_.port(); }

    /// The first words of all commands so far.
    std::vector<std::string> commands() const;

    static std::string status(const std::string& word) { return "+" + word + "\r\n"; }
    static std::string number(long long value) { return ":" + std::to_string(value) + "\r\n"; }
    static std::string text(const std::string& content);
    /// Of replies in RESP.
    static std::string array(const std::vector<std::string>& replies);

  private:
    void serve();
    void talk(int connection);

    Answer answer_;
    Listener listener_;
    std::atomic<bool> stopping_{false};
    mutable std::mutex mutex_;
    std::vector<std::string> commands_;
    std::thread thread_;  // Last: it uses the members above.
};

}  // namespace support
