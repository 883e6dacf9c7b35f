// The verb of the real program, over a database that this test fills. No server is needed.
#include <doctest/doctest.h>

#include <filesystem>

#include "central/engine/engine.hpp"
#include "central/sinks/sqlite_sink.hpp"
#include "places.hpp"
#include "support/process.hpp"
#include "support/temporary_folder.hpp"
#include "wire/record.hpp"

using namespace std::chrono_literals;

namespace {

std::string record(std::uint64_t second) {
    return R"({"k":"data","t":)" + std::to_string(1'763'640'000'000 + second * 1'000) +
           R"(,"clk":"synced","series":{"s.q":{"dt":[0,500],"v":[1,80]}}})";
}

std::unique_ptr<sinks::SqliteSink> open(const std::string& path) {
    auto opened = sinks::SqliteSink::open({.path = path});
    REQUIRE(opened);
    return std::move(opened).value();
}

/// A database with three records of which a reading is set aside, and one that is none.
void fill(const std::string& path) {
    const auto sink = open(path);
    validation::Rule rule;
    rule.most = 60;
    engine::EngineOptions options;
    options.rules = validation::Rules{{{.match = "*", .quantity = {}, .rule = rule}}};
    engine::Engine engine(options, sink->memory());
    std::uint64_t seq = 0;
    for (const auto& line : {record(1), record(2), record(3), std::string{"no record"}}) {
        const engine::Arrival arrival{.node = "attic",
                                      .incarnation = {1},
                                      .mark = {.seq = ++seq, .hash = {}},
                                      .received = base::from_milliseconds(1'763'640'000'000),
                                      .line = line};
        REQUIRE(engine.apply(arrival, wire::decode_record(line)));
    }
    sinks::Commit step;
    step.changes = engine.take_changes();
    REQUIRE(sink->commit(step));
}

struct World {
    World() {
        fill(database);
        configure(60);
    }
    void configure(int most) {
        folder.write("central.toml", "[sink]\npath = \"" + database +
                                         "\"\n[[validate]]\nmost = " + std::to_string(most) + "\n");
    }
    std::string run(std::vector<std::string> more, int wanted = 0) {
        std::vector<std::string> argv{places::program("leat-central"), "quarantine"};
        argv.insert(argv.end(), more.begin(), more.end());
        argv.insert(argv.end(), {"--config", folder.file("central.toml")});
        const auto log = folder.file("run-" + std::to_string(++runs) + ".log");
        auto program = support::Process::start(
            {.argv = argv, .environment = {}, .log_file = log, .folder = {}});
        CHECK(program.wait(20s) == wanted);
        return program.log();
    }
    void says(const std::string& text, const std::string& wanted) {
        CHECK_MESSAGE(text.find(wanted) != std::string::npos, text);
    }

    support::TemporaryFolder folder;
    std::string database = folder.file("leat.db");
    int runs = 0;
};

}  // namespace

TEST_CASE("records in quarantine are listed and shown, also while central runs") {
    World world;
    const auto central = open(world.database);
    world.says(world.run({"list"}), "4 of 4 records");
    world.says(world.run({"list", "--reason", "rule_range"}), "80 is more than 60");
    world.says(world.run({"list", "--reason", "rule_range", "--limit", "1"}), "1 of 3 records");
    world.says(world.run({"list", "--node", "cellar"}), "0 of 0 records");
    world.says(world.run({"list", "--json"}), "\"breaks\":\"range\"");
    world.says(world.run({"list", "--csv"}), "id,received,node,incarnation,seq,reason,parts,");
    world.says(world.run({"list", "--zone", "+01:00"}), " 2025-11-20 13:00:00+01:00 ");
    world.says(world.run({"show", "1"}), "set aside s.q  2025-11-20T12:00:01.500Z  80");
    world.says(world.run({"show", "4", "--json"}), "\"line\":\"no record\"");
    world.says(world.run({"show", "99"}, 2), "no such record");
    world.says(world.run({"show"}, 2), "quarantine show 12");
    world.says(world.run({"show", "first"}, 2), "\"first\" is no record's number");
    world.says(world.run({"replay"}, 78), "Stop it, and start it again afterwards");
    world.says(world.run({"drop", "--node", "attic", "--yes"}, 78),
               "Stop it, and start it again afterwards");
    world.says(world.run({"list"}), "4 of 4 records");
}

TEST_CASE("records are replayed after their rule was mended, by number, by reason, all") {
    World world;
    world.says(world.run({"replay"}), "4 records looked at: 0 readings of 0 records count now, 4");
    world.configure(80);
    world.says(world.run({"replay", "2"}), "1 record looked at: 1 readings of 1 record count now");
    world.says(world.run({"replay", "--reason", "rule_range"}), "2 records looked at: 2 readings");
    world.says(world.run({"list"}), "1 of 1 record");
    world.says(world.run({"replay"}), "1 record looked at: 0 readings of 0 records count now, 1");
}

TEST_CASE("records are dropped when a person agrees, and only those that are meant") {
    World world;
    // Nobody answers the question: then nothing is removed.
    world.says(world.run({"drop"}), "nothing is removed");
    world.says(world.run({"drop", "--yes"}, 2), "which ones?");
    world.says(world.run({"drop", "1", "4", "--yes"}), "2 records removed");
    world.says(world.run({"drop", "--reason", "rule_step", "--yes"}), "0 records removed");
    world.says(world.run({"list"}), "2 of 2 records");
    world.says(world.run({"drop", "--node", "attic", "--yes"}), "2 records removed");
    world.configure(80);
    world.says(world.run({"replay"}), "0 records looked at");
}

TEST_CASE("a wrong path makes no database") {
    World world;
    world.database = world.folder.file("none.db");
    world.configure(80);
    for (const char* action : {"list", "replay", "drop"}) {
        world.says(world.run({action, "--yes"}, 78), "there is no database");
    }
    CHECK_FALSE(std::filesystem::exists(world.database));
}
