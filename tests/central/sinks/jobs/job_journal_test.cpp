// Goal: the runs of jobs are in the file of the sink, in their order and bounded, beside a central
// that writes into it.
#include "central/sinks/jobs/job_journal.hpp"

#include <doctest/doctest.h>

#include <filesystem>

#include "central/database/any_database.hpp"
#include "central/database/place.hpp"
#include "central/shell/filled_database.hpp"
#include "support/temporary_folder.hpp"

using namespace std::chrono_literals;
using jobs::Run;
using jobs::RunStatus;

namespace {

constexpr auto kStart = base::from_milliseconds(1'763'640'000'000);

Run begun(const std::string& job, base::EventTime at = kStart) {
    return {.job = job, .kind = "backup", .started = at, .is_scheduled = true};
}

struct World {
    std::int64_t begin(const Run& run) {
        const auto id = journal.begin(run);
        REQUIRE_MESSAGE(id, id.error().detail);
        return id.value();
    }
    std::vector<Run> runs(const jobs::RunRange& range) {
        auto found = journal.runs(range);
        REQUIRE_MESSAGE(found, found.error().detail);
        return std::move(found).value();
    }
    std::vector<std::int64_t> ids(const jobs::RunRange& range) {
        std::vector<std::int64_t> all;
        for (const auto& run : runs(range)) all.push_back(run.id);
        return all;
    }

    support::TemporaryFolder folder;
    std::string path = folder.file("leat.db");
    shell_test::Database central{path};
    sinks::JobJournal journal{central_test::place(path)};
};

}  // namespace

TEST_CASE("a run is read back as it was noted, from its begin and from its end") {
    World world;
    CHECK(world.runs({}).empty());
    auto run = begun("nightly");
    run.id = world.begin(run);
    CHECK(world.runs({}) == std::vector{run});
    run.status = RunStatus::failed;
    run.ended = kStart + 1'234ms;
    run.records = 18'000'000'000;
    run.read = "it's \"here\"";
    run.wrote = "there; DROP TABLE etl_log";
    run.error = "the disk is full\nreally";
    run.remedy = "größer";
    REQUIRE(world.journal.end(run));
    CHECK(world.runs({}) == std::vector{run});
    sinks::JobJournal other{central_test::place(world.path)};
    const auto newest = other.newest("nightly");
    REQUIRE(newest);
    CHECK(newest.value() == run);
    CHECK(other.newest("weekly").value() == std::nullopt);
}

TEST_CASE("a person reads what became of a run in the view") {
    World world;
    auto run = begun("nightly");
    run.id = world.begin(run);
    run.status = RunStatus::ok;
    run.ended = kStart + 1'500ms;
    REQUIRE(world.journal.end(run));
    auto database =
        central_test::AnyDatabase::open({.path = world.path, .is_read_only = true}).value();
    auto row = database.query("SELECT job, status, started, seconds FROM v_jobs");
    REQUIRE(row.next().value());
    CHECK(row.string(0) == "nightly");
    CHECK(row.string(1) == "ok");
    CHECK(row.string(2) == "2025-11-20T12:00:00Z");
    CHECK(row.number(3) == 1.5);
}

TEST_CASE("runs come newest first, of one job or of all, and page by page") {
    World world;
    for (int i = 0; i < 3; ++i) {
        world.begin(begun("a"));
        world.begin(begun("b"));
    }
    CHECK(world.ids({}) == std::vector<std::int64_t>{6, 5, 4, 3, 2, 1});
    CHECK(world.ids({.job = "b"}) == std::vector<std::int64_t>{6, 4, 2});
    CHECK(world.ids({.job = "b", .runs_max = 2}) == std::vector<std::int64_t>{6, 4});
    CHECK(world.ids({.job = "b", .before = 4}) == std::vector<std::int64_t>{2});
    CHECK(world.ids({.before = 3, .runs_max = 1}) == std::vector<std::int64_t>{2});
    CHECK(world.ids({.job = "c"}).empty());
}

