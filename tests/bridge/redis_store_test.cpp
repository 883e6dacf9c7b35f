// Goal: nothing is acknowledged over a Redis that has not promised to keep it. Method: real servers
// with every setting that matters, and servers that die, are emptied or lose their functions.
#include "bridge/redis_store.hpp"

#include <doctest/doctest.h>

#include "bridge/embedded.hpp"
#include "bridge/test_node.hpp"
#include "bridge/worlds.hpp"
#include "support/eventually.hpp"

using base::Fault;
using bridge::Durability;
using bridge::judge_server;
using bridge::RedisStore;
using bridge::RedisStoreOptions;
using bridge_test::RealWorld;
using bridge_test::TestNode;
using redis::Reply;
using wire::Answer;

namespace {

Reply text(std::string content) {
    return {.kind = Reply::Kind::string, .integer = 0, .text = std::move(content), .items = {}};
}

Reply info(const std::string& version) {
    return text("# Server\r\nredis_version:" + version + "\r\nredis_mode:standalone\r\n");
}

Reply config(const std::vector<std::string>& words) {
    Reply reply{.kind = Reply::Kind::array, .integer = 0, .text = {}, .items = {}};
    for (const auto& word : words) reply.items.push_back(text(word));
    return reply;
}

/// A server of its own, for tests that change its settings.
struct Own {
    explicit Own(RedisStoreOptions options = {}, std::vector<std::string> arguments = {})
        : server({.arguments = std::move(arguments)}),
          client(client_options()),
          store(client, clock, options, "first") {}

    redis::ClientOptions client_options() const {
        redis::ClientOptions connect;
        connect.port = server.port();
        return connect;
    }
    void run(const redis::Command& command) {
        const auto reply = client.run_one(command);
        if (!reply) FAIL(reply.error().detail);
    }

    support::RedisServer server;
    support::ManualClock clock;
    redis::Client client;
    RedisStore store;
};

}  // namespace

TEST_CASE("a server is accepted only if everything is on disk when it answers") {
    struct Row {
        const char* name;
        const char* version;
        const char* appendonly;
        const char* appendfsync;
        const char* on_rewrite;
        const char* verdict;
    };
    const Row rows[]{
        {"always", "7.0.15", "yes", "always", "no", "answers"},
        {"always, new", "8.0.2", "yes", "always", "no", "answers"},
        {"every second, old", "7.0.15", "yes", "everysec", "no", "refused"},
        {"every second, with WAITAOF", "7.2.0", "yes", "everysec", "no", "waits"},
        {"every second, far version", "10.1", "yes", "everysec", "no", "waits"},
        {"no fsync at all, with WAITAOF", "7.4.1", "yes", "no", "no", "waits"},
        {"not during a rewrite, old", "7.0.15", "yes", "always", "yes", "refused"},
        {"not during a rewrite, with WAITAOF", "7.2.4", "yes", "always", "yes", "waits"},
        {"no log", "8.0.2", "no", "always", "no", "refused"},
        {"no functions", "6.2.14", "yes", "always", "no", "refused"},
        {"no version", "", "yes", "always", "no", "refused"},
    };
    for (const auto& row : rows) {
        CAPTURE(row.name);
        const auto facts =
            judge_server(info(row.version),
                         config({"appendonly", row.appendonly, "appendfsync", row.appendfsync,
                                 "no-appendfsync-on-rewrite", row.on_rewrite}),
                         Durability::disk);
        const std::string verdict = !facts                         ? "refused"
                                    : facts.value().waits_for_disk ? "waits"
                                                                   : "answers";
        CHECK(verdict == row.verdict);
        if (facts) continue;
        CHECK(facts.error().fault == Fault::misconfigured);
        CHECK(facts.error().detail.find("Remedy: ") != std::string::npos);
    }
}

TEST_CASE("a server that hides its configuration is refused, unless memory is enough") {
    const Reply denied{.kind = Reply::Kind::error,
                       .integer = 0,
                       .text = "NOPERM this user has no permissions",
                       .items = {}};
    CHECK_FALSE(judge_server(info("7.0.15"), denied, Durability::disk));
    CHECK(judge_server(info("7.0.15"), denied, Durability::memory));
}

