#include "central/sinks/sqlite_sink.hpp"

#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <string>

#include "central/sinks/steps.hpp"
#include "sqlite/database.hpp"
#include "support/temporary_folder.hpp"

using namespace sinks_test;
using sinks::SqliteSink;

namespace {

/// What `sqlite3 leat.db "<query>"` would show first.
std::string ask(const std::string& path, const std::string& sql) {
    auto opened = sqlite::Database::open({.path = path, .is_read_only = true});
    REQUIRE(opened);
    auto database = std::move(opened).value();
    auto query = database.query(sql);
    const auto row = query.next();
    REQUIRE_MESSAGE(row, (row ? "" : row.error().detail));
    return row.value() ? query.string(0) : "";
}

void run(const std::string& path, const std::string& sql) {
    auto opened = sqlite::Database::open({.path = path});
    REQUIRE(opened);
    auto database = std::move(opened).value();
    REQUIRE(database.execute(sql));
}

std::unique_ptr<SqliteSink> open(const std::string& path, std::uint64_t quarantine_max = 100) {
    auto sink = SqliteSink::open({.path = path, .quarantine_max = quarantine_max});
    REQUIRE_MESSAGE(sink, sink.error().detail);
    return std::move(sink).value();
}

}  // namespace

TEST_CASE("a second central on the same file is refused, and let in when the first is gone") {
    const support::TemporaryFolder folder;
    const auto path = folder.file("leat.db");
    {
        const auto first = open(path);
        const auto second = SqliteSink::open({.path = path});
        REQUIRE_FALSE(second);
        CHECK(second.error().fault == base::Fault::misconfigured);
        CHECK(second.error().detail == path + ": another central uses this database");
    }
    open(path);
}

TEST_CASE("a database has a name of its own, and keeps it") {
    const support::TemporaryFolder folder;
    const auto identity = open(folder.file("leat.db"))->identity();
    CHECK(identity.size() == 32);
    CHECK(open(folder.file("leat.db"))->identity() == identity);
    CHECK(open(folder.file("other.db"))->identity() != identity);
}

TEST_CASE("a newer leat's database is refused and left as it is") {
    const support::TemporaryFolder folder;
    const auto path = folder.file("leat.db");
    open(path);
    run(path, "PRAGMA user_version=99");
    const auto sink = SqliteSink::open({.path = path});
    REQUIRE_FALSE(sink);
    CHECK(sink.error().fault == base::Fault::misconfigured);
    CHECK(sink.error().detail.find("version 99") != std::string::npos);
    CHECK(ask(path, "PRAGMA user_version") == "99");
}

TEST_CASE("another program's database is refused and left as it is") {
    const support::TemporaryFolder folder;
    const auto path = folder.file("other.db");
    run(path, "CREATE TABLE stamps (id INTEGER)");
    const auto sink = SqliteSink::open({.path = path});
    REQUIRE_FALSE(sink);
    CHECK(sink.error().fault == base::Fault::misconfigured);
    CHECK(ask(path, "SELECT count(*) FROM sqlite_master") == "1");
}

TEST_CASE("a file in a folder that is not there is refused") {
    const support::TemporaryFolder folder;
    CHECK_FALSE(SqliteSink::open({.path = folder.file("none/leat.db")}));
}

TEST_CASE("the views read well to a person") {
    const support::TemporaryFolder folder;
    const auto path = folder.file("leat.db");
    const auto sink = open(path);
    REQUIRE(sink->commit(step_of(sink->load(0, 1).value().state, "1-0")));
    CHECK(ask(path,
              "SELECT node||' '||series||' '||value||' '||unit||' '||time"
              " FROM v_latest_readings") ==
          "attic climate.temperature 21.25 Cel 1970-01-01T00:00:09Z");
    CHECK(ask(path,
              "SELECT node||' '||series||' '||hour||' '||count||' '||min||' '||failed"
              " FROM v_hourly") == "attic climate.temperature 1970-01-01T00:00:00Z 4 -1.5 1");
    CHECK(ask(path, "SELECT incarnation FROM dim_node") == "fedcba9876543210");
    CHECK(ask(path, "PRAGMA journal_mode") == "wal");
}

TEST_CASE("readings from the future are read as they were written, and have a view of their own") {
    const support::TemporaryFolder folder;
    const auto path = folder.file("leat.db");
    const auto sink = open(path);
    auto step = step_of(sink->load(0, 1).value().state, "1-0");
    auto& row = step.changes.series.at({"attic", "climate.temperature"});
    row.ahead = engine::AheadRow{.at = at(4'102'444'740'000), .value = -127, .readings = 2};
    REQUIRE(sink->commit(step));
    CHECK(sink->memory().series("attic").value().at(0).ahead == row.ahead);
    CHECK(ask(path, "SELECT time FROM v_latest_readings") == "1970-01-01T00:00:09Z");
    CHECK(ask(path,
              "SELECT node||' '||series||' '||value||' '||unit||' '||time||' '||readings"
              " FROM v_readings_ahead") ==
          "attic climate.temperature -127.0 Cel 2099-12-31T23:59:00Z 2");
}

