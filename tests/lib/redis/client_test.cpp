#include "redis/client.hpp"

#include <doctest/doctest.h>

#include "support/servers.hpp"

using namespace std::chrono_literals;
using redis::Client;
using redis::ClientOptions;
using redis::Command;
using redis::Reply;
using support::RedisServer;

namespace {

ClientOptions options_for(const RedisServer& server) {
    ClientOptions options;
    options.port = server.port();
    return options;
}

std::string text_of(const base::Result<Reply>& reply) {
    if (!reply) return "no answer: " + reply.error().detail;
    return reply.value().text;
}

}  // namespace

TEST_CASE("the replies of a pipeline come in the order of its commands") {
    const RedisServer server;
    Client client(options_for(server));
    std::vector<Command> commands;
    for (int at = 0; at < 1000; ++at) commands.push_back({"ECHO", std::to_string(at)});
    const auto replies = client.run(commands);
    REQUIRE(replies);
    REQUIRE(replies.value().size() == 1000);
    for (std::size_t at = 0; at < 1000; ++at) {
        CHECK(replies.value()[at].text == std::to_string(at));
    }
    CHECK(client.session() == 1);
}

TEST_CASE("every byte of a word reaches Redis and comes back") {
    const RedisServer server;
    Client client(options_for(server));
    std::string every;
    for (int byte = 0; byte < 256; ++byte) every.push_back(static_cast<char>(byte));
    REQUIRE(client.run_one({"SET", every, every + every}));
    CHECK(text_of(client.run_one({"GET", every})) == every + every);
    CHECK(text_of(client.run_one({"ECHO", ""})).empty());
}

TEST_CASE("each kind of reply is recognised") {
    const RedisServer server;
    Client client(options_for(server));
    const auto replies =
        client.run({{"SET", "k", "v"},
                    {"GET", "k"},
                    {"GET", "none"},
                    {"INCRBY", "n", "-7"},
                    {"LPUSH", "k", "x"},
                    {"EVAL", "return {1,{'two',false},redis.error_reply('BAD x')}", "0"}});
    REQUIRE(replies);
    const auto& all = replies.value();
    REQUIRE(all.size() == 6);
    CHECK(all[0].kind == Reply::Kind::status);
    CHECK(all[0].text == "OK");
    CHECK(all[1].kind == Reply::Kind::string);
    CHECK(all[1].text == "v");
    CHECK(all[2].kind == Reply::Kind::nil);
    CHECK(all[3].kind == Reply::Kind::integer);
    CHECK(all[3].integer == -7);
    CHECK(all[4].is_error());
    CHECK(all[4].text.starts_with("WRONGTYPE"));
    CHECK(all[4].code == "WRONGTYPE");
    CHECK(all[5].kind == Reply::Kind::array);
    REQUIRE(all[5].items.size() == 3);
    CHECK(all[5].items[0].integer == 1);
    REQUIRE(all[5].items[1].items.size() == 2);
    CHECK(all[5].items[1].items[0].text == "two");
    CHECK(all[5].items[1].items[1].kind == Reply::Kind::nil);
    CHECK(all[5].items[2].is_error());
    CHECK(all[5].items[2].code == "BAD");
}

TEST_CASE("a function that is not there has a code of its own") {
    const RedisServer server;
    Client client(options_for(server));
    const auto replies = client.run({{"FCALL", "leat_version", "0"}, {"PING"}});
    REQUIRE(replies);
    CHECK(replies.value()[0].code == redis::kNoFunction);
    CHECK(replies.value()[0].error().fault == base::Fault::transient);
    CHECK(replies.value()[1].code.empty());
}

TEST_CASE("an error reply of one command says what the caller can do") {
    const RedisServer server({.arguments = {"--maxmemory", "1mb"}});
    Client client(options_for(server));
    const auto wrong = client.run_one({"NO-SUCH-COMMAND"});
    REQUIRE_FALSE(wrong);
    CHECK(wrong.error().fault == base::Fault::transient);
    const auto full = client.run_one({"SET", "k", std::string(1 << 20, 'x')});
    REQUIRE_FALSE(full);
    CHECK(full.error().fault == base::Fault::exhausted);
    CHECK(client.session() == 1);  // An error reply is no reason to hang up.
}

