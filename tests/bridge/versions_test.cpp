// Goal: programs of different versions on one Redis spoil nothing, and a program that may not do
// what it must says that. Method: a real Redis; the calls as other versions make them, a library as
// a later version loads it, and a user with too few rights.
#include <doctest/doctest.h>

#include "bridge/embedded.hpp"
#include "bridge/test_node.hpp"
#include "bridge/worlds.hpp"
#include "support/temporary_folder.hpp"

using base::Fault;
using bridge_test::RealWorld;
using bridge_test::TestNode;
using wire::Answer;

namespace {

struct World : RealWorld {
    World() { attic.grow(9); }
    ~World() { (void)client().run_one({"FUNCTION", "FLUSH"}); }
    World(const World&) = delete;
    World& operator=(const World&) = delete;

    std::string code_of(const redis::Command& command) {
        const auto replies = client().run({command});
        REQUIRE(replies);
        return replies.value().front().code;
    }
    /// The call of a batch of two records, with these arguments behind the cap.
    redis::Command old_call(std::vector<std::string> keys, const std::vector<std::string>& more) {
        redis::Command command{"FCALL", "leat_ingest", std::to_string(keys.size())};
        command.insert(command.end(), keys.begin(), keys.end());
        const auto request = attic.batch(2, 2);
        for (const auto& word :
             {std::string{"attic"}, wire::to_text(attic.incarnation()), std::string{"2"},
              std::string{"2"}, std::string{"1"}, wire::to_text(request.header.before),
              wire::to_text(attic.mark(0).hash), std::string{"1763640000000"},
              std::string{"1000"}}) {
            command.push_back(word);
        }
        command.insert(command.end(), more.begin(), more.end());
        for (std::size_t i = 0; i < 2; ++i) {
            command.push_back(request.lines[i]);
            command.push_back(wire::to_text(request.chain[i]));
        }
        return command;
    }
    std::vector<ingest::Entry> entries() {
        return source.read(partition_of("attic"), "0-0", 100).value();
    }
    /// The library as a later version has it.
    void load_later_library() {
        std::string library{bridge::kFunctionLibrary};
        const auto put = [&](const std::string& from, const std::string& to) {
            REQUIRE(library.find(from) != std::string::npos);
            library.replace(library.find(from), from.size(), to);
        };
        put("local VERSION = " + std::to_string(bridge::kFunctionVersion),
            "local VERSION = " + std::to_string(bridge::kFunctionVersion + 1));
        put("local ARGUMENTS = 11", "local ARGUMENTS = 12");
        REQUIRE(client().run_one({"FUNCTION", "LOAD", "REPLACE", library}));
    }

    TestNode attic{"attic", 0xa};
};

}  // namespace

TEST_CASE("a bridge of another version that still runs stores nothing") {
    World world;
    REQUIRE(world.store.ingest({world.attic.batch(1, 1)}));
    const auto node = world.key("attic", "node:attic");
    const auto stream = world.key("attic", "records");
    CHECK(world.code_of(world.old_call({node, stream}, {""})) == "LEAT_VERSION");
    CHECK(world.code_of(world.old_call({node, stream, "leat:nodes"}, {"", "10", "1"})) ==
          "LEAT_VERSION");
    CHECK(world.code_of(world.old_call({node, stream, "leat:nodes"}, {""})) == "LEAT_VERSION");
    REQUIRE(world.entries().size() == 1);
    CHECK(world.entries()[0].line == world.attic.line(1));
    CHECK(world.store.ingest({world.attic.batch(2, 2)}).value()[0].durable == world.attic.mark(3));
    REQUIRE(world.entries().size() == 3);
    CHECK(world.entries()[2].line == world.attic.line(3));
}

TEST_CASE("no function believes a call that another version makes") {
    World world;
    REQUIRE(world.store.ingest({world.attic.batch(1, 3)}));
    const auto node = world.key("attic", "node:attic");
    const auto stream = world.key("attic", "records");
    const auto cursors = world.key("attic", "cursors");
    const redis::Command calls[]{
        {"FCALL", "leat_applied", "1", node, "a", "1"},
        {"FCALL", "leat_settle", "2", cursors, stream, "sqlite"},
        {"FCALL", "leat_settle", "3", cursors, stream, node, "sqlite", "0-0", "a", "1"},
        {"FCALL", "leat_rewind", "1", node, "a", "1"},
        {"FCALL", "leat_forget", "2", node, stream, "attic"},
        {"FCALL", "leat_forget", "3", node, stream, "leat:nodes", "attic"},
        {"FCALL_RO", "leat_marks", "1", node, "attic"},
    };
    for (const auto& call : calls) {
        CAPTURE(call[1]);
        CAPTURE(call.size());
        CHECK(world.code_of(call) == "LEAT_VERSION");
    }
    CHECK(world.knows("attic"));
    CHECK(world.entries().size() == 3);
}

TEST_CASE("a bridge that a later version has overtaken stops, and says what to do") {
    World world;
    REQUIRE(world.store.ingest({world.attic.batch(1, 1)}));
    world.load_later_library();
    for (int i = 0; i < 2; ++i) {
        const auto acks = world.store.ingest({world.attic.batch(2, 1)});
        REQUIRE_FALSE(acks);
        CHECK(acks.error().fault == Fault::misconfigured);
        CHECK_MESSAGE(acks.error().detail.find("Remedy: the same") != std::string::npos,
                      acks.error().detail);
    }
    CHECK(world.entries().size() == 1);
}

TEST_CASE("central asks for a bridge of its version when a function is missing") {
    World world;
    REQUIRE(world.client().run_one({"FUNCTION", "FLUSH"}));
    const auto forgotten = world.source.forget(world.partition_of("attic"), "attic");
    REQUIRE_FALSE(forgotten);
    CHECK(forgotten.error().detail ==
          "the functions of this leat are not in Redis: no leat-bridge has loaded them yet, or "
          "only an older one has. Start a leat-bridge of this version");
}

TEST_CASE("a user that may not do what a function does is told that, and blames no key") {
    World world;
    REQUIRE(world.client().run_one({"ACL", "SETUSER", "low", "reset", "on", "nopass", "~leat:*",
                                    "+@all", "-hmget", "-hget", "-xadd", "-hset"}));
    const support::TemporaryFolder folder;
    auto options = RealWorld::client_options();
    options.user = "low";
    options.password_file = folder.write("password", "any\n");
    redis::Client low{options};
    bridge::RedisStore store{low, world.clock, {}, "first"};
    const auto acks = store.ingest({world.attic.batch(1, 1)});
    REQUIRE(world.client().run_one({"ACL", "DELUSER", "low"}));
    REQUIRE_FALSE(acks);
    CHECK(acks.error().fault == Fault::misconfigured);
    const auto& said = acks.error().detail;
    const bool is_permission = said.find("can't run this command") != std::string::npos ||
                               said.find("no permission") != std::string::npos;
    CHECK_MESSAGE(is_permission, said);
}