TEST_CASE("a remedy names the server that it is for") {
    const auto told = [](redis::ClientOptions options) {
        const auto facts = judge_server(info("7.0.15"), config({"appendonly", "no"}),
                                        Durability::disk, redis::Client{options}.command_line());
        return facts.error().detail;
    };
    redis::ClientOptions options;
    options.host = "hub";
    options.port = 6380;
    CHECK(told(options).find("redis-cli -h hub -p 6380 CONFIG SET appendonly yes; "
                             "redis-cli -h hub -p 6380 CONFIG SET appendfsync always") !=
          std::string::npos);
    options.socket = "/run/redis.sock";
    options.user = "bridge";
    options.password_file = "/etc/leat/redis";
    CHECK(told(options).find("redis-cli -s /run/redis.sock --user bridge --askpass CONFIG") !=
          std::string::npos);
}

TEST_CASE("a Redis belongs to one database of a sink, until an operator decides otherwise") {
    RealWorld world;
    CHECK(world.source.claim("mine"));
    CHECK(world.source.claim("mine"));
    CHECK(world.other_source.claim("yours"));
    const auto refused = world.source.claim("yours");
    REQUIRE_FALSE(refused);
    CHECK(refused.error().fault == Fault::misconfigured);
    const auto remedy = world.client().command_line() + " DEL leat:sink:sqlite";
    CHECK(refused.error().detail.find(remedy) != std::string::npos);
    REQUIRE(world.client().run_one({"DEL", "leat:sink:sqlite"}));
    CHECK(world.source.claim("yours"));
}

TEST_CASE("a server that may delete data causes a warning") {
    const auto facts = judge_server(
        info("7.0.15"),
        config({"appendonly", "yes", "appendfsync", "always", "maxmemory-policy", "allkeys-lru"}),
        Durability::disk);
    REQUIRE(facts);
    REQUIRE(facts.value().warnings.size() == 1);
    CHECK(facts.value().warnings[0].find("allkeys-lru") != std::string::npos);
}

TEST_CASE("a server without a log on disk is refused with the remedy, which works") {
    Own own({}, {"--appendonly", "no"});
    const auto node = TestNode("attic", 0xa).grow(1);
    const auto refused = own.store.ingest({node.batch(1, 1)});
    REQUIRE_FALSE(refused);
    CHECK(refused.error().fault == Fault::misconfigured);
    CHECK(refused.error().detail.find("CONFIG SET appendonly yes") != std::string::npos);
    own.run({"CONFIG", "SET", "appendonly", "yes"});
    own.run({"CONFIG", "SET", "appendfsync", "always"});
    REQUIRE(support::eventually([&] { return bool(own.store.check()); }));  // It has its log.
    CHECK(own.store.ingest({node.batch(1, 1)}));
}

TEST_CASE("with durability memory any server will do, and it says so") {
    Own own({.durability = Durability::memory}, {"--appendonly", "no"});
    CHECK(own.store.ingest({TestNode("attic", 0xa).grow(1).batch(1, 1)}));
    REQUIRE(own.store.facts().warnings.size() == 1);
    CHECK(own.store.facts().warnings[0].find("power cut") != std::string::npos);
}

TEST_CASE("a promise that is broken at runtime is noticed with the next batch") {
    Own own;
    const auto node = TestNode("attic", 0xa).grow(2);
    REQUIRE(own.store.ingest({node.batch(1, 1)}));
    own.run({"CONFIG", "SET", "appendonly", "no"});
    const auto unsure = own.store.ingest({node.batch(2, 1)});
    REQUIRE_FALSE(unsure);
    CHECK(unsure.error().fault == Fault::transient);
    const auto refused = own.store.ingest({node.batch(2, 1)});
    REQUIRE_FALSE(refused);
    CHECK(refused.error().fault == Fault::misconfigured);
}

TEST_CASE("settings that changed and still promise durability cost one answer") {
    Own own;
    const auto node = TestNode("attic", 0xa).grow(2);
    own.run({"CONFIG", "SET", "no-appendfsync-on-rewrite", "no"});
    REQUIRE(own.store.ingest({node.batch(1, 1)}));
    own.run({"CONFIG", "SET", "appendfsync", "everysec"});
    own.run({"CONFIG", "SET", "appendfsync", "always"});
    CHECK(own.store.ingest({node.batch(2, 1)}));
}

TEST_CASE("what was acknowledged survives kill -9, and a new connection is checked first") {
    Own own;
    const auto node = TestNode("attic", 0xa).grow(6);
    REQUIRE(own.store.ingest({node.batch(1, 4)}));
    own.server.kill_hard();
    const auto lost = own.store.ingest({node.batch(5, 1)});
    REQUIRE_FALSE(lost);
    CHECK(lost.error().fault == Fault::transient);
    own.server.restart();
    // The first call may find the old connection dead, or the new one unchecked; no more than that.
    auto acks = own.store.ingest({node.batch(5, 2)});
    if (!acks) acks = own.store.ingest({node.batch(5, 2)});
    REQUIRE(acks);
    CHECK(acks.value()[0].durable == node.mark(6));
    ingest::RedisSource source(own.client, "sqlite", "second");
    const auto entries = source.read(wire::partition_of("attic", 16), "0-0", 100);
    REQUIRE(entries);
    CHECK(entries.value().size() == 6);
}