TEST_CASE(
    "a deaf server is transient within the time-out, and answers to the right question later") {
    RedisServer server;
    auto options = options_for(server);
    options.timeout = 300ms;
    Client client(options);
    REQUIRE(client.run_one({"PING"}));
    server.pause();
    const base::SystemClock clock;
    const auto start = clock.instant();
    const auto nothing = client.run_one({"ECHO", "late"});
    CHECK(clock.instant() - start < 2s);
    REQUIRE_FALSE(nothing);
    CHECK(nothing.error().fault == base::Fault::transient);
    CHECK(nothing.error().detail.find(server.address()) != std::string::npos);
    CHECK(nothing.error().detail.find("no answer within 300 ms") != std::string::npos);
    CHECK_FALSE(client.run_one({"ECHO", "later"}));
    server.resume();
    CHECK(text_of(client.run_one({"ECHO", "now"})) == "now");
    CHECK(client.session() > 1);
}

TEST_CASE("a killed server is transient, and after its restart everything answered is there") {
    RedisServer server;
    Client client(options_for(server));
    for (int round = 1; round <= 3; ++round) {
        REQUIRE(client.run_one({"SET", "round", std::to_string(round)}));
        server.kill_hard();
        const auto nothing = client.run_one({"PING"});
        REQUIRE_FALSE(nothing);
        CHECK(nothing.error().fault == base::Fault::transient);
        // Into the broken connection: a SIGPIPE would end us here.
        CHECK_FALSE(client.run({{"SET", "big", std::string(1 << 22, 'x')}, {"PING"}}));
        server.restart();
        CHECK(text_of(client.run_one({"GET", "round"})) == std::to_string(round));
        CHECK(client.session() == static_cast<std::uint64_t>(round) + 1);
    }
}

TEST_CASE("a pipeline into a connection that dies on the way is an error, not a signal") {
    RedisServer server;
    auto options = options_for(server);
    options.timeout = 5s;
    Client client(options);
    REQUIRE(client.run_one({"PING"}));
    server.pause();
    server.kill_hard();
    CHECK_FALSE(client.run({{"SET", "a", std::string(1 << 24, 'x')}, {"PING"}}));
}

TEST_CASE("a Unix socket is as good as a port") {
    const RedisServer server({.arguments = {"--unixsocket", "{folder}/redis.sock"}});
    ClientOptions options;
    options.socket = server.folder().file("redis.sock");
    Client client(options);
    CHECK(text_of(client.run_one({"PING"})) == "PONG");
    CHECK(client.address() == options.socket);
}

TEST_CASE("a password that Redis refuses is misconfigured, and is read again the next time") {
    const RedisServer server({.arguments = {"--requirepass", "secret"}});
    const support::TemporaryFolder files;
    auto options = options_for(server);
    Client stranger(options);
    const auto unknown = stranger.run_one({"PING"});
    REQUIRE_FALSE(unknown);
    CHECK(unknown.error().fault == base::Fault::misconfigured);

    options.password_file = files.file("password");
    Client client(options);
    const auto without_file = client.run_one({"PING"});
    REQUIRE_FALSE(without_file);
    CHECK(without_file.error().fault == base::Fault::misconfigured);
    CHECK(without_file.error().detail.find(options.password_file) != std::string::npos);
    files.write("password", "wrong\n");
    const auto refused = client.run_one({"PING"});
    REQUIRE_FALSE(refused);
    CHECK(refused.error().fault == base::Fault::misconfigured);
    CHECK(client.session() == 0);
    files.write("password", "secret\n");
    CHECK(text_of(client.run_one({"PING"})) == "PONG");
    CHECK(client.session() == 1);
}

TEST_CASE("a user of Redis may do what its rules say, and no more") {
    const RedisServer server;
    const support::TemporaryFolder files;
    Client admin(options_for(server));
    REQUIRE(admin.run_one({"ACL", "SETUSER", "bridge", "on", ">secret", "+ping"}));
    auto options = options_for(server);
    options.user = "bridge";
    options.password_file = files.write("password", "secret\n");
    Client client(options);
    CHECK(text_of(client.run_one({"PING"})) == "PONG");
    const auto refused = client.run_one({"GET", "k"});
    REQUIRE_FALSE(refused);
    CHECK(refused.error().fault == base::Fault::misconfigured);
}
