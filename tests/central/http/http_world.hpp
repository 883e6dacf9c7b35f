#pragma once

#include <doctest/doctest.h>

#include <charconv>
#include <memory>
#include <string>
#include <vector>

#include "central/http/gunzip.hpp"
#include "central/http/loopback_client.hpp"
#include "central/http/server.hpp"
#include "support/manual_clock.hpp"

namespace http_test {

using namespace std::chrono_literals;

/// Sends the same for ever.
class Chatter final : public http::Stream {
  public:
    Chatter(std::string text, std::size_t& said) : text_(std::move(text)), said_(said) {}
    std::string next() override {
        said_ += text_.size();
        return text_;
    }

  private:
    std::string text_;
    std::size_t& said_;
};

/// A server whose handler says hello, and notes what it was asked.
struct World {
    support::ManualClock clock;
    base::Counters counters;
    std::vector<http::Request> requests;
    std::string body = "hello";
    std::size_t said = 0;
    std::unique_ptr<http::Server> server;

    explicit World(http::ServerOptions options = {}) {
        options.listen = "127.0.0.1:0";
        auto opened =
            http::Server::open(options, clock, counters,
                               [this](const http::Request& request) { return respond(request); });
        REQUIRE(opened);
        server = std::move(opened).value();
    }

    http::Response respond(const http::Request& request) {
        requests.push_back(request);
        http::Response response;
        response.content_type = "text/plain";
        response.body = body + " " + request.target;
        if (request.target == "/stream") {
            response.body.clear();
            response.stream = std::make_unique<Chatter>(std::string(10'000, 'x'), said);
        }
        return response;
    }

    int port() const {
        const auto address = server->address();
        int port = 0;
        const auto* end = address.data() + address.size();
        std::from_chars(address.data() + address.rfind(':') + 1, end, port);
        return port;
    }

    /// Lets both sides work until the client has this text, or was hung up on; at most a second.
    bool settle(LoopbackClient& client, const std::string& wanted = {}) {
        for (int i = 0; i < 1000; ++i) {
            server->poll(1ms);
            client.receive();
            if (!wanted.empty() && client.text().find(wanted) != std::string::npos) return true;
            if (client.ended()) return wanted.empty();
        }
        return false;
    }
    void idle(int polls = 20) {
        for (int i = 0; i < polls; ++i) server->poll(1ms);
    }
};

inline std::string get(const std::string& target, const std::string& more = {}) {
    return "GET " + target + " HTTP/1.1\r\nHost: localhost\r\n" + more + "\r\n";
}

}  // namespace http_test