TEST_CASE("a reply over a connection that was renewed unseen acknowledges nothing") {
    Own own;
    const auto node = TestNode("attic", 0xa).grow(2);
    REQUIRE(own.store.ingest({node.batch(1, 1)}));
    own.server.restart();
    redis::Client other(own.client_options());
    REQUIRE(other.run_one({"CONFIG", "SET", "appendonly", "no"}));
    for (int i = 0; i < 3; ++i) CHECK_FALSE(own.store.ingest({node.batch(2, 1)}));
}

TEST_CASE("functions that vanished cost one answer and are loaded again") {
    Own own;
    const auto node = TestNode("attic", 0xa).grow(1);
    REQUIRE(own.store.check());
    own.run({"FUNCTION", "FLUSH"});
    const auto lost = own.store.ingest({node.batch(1, 1)});
    REQUIRE_FALSE(lost);
    CHECK(lost.error().fault == Fault::transient);
    CHECK(own.store.ingest({node.batch(1, 1)}));
}

TEST_CASE("an older function library is replaced, a newer one is not touched") {
    const auto library = [](const std::string& version) {
        return "#!lua name=leat\nredis.register_function{function_name='leat_version', "
               "callback=function() return " +
               version + " end, flags={'no-writes'}}";
    };
    Own own;
    own.run({"FUNCTION", "LOAD", library("0")});
    CHECK(own.store.check());
    own.run({"FUNCTION", "LOAD", "REPLACE", library("1000000")});
    const auto refused = own.store.check();
    REQUIRE_FALSE(refused);
    CHECK(refused.error().fault == Fault::misconfigured);
    CHECK(refused.error().detail.find("1000000") != std::string::npos);
    const auto version = own.client.run_one({"FCALL", "leat_version", "0"});
    REQUIRE(version);
    CHECK(version.value().integer == 1'000'000);
}

TEST_CASE("the embedded library is the one of the source tree, with its version") {
    CHECK(bridge::kFunctionLibrary.starts_with("#!lua name=leat"));
    CHECK(bridge::kFunctionVersion > 0);
    Own own;
    REQUIRE(own.store.check());
    const auto version = own.client.run_one({"FCALL", "leat_version", "0"});
    REQUIRE(version);
    CHECK(version.value().integer == bridge::kFunctionVersion);
}

TEST_CASE("the number of partitions is fixed by the first bridge") {
    Own own({.partitions = 8});
    REQUIRE(own.store.check());
    RedisStore other(own.client, own.clock, {.partitions = 16}, "second");
    const auto refused = other.check();
    REQUIRE_FALSE(refused);
    CHECK(refused.error().fault == Fault::misconfigured);
    CHECK(refused.error().detail.find("partitions = 8") != std::string::npos);
    ingest::RedisSource source(own.client, "sqlite", "third");
    CHECK(source.partitions().value() == 8);
    CHECK(source.lineage().value() == "first");
}

TEST_CASE("a server whose memory is full is a limit, and settling still works") {
    Own own;
    const auto node = TestNode("attic", 0xa).grow(2);
    REQUIRE(own.store.ingest({node.batch(1, 1)}));
    ingest::RedisSource source(own.client, "sqlite", "second");
    const auto partition = wire::partition_of("attic", 16);
    const auto entries = source.read(partition, "0-0", 10);
    REQUIRE(entries);
    own.run({"CONFIG", "SET", "maxmemory", "1"});
    const auto refused = own.store.ingest({node.batch(2, 1)});
    REQUIRE_FALSE(refused);
    CHECK(refused.error().fault == Fault::exhausted);
    CHECK(source.settle(partition, entries.value().at(0).id,
                        {{"attic", node.incarnation(), node.mark(1)}}));
    own.run({"CONFIG", "SET", "maxmemory", "0"});
    const auto acks = own.store.ingest({node.batch(2, 1)});
    REQUIRE(acks);
    CHECK(acks.value()[0].applied == node.mark(1));
}