TEST_CASE("of a job the newest 1 000 runs are kept, and all of the others") {
    World world;
    world.begin(begun("rare"));
    {
        // Filled by hand, as each begin() is synced.
        auto database = central_test::AnyDatabase::open({.path = world.path}).value();
        REQUIRE(database.execute(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1100)"
            " INSERT INTO etl_log (job, kind, status, started, is_scheduled, is_whole, records, "
            "read, wrote,"
            " error, remedy) SELECT 'often', 'backup', 'ok', i, 1, 1, 0, '', '', '', '' FROM n"));
    }
    const auto id = world.begin(begun("often"));
    const auto often = world.ids({.job = "often", .runs_max = 5'000});
    REQUIRE(often.size() == 1'000);
    CHECK(often.front() == id);
    CHECK(often.back() == id - 999);
    world.begin(begun("often"));
    CHECK(world.ids({.job = "often", .runs_max = 5'000}).size() == 1'000);
    CHECK(world.ids({.job = "rare"}) == std::vector<std::int64_t>{1});
}

TEST_CASE("runs without an end are closed, of one job, none before it began") {
    World world;
    world.begin(begun("nightly", kStart));
    world.begin(begun("nightly", kStart + 48h));  // By a clock that was ahead.
    world.begin(begun("other"));
    auto done = begun("nightly");
    done.id = world.begin(done);
    done.status = RunStatus::ok;
    done.ended = kStart + 1s;
    REQUIRE(world.journal.end(done));
    CHECK(world.journal.close_interrupted("nightly", kStart + 24h).value() == 2);
    const auto runs = world.runs({.job = "nightly"});
    REQUIRE(runs.size() == 3);
    CHECK(runs[0] == done);
    CHECK(runs[1].status == RunStatus::interrupted);
    CHECK(runs[1].ended == kStart + 48h);
    CHECK(runs[2].ended == kStart + 24h);
    CHECK_FALSE(runs[2].error.empty());
    CHECK_FALSE(runs[2].remedy.empty());
    CHECK(world.runs({.job = "other"})[0].status == RunStatus::running);
    CHECK(world.journal.close_interrupted("nightly", kStart).value() == 0);
}

TEST_CASE("runs are noted beside a central that writes, in turns") {
    World world;
    world.central.declare("attic", "climate.temperature", "temperature", "Cel");
    for (int i = 0; i < 20; ++i) {
        world.central.read("attic", "climate.temperature", kStart + i * 1s, i);
        world.central.commit();
        auto run = begun("nightly");
        run.id = world.begin(run);
        run.ended = kStart + 1s;
        REQUIRE(world.journal.end(run));
    }
    CHECK(world.runs({}).size() == 20);
}

TEST_CASE("while another program writes a run cannot be noted, and afterwards it can") {
    if (central_test::is_postgres()) return;
    World world;
    world.begin(begun("nightly"));
    auto other = central_test::AnyDatabase::open({.path = world.path}).value();
    {
        sql::Transaction transaction{other};
        REQUIRE(other.execute("DELETE FROM alert"));
        const auto id = world.journal.begin(begun("nightly"));
        REQUIRE_FALSE(id);
        CHECK(id.error().fault == base::Fault::transient);
        CHECK(world.ids({}) == std::vector<std::int64_t>{1});
    }
    CHECK(world.begin(begun("nightly")) == 2);
}

TEST_CASE("a database of an older leat is refused, and left as it is") {
    World world;
    {
        auto database = central_test::AnyDatabase::open({.path = world.path}).value();
        REQUIRE(database.execute(central_test::older(4) + "DROP VIEW v_jobs; DROP TABLE etl_log"));
    }
    const auto id = world.journal.begin(begun("nightly"));
    REQUIRE_FALSE(id);
    CHECK(id.error().fault == base::Fault::misconfigured);
    CHECK(id.error().detail.find("of an older leat") != std::string::npos);
    CHECK_FALSE(world.journal.runs({}));
    auto database =
        central_test::AnyDatabase::open({.path = world.path, .is_read_only = true}).value();
    CHECK_FALSE(database.number("SELECT count(*) FROM etl_log"));
}

TEST_CASE("when the file is replaced the runs of the new one are read") {
    if (central_test::is_postgres()) return;
    World world;
    world.begin(begun("nightly"));
    const support::TemporaryFolder elsewhere;
    { shell_test::Database fresh{elsewhere.file("leat.db")}; }
    std::filesystem::rename(elsewhere.file("leat.db"), world.path);
    std::filesystem::remove(world.path + "-wal");
    std::filesystem::remove(world.path + "-shm");
    CHECK(world.runs({}).empty());
}
