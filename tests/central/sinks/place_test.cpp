// Goal: what a sink has acknowledged stays, whatever happens to its files while it is open. Method:
// remove, rename and replace them between two commits, and look from outside.
#include <doctest/doctest.h>

#include <filesystem>

#include "central/sinks/database_query.hpp"
#include "central/sinks/sqlite_sink.hpp"
#include "central/sinks/steps.hpp"
#include "sqlite/database.hpp"
#include "support/temporary_folder.hpp"

using namespace sinks_test;
namespace fs = std::filesystem;

namespace {

/// A sink with one commit, under the mark 1.
struct World {
    World() { commit(1); }

    void commit(std::uint64_t seq) {
        const auto loaded = sink->load(0, 1);
        REQUIRE(loaded);
        auto step = step_of(loaded.value().state, std::to_string(seq) + "-0");
        step.marks = {mark("attic", 1, seq)};
        REQUIRE(sink->commit(step));
    }
    /// What another program reads at the path.
    std::uint64_t seq_in_place() const {
        auto opened = sqlite::Database::open({.path = path, .is_read_only = true});
        REQUIRE(opened);
        auto database = std::move(opened).value();
        const auto seq = database.number("SELECT max(seq) FROM mark");
        return seq ? static_cast<std::uint64_t>(seq.value()) : 0;
    }
    void remove_all() const {
        for (const auto* end : {"", "-wal", "-shm", ".lock"}) fs::remove(path + end);
    }

    support::TemporaryFolder folder;
    std::string path = folder.file("leat.db");
    std::unique_ptr<sinks::SqliteSink> sink = sinks::SqliteSink::open({.path = path}).value();
};

}  // namespace

TEST_CASE("files that are in their place are no trouble") {
    World world;
    CHECK(world.sink->check());
    world.commit(2);
    CHECK(world.sink->check());
    CHECK(world.seq_in_place() == 2);
}

TEST_CASE("a database that was removed is told, and put back with all that was committed") {
    for (const auto* end : {"", "-wal", "-shm", "all"}) {
        CAPTURE(end);
        World world;
        if (std::string{end} == "all") {
            world.remove_all();
        } else {
            fs::remove(world.path + end);
        }
        const auto checked = world.sink->check();
        REQUIRE_FALSE(checked);
        CHECK(checked.error().detail.find("removed or replaced while in use") != std::string::npos);
        CHECK(world.sink->load(0, 1).value().marks.at(0).mark.seq == 1);
        CHECK(world.sink->check());
        world.commit(2);
        CHECK(world.seq_in_place() == 2);
        world.sink.reset();
        CHECK(world.seq_in_place() == 2);
    }
}

TEST_CASE("what only a log held is in the file before the log goes") {
    for (const auto* end : {"-wal", "-shm"}) {
        CAPTURE(end);
        World world;
        world.commit(7);
        fs::remove(world.path + end);
        // The machine stops while the files are put back: the index cannot be removed.
        fs::remove(world.path + "-shm");
        fs::create_directories(world.path + "-shm/in-the-way");
        CHECK_FALSE(world.sink->check());
        REQUIRE_FALSE(fs::exists(world.path + "-wal"));
        const auto copy = world.folder.file("after.db");
        fs::copy_file(world.path, copy);
        world.path = copy;
        CHECK(world.seq_in_place() == 7);
    }
}

TEST_CASE("nothing is committed into a database that is gone") {
    World world;
    const auto loaded = world.sink->load(0, 1).value();
    world.remove_all();
    CHECK_FALSE(world.sink->commit(step_of(loaded.state, "2-0")));
    world.commit(2);
    CHECK(world.seq_in_place() == 2);
}

TEST_CASE("a file that was put in the place of the one in use is kept beside it") {
    World world;
    world.sink.reset();
    fs::copy_file(world.path, world.folder.file("older.db"));
    world.sink = sinks::SqliteSink::open({.path = world.path}).value();
    world.commit(7);
    fs::rename(world.folder.file("older.db"), world.path);
    CHECK_FALSE(world.sink->check());
    world.commit(8);
    CHECK(world.seq_in_place() == 8);
    CHECK(fs::exists(world.path + ".found-1"));
}

TEST_CASE("while a database cannot be put back nothing is acknowledged, and nothing is lost") {
    World world;
    const auto folder = world.folder.file("data");
    fs::create_directory(folder);
    const auto path = folder + "/leat.db";
    world.sink = sinks::SqliteSink::open({.path = path}).value();
    world.path = path;
    world.commit(3);
    fs::remove_all(folder);
    for (int i = 0; i < 3; ++i) {
        const auto checked = world.sink->check();
        REQUIRE_FALSE(checked);
        CHECK(checked.error().detail.find("cannot be put back") != std::string::npos);
        CHECK_FALSE(world.sink->load(0, 1));
    }
    fs::create_directory(folder);
    world.commit(4);
    CHECK(world.sink->load(0, 1).value().marks.at(0).mark.seq == 4);
    CHECK(world.seq_in_place() == 4);
}

TEST_CASE("a second central stays out after the files were removed, too") {
    World world;
    world.remove_all();
    CHECK_FALSE(world.sink->check());
    REQUIRE(world.sink->load(0, 1));
    CHECK_FALSE(sinks::SqliteSink::open({.path = world.path}));
}

TEST_CASE("a reader follows its path to the file that was put back") {
    World world;
    auto query = sinks::DatabaseQuery::open(world.path).value();
    REQUIRE(query->nodes().value().size() == 1);
    world.remove_all();
    CHECK_FALSE(world.sink->check());
    auto step = step_of(world.sink->load(0, 1).value().state, "9-0");
    for (auto& [name, row] : step.changes.nodes) row.lost_records = 77;
    REQUIRE(world.sink->commit(step));
    CHECK(query->nodes().value().at(0).lost_records == 77);
}