TEST_CASE("the rights that the README names are enough") {
    Own own;
    own.run({"ACL",           "SETUSER",   "bridge",         "on",      ">secret",     "~leat:*",
             "+fcall",        "+fcall_ro", "+function|load", "+info",   "+config|get", "+set",
             "+get",          "+hmget",    "+hget",          "+hset",   "+hdel",       "+hincrby",
             "+hgetall",      "+xlen",     "+xadd",          "+xtrim",  "+xgroup",     "+exists",
             "+xinfo|stream", "+type",     "+scan",          "+xrange", "+xdel",       "+del",
             "+sismember",    "+scard",    "+sadd",          "+srem"});
    const support::TemporaryFolder folder;
    auto connect = own.client_options();
    connect.user = "bridge";
    connect.password_file = folder.write("password", "secret");
    redis::Client client(connect);
    RedisStore store(client, own.clock, {}, "first");
    if (const auto checked = store.check(); !checked) FAIL(checked.error().detail);
    const auto node = TestNode("attic", 0xa).grow(2);
    CHECK(store.ingest({node.batch(1, 1), TestNode("attic", 0xb).grow(1).batch(1, 1)}));
    CHECK(store.bury({.topic = "x", .payload = "y", .reason = "z"}));
    ingest::RedisSource source(client, "sqlite", "second");
    CHECK(source.settle(wire::partition_of("attic", 16), "0-1",
                        {{"attic", node.incarnation(), node.mark(1)}}));
    CHECK(source.survey(""));
    CHECK(own.client.run_one({"SCARD", "leat:nodes"}).value().integer == 1);
    CHECK(source.forget(wire::partition_of("attic", 16), "attic").value() == 2);
}

TEST_CASE("a source without any bridge says what is missing") {
    Own own;
    ingest::RedisSource source(own.client, "sqlite", "first");
    const auto settled = source.settle(0, "0-0", {});
    REQUIRE_FALSE(settled);
    CHECK(settled.error().fault == Fault::transient);
    CHECK(settled.error().detail.find("leat-bridge") != std::string::npos);
    CHECK_FALSE(source.partitions());
    CHECK(source.read(0, "0-0", 10).value().empty());
}

TEST_CASE("people see in XINFO GROUPS how many entries no sink has committed") {
    RealWorld world;
    const auto node = TestNode("attic", 0xa).grow(5);
    REQUIRE(world.store.ingest({node.batch(1, 5)}));
    const auto entries = world.source.read(world.partition_of("attic"), "0-0", 10);
    REQUIRE(entries);
    REQUIRE(world.source.settle(world.partition_of("attic"), entries.value()[1].id, {}));
    const auto groups = world.client().run_one({"XINFO", "GROUPS", world.key("attic", "records")});
    REQUIRE(groups);
    REQUIRE(groups.value().items.size() == 1);
    const auto& fields = groups.value().items[0].items;
    for (std::size_t i = 0; i + 1 < fields.size(); i += 2) {
        if (fields[i].text == "name") CHECK(fields[i + 1].text == "central");
        if (fields[i].text == "lag") CHECK(fields[i + 1].integer == 3);
        if (fields[i].text == "pending") CHECK(fields[i + 1].integer == 0);
    }
}

TEST_CASE("entries of strangers in the stream do not stop those of the nodes") {
    RealWorld world;
    const auto node = TestNode("attic", 0xa).grow(2);
    for (int i = 0; i < 3; ++i) {
        REQUIRE(world.client().run_one({"XADD", world.key("attic", "records"), "*", "a", "b"}));
    }
    REQUIRE(world.store.ingest({node.batch(1, 2)}));
    const auto entries = world.source.read(world.partition_of("attic"), "0-0", 2);
    REQUIRE(entries);
    REQUIRE(entries.value().size() >= 1);
    CHECK(entries.value()[0].seq == 1);
}

TEST_CASE("dead letters are kept byte for byte, and only the newest of them") {
    Own own({.dead_letters_max = 50});
    const std::string bytes("rub\0bish\n\xff", 10);
    for (int i = 0; i < 300; ++i) {
        REQUIRE(own.store.bury(
            {.topic = "leat/v1/attic/data", .payload = bytes, .reason = "header: no object"}));
    }
    const auto length = own.client.run_one({"XLEN", "leat:dead"});
    REQUIRE(length);
    CHECK(length.value().integer >= 50);
    CHECK(length.value().integer < 200);
    const auto last = own.client.run_one({"XREVRANGE", "leat:dead", "+", "-", "COUNT", "1"});
    REQUIRE(last);
    const auto& fields = last.value().items.at(0).items.at(1).items;
    REQUIRE(fields.size() == 8);
    CHECK(fields[1].text == "leat/v1/attic/data");
    CHECK(fields[3].text == "header: no object");
    CHECK(fields[5].text == bytes);
}
