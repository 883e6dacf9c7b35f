// Which connections are let in: the rule alone, and a server full of slow clients.
#include "central/http/admission.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <vector>

#include "central/http/http_world.hpp"

using namespace http_test;
using http::Admission;

TEST_CASE("one address cannot take all connections, and some are kept for this machine") {
    struct Case {
        const char* name;
        http::Crowd crowd;
        Admission admission;
    };
    const http::ServerOptions options{.connections_max = 64, .connections_per_peer_max = 10};
    const std::vector<Case> cases{
        {"the first", {0, 0, false}, Admission::granted},
        {"the tenth of an address", {9, 9, false}, Admission::granted},
        {"the eleventh of an address", {10, 10, false}, Admission::peer_full},
        {"a proxy on this machine", {30, 30, true}, Admission::granted},
        {"the last for others", {59, 0, false}, Admission::granted},
        {"one that is kept", {60, 0, false}, Admission::all_full},
        {"one that is kept, for this machine", {60, 0, true}, Admission::granted},
        {"the last of all", {63, 0, true}, Admission::granted},
        {"one too many", {64, 0, true}, Admission::all_full},
    };
    for (const auto& one : cases) {
        CAPTURE(std::string{one.name});
        CHECK(http::admit(one.crowd, options) == one.admission);
    }
}

TEST_CASE("slow clients that fill a server make room for others after a second") {
    World world({.connections_max = 3});
    std::vector<std::unique_ptr<LoopbackClient>> slow;
    for (int i = 0; i < 3; ++i) {
        slow.push_back(std::make_unique<LoopbackClient>(world.port()));
        slow.back()->send("GET /never HTTP/1.1\r\n");
        world.idle();
    }
    REQUIRE(world.server->connections() == 3);
    world.clock.advance(1s);
    LoopbackClient quick(world.port());
    quick.send(get("/quick"));
    CHECK(world.settle(quick, "hello /quick"));
    // The one that had waited longest made room, and none but that one.
    slow[0]->receive();
    CHECK(slow[0]->ended());
    slow[1]->receive();
    CHECK_FALSE(slow[1]->ended());
    CHECK(world.counters.value("leat_central_http_ousted_total") == 1);
}

TEST_CASE("a connection that reads its answer does not make room") {
    World world({.connections_max = 1});
    LoopbackClient reader(world.port());
    reader.send(get("/stream"));
    REQUIRE(world.settle(reader, "xxxx"));
    world.clock.advance(5s);
    LoopbackClient other(world.port());
    other.send(get("/other"));
    CHECK(world.settle(other, "503"));
    CHECK_FALSE(reader.ended());
}

TEST_CASE("a compressed answer arrives whole, with the length that was told") {
    World world;
    world.body = std::string(5'000, 'a');
    LoopbackClient client(world.port());
    client.send(get("/zip", "Accept-Encoding: gzip\r\nConnection: close\r\n"));
    REQUIRE(world.settle(client));
    const auto& text = client.text();
    CHECK(text.find("Content-Encoding: gzip\r\n") != std::string::npos);
    const auto body = text.substr(text.find("\r\n\r\n") + 4);
    CHECK(text.find("Content-Length: " + std::to_string(body.size()) + "\r\n") !=
          std::string::npos);
    CHECK(gunzip(body) == world.body + " /zip");
}
