// Goal: a backup is whole and ours, or it is not there; and nothing else in its folder changes.
#include <sys/stat.h>

#include "central/jobs/core/folder.hpp"
#include "central/jobs/kinds/job_world.hpp"
#include "central/sinks/database_query.hpp"
#include "sqlite/database.hpp"

using namespace jobs_test;
using Names = std::vector<std::string>;

namespace {

struct World : JobWorld {
    World() { fill(kMidnight, kMidnight + 24h); }

    std::string keys(int copies = 7) const {
        return folder_key() + "keep = " + std::to_string(copies) + "\n";
    }
    base::Error refused(const std::string& keys) {
        const auto before = files();
        auto error = failure("backup", keys);
        CHECK(files() == before);
        return error;
    }
};

bool says(const base::Error& error, const std::string& wanted) {
    CAPTURE(error.detail);
    return error.detail.find(wanted) != std::string::npos;
}

}  // namespace

TEST_CASE("a copy is a database of ours with all readings, beside a central that runs") {
    World world;
    const auto work = world.work("backup", world.keys());
    CHECK(work.records == 144);
    CHECK(work.read == world.path);
    CHECK(work.wrote == world.target + "/leat-20251121T020000Z.db");
    CHECK(world.files() == Names{"leat-20251121T020000Z.db"});
    const auto identity = world.database->sink().identity();
    world.database.reset();
    {
        auto query = sinks::DatabaseQuery::open(work.wrote).value();
        const auto readings = query->readings(
            {.node = "attic", .series = kSeries, .from = kMidnight, .to = kMidnight + 24h});
        REQUIRE(readings);
        CHECK(readings.value().size() == 144);
    }
    // A central goes on with it.
    std::filesystem::rename(work.wrote, world.path);
    world.database = std::make_unique<shell_test::Database>(world.path);
    CHECK(world.database->sink().identity() == identity);
    world.fill(kMidnight + 24h, kMidnight + 25h);
    CHECK(world.work("backup", world.keys()).records == 150);
}

TEST_CASE("the newest copies stay, and whatever else is in the folder") {
    World world;
    const Names others{"leat-20251101T020000Z.db.gz",
                       "leat-20251101T0200.db",
                       "leat-.db",
                       "leat-2025x101T020000Z.db",
                       "notes.txt",
                       "leat-notes.db.part",
                       "my-leat-20251101T020000Z.db"};
    for (const auto& name : others) world.write(name, name);
    for (int day = 0; day < 5; ++day) {
        world.work("backup", world.keys(3));
        world.now += 24h;
    }
    auto wanted = others;
    for (const auto* day : {"23", "24", "25"}) {
        wanted.push_back("leat-202511" + std::string{day} + "T020000Z.db");
    }
    std::sort(wanted.begin(), wanted.end());
    CHECK(world.files() == wanted);
}

TEST_CASE("copies of a clock that was ahead do not push out the one that was just made") {
    World world;
    for (const auto* name : {"leat-20301121T020000Z.db", "leat-20301122T020000Z.db"}) {
        world.write(name, "newer, by its name");
    }
    const auto work = world.work("backup", world.keys(2));
    CHECK(world.files() == Names{"leat-20251121T020000Z.db", "leat-20301122T020000Z.db"});
    CHECK(std::filesystem::exists(work.wrote));
}

TEST_CASE("what a killed run has left goes with the next run") {
    World world;
    world.write("leat-20251120T020000Z.db.part", "half a database");
    world.write("leat-20251121T020000Z.db.part", "the same name");
    world.work("backup", world.keys());
    CHECK(world.files() == Names{"leat-20251121T020000Z.db"});
}

TEST_CASE("a dry run says what it would do, and does nothing") {
    World world;
    world.write("leat-20251120T020000Z.db.part", "half a database");
    const auto work = world.work("backup", world.keys(), {.is_dry = true});
    CHECK(work.records == 144);
    CHECK(work.wrote == world.target + "/leat-20251121T020000Z.db");
    CHECK(world.files() == Names{"leat-20251120T020000Z.db.part"});
}

TEST_CASE("a folder that is missing, or cannot be written, is told and nothing is left") {
    World world;
    const auto missing = world.refused("folder = \"" + world.target + "/no/nor\"");
    CHECK(missing.fault == base::Fault::misconfigured);
    CHECK(says(missing, "/nor: there is no such folder, and it cannot be made"));
    // Not even root can make a file there.
    world.failure("backup", "folder = \"/proc\"");
    world.write("leat-20251120T020000Z.db", "a file, no folder");
    CHECK(says(world.refused("folder = \"" + world.target + "/leat-20251120T020000Z.db\""),
               "there is no such folder"));
}

TEST_CASE("on a disk that is full nothing is left, and older copies stay") {
    World world;
    world.write("leat-20251101T020000Z.db", "of before");
    {
        const FullDisk disk{64 * 1024};
        world.refused(world.keys(1));
    }
    world.work("backup", world.keys(1));
    CHECK(world.files() == Names{"leat-20251121T020000Z.db"});
}

TEST_CASE("a database that is damaged is not copied, and older copies stay") {
    World world;
    world.work("backup", world.keys(1));
    world.now += 24h;
    const auto page = sqlite::Database::open({.path = world.path})
                          .value()
                          .number("SELECT rootpage FROM sqlite_master WHERE name = 'rollup_1m'");
    world.database.reset();  // Writes the log back.
    {
        std::fstream file{world.path, std::ios::in | std::ios::out | std::ios::binary};
        file.seekp(4'096 * (page.value() - 1));
        file << std::string(200, '\x77');
        REQUIRE(file);
    }
    CHECK(world.refused(world.keys(1)).fault == base::Fault::malformed);
}

TEST_CASE("a copy in which SQLite finds a mistake gets no name") {
    World world;
    // As VACUUM takes rows as they are, a NULL where none may be gets into the copy.
    world.execute("UPDATE dim_series SET period = NULL");
    world.execute(
        "PRAGMA writable_schema = ON;"
        "UPDATE sqlite_master SET sql = replace(sql, 'period INTEGER,', 'period INTEGER NOT NULL,')"
        " WHERE name = 'dim_series'");
    const auto error = world.refused(world.keys());
    CHECK(error.fault == base::Fault::transient);
    CHECK(says(error, "the copy is not good: NULL value in dim_series.period"));
}

TEST_CASE("what is no database of ours is not copied") {
    World world;
    world.execute("PRAGMA application_id = 7");
    CHECK(says(world.refused(world.keys()), "belongs to another program"));
    world.database.reset();
    std::filesystem::remove(world.path);
    world.refused(world.keys());
    CHECK_FALSE(std::filesystem::exists(world.path));
}