TEST_CASE("no mean in a view is outside its readings, in a database from before that either") {
    const support::TemporaryFolder folder;
    const auto path = folder.file("leat.db");
    const auto write = [&](sinks::SqliteSink& sink) {
        auto step = step_of(sink.load(0, 1).value().state, "1-0");
        engine::WindowRow row;
        for (int i = 0; i < 45; ++i) row.summary.add(13.46);
        REQUIRE(row.summary.sum / 45 != 13.46);
        step.changes.windows[{1h, "attic", "climate.temperature", at(0)}] = row;
        REQUIRE(sink.commit(step));
    };
    write(*open(path));
    run(path, "DROP VIEW v_hourly");
    run(path, "CREATE VIEW v_hourly AS SELECT sum / count AS mean FROM rollup_1h");
    CHECK(ask(path, "SELECT mean = 13.46 FROM v_hourly") == "0");
    const auto again = open(path);
    CHECK(ask(path, "SELECT mean = 13.46 FROM v_hourly") == "1");
}

TEST_CASE("quarantine keeps the newest lines and counts what it drops") {
    const support::TemporaryFolder folder;
    const auto path = folder.file("leat.db");
    const auto sink = open(path, 3);
    const auto state = sink->load(0, 1).value().state;
    std::uint64_t dropped = 0;
    for (int i = 0; i < 5; ++i) {
        auto step = step_of(state, "1-0");
        step.changes.quarantined[0].line = "line " + std::to_string(i);
        const auto committed = sink->commit(step);
        REQUIRE(committed);
        for (const auto& [reason, lines] : committed.value().quarantine_dropped) dropped += lines;
    }
    CHECK(dropped == 2);
    CHECK(ask(path, "SELECT group_concat(line, ',') FROM quarantine") == "line 2,line 3,line 4");
}

TEST_CASE("of each node the newest gaps are kept, and what is dropped is counted") {
    const support::TemporaryFolder folder;
    const auto path = folder.file("leat.db");
    const auto sink = SqliteSink::open({.path = path, .gaps_max = 3}).value();
    const auto state = sink->load(0, 1).value().state;
    std::uint64_t dropped = 0;
    for (std::uint64_t i = 1; i <= 5; ++i) {
        auto step = step_of(state, "1-0");
        step.changes.gaps[0].from = i;
        if (i == 1) step.changes.gaps.push_back(step.changes.gaps[0]);
        if (i == 1) step.changes.gaps[1].node = "cellar";
        const auto committed = sink->commit(step);
        REQUIRE(committed);
        dropped += committed.value().gaps_dropped;
    }
    CHECK(dropped == 2);
    CHECK(ask(path,
              "SELECT group_concat(name || from_seq, ' ') FROM gap JOIN dim_node"
              " ON dim_node.id = node_id") == "cellar1 attic3 attic4 attic5");
}

TEST_CASE("a sink whose file failed refuses until it is loaded again, then goes on") {
    const support::TemporaryFolder folder;
    const auto path = folder.file("leat.db");
    const auto sink = open(path);
    const auto state = sink->load(0, 1).value().state;
    run(path, "CREATE TRIGGER trouble BEFORE INSERT ON gap BEGIN SELECT RAISE(ABORT, 'no'); END");
    CHECK_FALSE(sink->commit(step_of(state, "1-0")));
    CHECK_FALSE(sink->commit(step_of(state, "1-0")));
    CHECK_FALSE(sink->memory().node("attic"));
    run(path, "DROP TRIGGER trouble");
    const auto loaded = sink->load(0, 1);
    REQUIRE(loaded);
    CHECK(loaded.value().state.cursor == "0-0");
    CHECK_FALSE(sink->memory().node("attic").value());
    REQUIRE(sink->commit(step_of(loaded.value().state, "1-0")));
    CHECK(ask(path, "SELECT count(*) FROM dim_node") == "1");
}

TEST_CASE("after a kill at any moment, rows and cursor agree") {
    const support::TemporaryFolder folder;
    const auto path = folder.file("leat.db");
    int highest = 0;
    // On a slow disk it takes a while until the first commit.
    for (int round = 0; round < 10 || (highest == 0 && round < 60); ++round) {
        const pid_t child = ::fork();
        REQUIRE(child >= 0);
        if (child == 0) {
            // Commits for ever: count in the row, cursor and mark always rise together.
            auto sink = SqliteSink::open({.path = path});
            if (!sink) ::_exit(1);
            auto state = sink.value()->load(0, 1).value().state;
            for (int n = std::stoi(state.cursor) + 1;; ++n) {
                auto step = step_of(state, std::to_string(n) + "-0");
                const auto count = static_cast<std::uint64_t>(n);
                step.marks = {mark("attic", 1, count)};
                for (auto& [key, row] : step.changes.windows) row.summary.count = count;
                if (!sink.value()->commit(step)) ::_exit(1);
            }
        }
        base::pause_for(20ms + round * 7ms);
        ::kill(child, SIGKILL);
        int status = 0;
        REQUIRE(::waitpid(child, &status, 0) == child);
        REQUIRE(WIFSIGNALED(status));
        if (!std::filesystem::exists(path)) continue;

        const auto sink = open(path);
        const auto loaded = sink->load(0, 1).value();
        const int cursor = std::stoi(loaded.state.cursor);
        CHECK(cursor >= highest);
        highest = cursor;
        if (cursor == 0) continue;
        const auto row =
            sink->memory().window({1min, "attic", "climate.temperature", at(-60'000)}).value();
        REQUIRE(row);
        CHECK(row->summary.count == static_cast<std::uint64_t>(cursor));
        CHECK(loaded.marks.at(0).mark.seq == static_cast<std::uint64_t>(cursor));
        CHECK(ask(path, "PRAGMA integrity_check") == "ok");
    }
    CHECK(highest > 0);
}
