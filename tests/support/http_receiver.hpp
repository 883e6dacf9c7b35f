#pragma once

#include <atomic>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "support/listener.hpp"

namespace support {

/// A web server on 127.0.0.1 that notes what is sent to it, and answers what the test says. Serves
/// one connection after the other, in a thread of its own.
class HttpReceiver {
  public:
    struct Request {
        std::string head;  // Request line and headers.
        std::string body;

        bool has(const std::string& line) const { return head.find(line) != std::string::npos; }
    };

    /// Gives all of the response; see status(). An empty one means never to answer, and after one
    /// without "Connection: close" the client must hang up. Called from the server's thread.
    using Answer = std::function<std::string(const Request& request)>;

    /// Port 0: any free one.
    explicit HttpReceiver(Answer answer, int port = 0);
    ~HttpReceiver();
    HttpReceiver(const HttpReceiver&) = delete;
    HttpReceiver& operator=(const HttpReceiver&) = delete;

    int port() const { return listener_.port(); }
    std::string url(const std::string& path = "/") const {
        return "http://127.0.0.1:" + std::to_string(port()) + path;
    }

    /// Everything that was sent so far.
    std::vector<Request> requests() const;

    /// A response without a body: status("503 Busy", "Retry-After: 7\r\n").
    static std::string status(const std::string& status, const std::string& headers = {});

  private:
    void serve();
    void talk(int connection);

    Answer answer_;
    Listener listener_;
    std::atomic<bool> stopping_{false};
    mutable std::mutex mutex_;
    std::vector<Request> requests_;
    std::thread thread_;  // Last: it uses the members above.
};

}  // namespace support
