// Goal: a body that is made while it is read arrives whole or visibly broken, the connection goes
// on behind it, and many long answers share the time.
#include <doctest/doctest.h>

#include <algorithm>

#include "central/http/http_world.hpp"

using namespace http_test;

namespace {

/// Some pieces, then its end: a good one or a bad one.
class Pieces final : public http::Stream {
  public:
    Pieces(std::size_t pieces, bool is_good, std::vector<int>& turns, int name)
        : left_(pieces), is_good_(is_good), turns_(turns), name_(name) {}
    std::string next() override {
        if (left_ == 0) return {};
        --left_;
        turns_.push_back(name_);
        return std::string(3'000, static_cast<char>('a' + name_));
    }
    State state() const override {
        if (left_ > 0) return State::open;
        return is_good_ ? State::over : State::broken;
    }

  private:
    std::size_t left_;
    bool is_good_;
    std::vector<int>& turns_;
    int name_;
};

/// Has nothing yet.
class Silent final : public http::Stream {
  public:
    std::string next() override { return {}; }
};

/// A server of such bodies: /good and /bad.
struct PieceWorld : World {
    PieceWorld() {
        auto opened = http::Server::open(
            {.listen = "127.0.0.1:0"}, clock, counters, [this](const http::Request& request) {
                http::Response response;
                response.content_type = "text/csv";
                response.stream = std::make_unique<Pieces>(3U, request.target.starts_with("/good"),
                                                           turns, name++);
                response.has_end = true;
                return response;
            });
        REQUIRE(opened);
        server = std::move(opened).value();
    }

    std::vector<int> turns;
    int name = 0;
};

/// The body behind the first head, its chunks put together; nothing while the last is missing.
std::optional<std::string> body_of(const std::string& text) {
    auto at = text.find("\r\n\r\n");
    if (at == std::string::npos) return std::nullopt;
    at += 4;
    std::string body;
    for (;;) {
        const auto line_end = text.find("\r\n", at);
        if (line_end == std::string::npos) return std::nullopt;
        std::size_t size = 0;
        std::from_chars(text.data() + at, text.data() + line_end, size, 16);
        at = line_end + 2;
        if (text.size() < at + size + 2) return std::nullopt;
        if (size == 0) return body;
        body += text.substr(at, size);
        at += size + 2;
    }
}

}  // namespace

TEST_CASE("a body with an end comes in chunks, and the connection goes on behind it") {
    PieceWorld world;
    LoopbackClient client(world.port());
    client.send(get("/good"));
    REQUIRE(world.settle(client, "\r\n0\r\n\r\n"));
    CHECK(client.text().find("Transfer-Encoding: chunked\r\n") != std::string::npos);
    CHECK(client.text().find("Content-Length") == std::string::npos);
    CHECK(client.text().find("Connection: close") == std::string::npos);
    CHECK(body_of(client.text()) == std::string(9'000, 'a'));
    client.send(get("/good"));
    REQUIRE(world.settle(client, "bbb\r\n0\r\n\r\n"));
    CHECK(world.server->connections() == 1);
}

TEST_CASE("requests that come all at once are answered one after the other") {
    PieceWorld world;
    LoopbackClient client(world.port());
    client.send(get("/good") + get("/good") + get("/good"));
    REQUIRE(world.settle(client, "ccc\r\n0\r\n\r\n"));
    CHECK(std::is_sorted(world.turns.begin(), world.turns.end()));
}

TEST_CASE("a body that cannot be finished has no last chunk") {
    PieceWorld world;
    LoopbackClient client(world.port());
    client.send(get("/bad"));
    world.idle();
    client.receive();
    CHECK(client.text().find("aaa") != std::string::npos);
    CHECK_FALSE(body_of(client.text()));
    CHECK(world.server->connections() == 0);
}

TEST_CASE("a reader that knows no chunks gets the body plain, and its end with the connection's") {
    PieceWorld world;
    LoopbackClient client(world.port());
    client.send("GET /good HTTP/1.0\r\nHost: localhost\r\nConnection: keep-alive\r\n\r\n");
    world.idle();
    client.receive();
    CHECK(client.text().ends_with("\r\n\r\n" + std::string(9'000, 'a')));
    CHECK(client.text().find("Transfer-Encoding") == std::string::npos);
    CHECK(client.text().find("Connection: close\r\n") != std::string::npos);
}

TEST_CASE("to such a reader a body that cannot be finished is a connection that is reset") {
    PieceWorld world;
    LoopbackClient client(world.port());
    client.send("GET /bad HTTP/1.0\r\nHost: localhost\r\n\r\n");
    CHECK(world.settle(client));
    CHECK(client.was_reset());
}

TEST_CASE("who asks for the head of such a body gets no piece of it") {
    PieceWorld world;
    LoopbackClient client(world.port());
    client.send("HEAD /good HTTP/1.1\r\nHost: localhost\r\n\r\n" + get("/good"));
    REQUIRE(world.settle(client, "bbb\r\n0\r\n\r\n"));
    CHECK(std::count(world.turns.begin(), world.turns.end(), 0) == 0);
}

TEST_CASE("a compressed body ends as it should") {
    PieceWorld world;
    LoopbackClient client(world.port());
    client.send(get("/good", "Accept-Encoding: gzip\r\n"));
    REQUIRE(world.settle(client, "0\r\n\r\n"));
    const auto body = body_of(client.text());
    REQUIRE(body);
    CHECK(gunzip(*body) == std::string(9'000, 'a'));
}

TEST_CASE("a reader that has gone is noticed while it waits for the next piece") {
    World world;
    auto opened = http::Server::open({.listen = "127.0.0.1:0"}, world.clock, world.counters,
                                     [](const http::Request&) {
                                         http::Response response;
                                         response.stream = std::make_unique<Silent>();
                                         response.has_end = true;
                                         return response;
                                     });
    REQUIRE(opened);
    world.server = std::move(opened).value();
    auto client = std::make_unique<LoopbackClient>(world.port());
    client->send(get("/"));
    world.idle();
    CHECK(world.server->connections() == 1);
    client.reset();
    world.idle();
    CHECK(world.server->connections() == 0);
}

TEST_CASE("the next long answer of a connection is not ended for the one before") {
    PieceWorld world;
    LoopbackClient client(world.port());
    for (int i = 0; i < 5; ++i) {
        client.send(get("/good"));
        const std::string last(3, static_cast<char>('a' + i));
        REQUIRE(world.settle(client, last + "\r\n0\r\n\r\n"));
    }
    CHECK(world.server->connections() == 1);
}

TEST_CASE("long answers take turns") {
    PieceWorld world;
    LoopbackClient first(world.port());
    LoopbackClient second(world.port());
    first.send(get("/good"));
    second.send(get("/good"));
    world.idle();
    REQUIRE(world.turns.size() == 6);
    for (std::size_t i = 2; i < 6; ++i) CHECK(world.turns[i] == world.turns[i - 2]);
    CHECK(world.turns[0] != world.turns[1]);
}
