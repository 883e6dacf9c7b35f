#include "central/jobs/kinds/job_world.hpp"
#include "sqlite/database.hpp"

using namespace jobs_test;

namespace {

/// Two thirds of the file are free.
struct World : JobWorld {
    World() {
        fill(kMidnight, kMidnight + 24h);
        execute(
            "CREATE TABLE bulk (x); WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n"
            " WHERE i < 500) INSERT INTO bulk SELECT zeroblob(4000) FROM n; DROP TABLE bulk;"
            "PRAGMA wal_checkpoint(TRUNCATE)");
    }
    std::int64_t number(const std::string& sql) {
        return sqlite::Database::open({.path = path}).value().number(sql).value();
    }
    std::uintmax_t bytes() const { return std::filesystem::file_size(path); }
};

}  // namespace

TEST_CASE("below its share nothing is done, and above it the file gets smaller with all rows") {
    World world;
    const auto before = world.bytes();
    const auto identity = world.database->sink().identity();
    const auto idle = world.work("vacuum", "free_at_least = 0.95");
    CHECK(idle.records == 0);
    CHECK(idle.wrote.starts_with("nothing: "));
    CHECK(world.bytes() == before);
    const auto rows = world.number("SELECT sum(count) FROM rollup_1m");
    const auto work = world.work("vacuum", {});
    CHECK(work.records >= 500);
    CHECK(work.wrote.find(" MiB in place of ") != std::string::npos);
    CHECK(world.bytes() < before / 2);
    CHECK(world.number("PRAGMA freelist_count") == 0);
    CHECK(world.number("SELECT sum(count) FROM rollup_1m") == rows);
    CHECK(rows == 144);
    CHECK(world.work("vacuum", {}).records == 0);
    // The central that had it open all the while goes on.
    world.fill(kMidnight + 24h, kMidnight + 25h);
    CHECK(world.number("SELECT sum(count) FROM rollup_1m") == 150);
    CHECK(world.database->sink().identity() == identity);
}

TEST_CASE("a dry run says whether it would be worth it, and leaves the file") {
    World world;
    const auto before = world.bytes();
    CHECK(world.work("vacuum", {}, {.is_dry = true}).wrote.starts_with("it anew: "));
    CHECK(
        world.work("vacuum", "free_at_least = 1", {.is_dry = true}).wrote.starts_with("nothing: "));
    CHECK(world.bytes() == before);
}

TEST_CASE("without room on the disk the database stays as it is") {
    World world;
    const auto before = world.bytes();
    {
        // The log, which would have to take the whole new file, cannot grow.
        const FullDisk disk{32 * 1024};
        world.failure("vacuum", {});
    }
    CHECK(world.bytes() == before);
    CHECK(world.number("SELECT sum(count) FROM rollup_1m") == 144);
    CHECK(world.work("vacuum", {}).records >= 500);
}
