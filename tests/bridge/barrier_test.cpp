// Goal: with WAITAOF, nothing is acknowledged that Redis has not said to be on disk. Method: a
// scripted server that claims to be Redis 7.2 and gives every answer that matters; and the real
// one, where it has the command.
#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <deque>

#include "bridge/embedded.hpp"
#include "bridge/redis_store.hpp"
#include "bridge/test_node.hpp"
#include "redis/client.hpp"
#include "support/eventually.hpp"
#include "support/manual_clock.hpp"
#include "support/scripted_redis.hpp"
#include "support/servers.hpp"

using base::Fault;
using bridge::RedisStore;
using bridge_test::TestNode;
using support::ScriptedRedis;

namespace {

redis::ClientOptions options_for(int port) {
    redis::ClientOptions options;
    options.port = port;
    return options;
}

std::string disks(int local) {
    return ScriptedRedis::array({ScriptedRedis::number(local), ScriptedRedis::number(0)});
}

/// A Redis 7.2 with appendfsync everysec that stores every batch, and answers WAITAOF as told.
struct Scripted {
    std::string answer(const ScriptedRedis::Words& words) {
        const auto text = [](const std::string& content) { return ScriptedRedis::text(content); };
        if (words[0] == "INFO") return text("# Server\r\nredis_version:7.2.4\r\n");
        if (words[0] == "CONFIG") {
            return ScriptedRedis::array({text("appendonly"), text("yes"), text("appendfsync"),
                                         text("everysec"), text("no-appendfsync-on-rewrite"),
                                         text("no")});
        }
        if (words[0] == "FCALL_RO") return ScriptedRedis::number(bridge::kFunctionVersion);
        if (words[0] == "SET") return ScriptedRedis::status("OK");
        if (words[0] == "GET") return text("16");
        if (words[0] == "WAITAOF") return next_barrier();
        const auto number = [](const std::string& word) {
            return ScriptedRedis::number(std::stoll(word));
        };
        // FCALL leat_ingest of one record: its number and its hash.
        return ScriptedRedis::array({text("ok"), number(words[8]), text(words.back()), number("0"),
                                     text(""), number(words[8]), number("0"), text("")});
    }
    std::string next_barrier() {
        if (barriers.empty()) return disks(1);
        auto barrier = barriers.front();
        barriers.pop_front();
        return barrier;
    }

    std::deque<std::string> barriers;  // Set before the first command only.
};

}  // namespace

TEST_CASE("a batch is acknowledged only when WAITAOF says that it is on disk") {
    Scripted script;
    script.barriers = {disks(0), "-ERR WAITAOF cannot be used when appendonly is no\r\n",
                       ScriptedRedis::array({}), disks(1)};
    ScriptedRedis server([&](const auto& words) { return script.answer(words); });
    redis::Client client(options_for(server.port()));
    const support::ManualClock clock;
    RedisStore store(client, clock, {}, "first");
    const auto node = TestNode("attic", 0xa).grow(1);
    for (const auto* reason :
         {"did not answer in time", "WAITAOF cannot be used", "did not answer in time"}) {
        const auto refused = store.ingest({node.batch(1, 1)});
        REQUIRE_FALSE(refused);
        CHECK(refused.error().fault == Fault::transient);
        CHECK_MESSAGE(refused.error().detail.find(reason) != std::string::npos,
                      refused.error().detail);
    }
    const auto acks = store.ingest({node.batch(1, 1)});
    REQUIRE_MESSAGE(acks, acks.error().detail);
    CHECK(acks.value().at(0).durable == node.mark(1));
    CHECK(store.facts().waits_for_disk);
}

TEST_CASE("a Redis that may have begun its log only now acknowledges nothing before it has it") {
    const support::RedisServer server;
    redis::Client other(options_for(server.port()));
    redis::Client client(options_for(server.port()));
    const support::ManualClock clock;
    RedisStore store(client, clock, {}, "first");
    const auto node = TestNode("attic", 0xa).grow(3);
    REQUIRE(store.ingest({node.batch(1, 1)}));
    // An ordinary rewrite holds nobody up who was trusted before; the delay makes it last.
    REQUIRE(other.run_one({"CONFIG", "SET", "rdb-key-save-delay", "1000000"}));
    REQUIRE(other.run_one({"BGREWRITEAOF"}));
    CHECK(store.check());
    REQUIRE(other.run_one({"CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes"}));
    CHECK(support::eventually([&] { return bool(store.ingest({node.batch(2, 1)})); }));
    // For one who comes then it may be the first.
    redis::Client late(options_for(server.port()));
    RedisStore stranger(late, clock, {}, "first");
    const auto refused = stranger.check();
    REQUIRE_FALSE(refused);
    CHECK(refused.error().fault == Fault::transient);
    CHECK(refused.error().detail.find("rewrites its log") != std::string::npos);
    CHECK_FALSE(stranger.ingest({node.batch(3, 1)}));
    REQUIRE(other.run_one({"CONFIG", "SET", "rdb-key-save-delay", "0"}));
    CHECK(support::eventually([&] { return bool(stranger.check()); }, std::chrono::seconds{60}));
    CHECK(stranger.ingest({node.batch(3, 1)}));
}

TEST_CASE("the barrier comes after every batch of its group") {
    Scripted script;
    ScriptedRedis server([&](const auto& words) { return script.answer(words); });
    redis::Client client(options_for(server.port()));
    const support::ManualClock clock;
    RedisStore store(client, clock, {}, "first");
    const auto attic = TestNode("attic", 0xa).grow(1);
    const auto cellar = TestNode("cellar", 0xb).grow(1);
    REQUIRE(store.ingest({attic.batch(1, 1), cellar.batch(1, 1)}));
    const auto commands = server.commands();
    CHECK(std::count(commands.begin(), commands.end(), "FCALL") == 2);
    CHECK(std::count(commands.begin(), commands.end(), "WAITAOF") == 1);
    CHECK(commands.back() == "WAITAOF");
}

TEST_CASE("a real Redis with everysec acknowledges after WAITAOF, and keeps that over kill -9") {
    support::RedisServer server({.arguments = {"--appendfsync", "everysec"}});
    redis::Client client(options_for(server.port()));
    const support::ManualClock clock;
    RedisStore store(client, clock, {}, "first");
    const auto node = TestNode("attic", 0xa).grow(8);
    const auto checked = store.check();
    if (!checked) {
        // Older than 7.2: then it must be refused, and there is nothing more to see.
        CHECK(checked.error().detail.find("has no WAITAOF") != std::string::npos);
        MESSAGE("this Redis has no WAITAOF: skipped");
        return;
    }
    CHECK(store.facts().waits_for_disk);
    for (std::uint64_t seq = 1; seq <= 8; ++seq) {
        const auto acks = store.ingest({node.batch(seq, 1)});
        REQUIRE_MESSAGE(acks, acks.error().detail);
        CHECK(acks.value().at(0).durable == node.mark(seq));
    }
    server.kill_hard();
    server.restart();
    auto again = store.ingest({node.batch(8, 1)});
    for (int i = 0; i < 2 && !again; ++i) again = store.ingest({node.batch(8, 1)});
    REQUIRE(again);
    CHECK(again.value().at(0).answer == wire::Answer::dup);
    CHECK(again.value().at(0).durable == node.mark(8));
}
