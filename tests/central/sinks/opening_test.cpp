// Goal: what cannot be central's database is refused at the start, in words that say what to do,
// and is left as it is. What only takes time is waited for.
#include <doctest/doctest.h>
#include <unistd.h>

#include <filesystem>

#include "central/sinks/sqlite_sink.hpp"
#include "central/sinks/steps.hpp"
#include "sqlite/database.hpp"
#include "support/temporary_folder.hpp"

using namespace sinks_test;
using base::Fault;
using sinks::SqliteSink;
namespace fs = std::filesystem;

namespace {

sqlite::Database database_at(const std::string& path) {
    auto opened = sqlite::Database::open({.path = path});
    REQUIRE(opened);
    return std::move(opened).value();
}

void run(const std::string& path, const std::string& sql) {
    const auto done = database_at(path).execute(sql);
    REQUIRE_MESSAGE(done, done.error().detail);
}

void make(const std::string& path) {
    REQUIRE(SqliteSink::open({.path = path}));
}

void check_refused(const std::string& path, const std::string& words) {
    const auto sink = SqliteSink::open({.path = path});
    REQUIRE_FALSE(sink);
    CHECK(sink.error().fault == Fault::misconfigured);
    CHECK_MESSAGE(sink.error().detail.find(words) != std::string::npos, sink.error().detail);
    CHECK(sink.error().detail.find(path) != std::string::npos);
}

}  // namespace

TEST_CASE("a folder, a text file and what is no file are refused as a configuration") {
    const support::TemporaryFolder folder;
    check_refused(folder.path(), "is a folder; [sink] path names a file");
    check_refused(folder.write("notes.txt", "not a database, but a long text"),
                  "is a file of another kind");
    check_refused(folder.write("short", "x"), "is a file of another kind");
    check_refused("/dev/null", "is not a file");
    CHECK(fs::file_size(folder.file("short")) == 1);
}

TEST_CASE("a database that this user may not write is refused as a configuration") {
    const support::TemporaryFolder folder;
    const auto path = folder.file("leat.db");
    make(path);
    fs::permissions(path, fs::perms::owner_read);
    if (::access(path.c_str(), W_OK) == 0) {
        MESSAGE("root may write everything: skipped");
        return;
    }
    check_refused(path, "cannot be written by this user");
}

TEST_CASE("a damaged database is refused with what to do") {
    const support::TemporaryFolder folder;
    const auto path = folder.file("leat.db");
    folder.write("leat.db", std::string{"SQLite format 3\0", 16} + std::string(5'000, 'x'));
    check_refused(path, "the database is damaged");
}

TEST_CASE("an empty file becomes a database") {
    const support::TemporaryFolder folder;
    make(folder.write("leat.db", ""));
}

TEST_CASE("the outbox of an agent is refused by name") {
    const support::TemporaryFolder folder;
    const auto path = folder.file("outbox.db");
    run(path, "CREATE TABLE records (seq INTEGER); PRAGMA application_id = 0x6c656174");
    check_refused(path, "the outbox of a leat-agent");
}

TEST_CASE("a database of a leat that shared its number with outboxes is adopted") {
    const support::TemporaryFolder folder;
    const auto path = folder.file("leat.db");
    make(path);
    run(path, "PRAGMA application_id = 0x6c656174");
    make(path);
    CHECK(database_at(path).number("PRAGMA application_id").value() == 0x6c656163);
}

TEST_CASE("tables that another program changed are noticed at the start") {
    const support::TemporaryFolder folder;
    struct Row {
        const char* change;
        const char* words;
    };
    const Row rows[]{
        {"ALTER TABLE dim_node RENAME COLUMN newest TO latest", "lacks dim_node.newest"},
        {"ALTER TABLE rollup_1m DROP COLUMN failed", "lacks rollup_1m.failed"},
        {"DROP TABLE mark; CREATE TABLE mark (id INTEGER PRIMARY KEY, node TEXT, incarnation TEXT,"
         " seq INTEGER, hash BLOB)",
         "lacks mark(node, incarnation)"},
    };
    for (const auto& row : rows) {
        CAPTURE(row.change);
        const auto path = folder.file("leat.db");
        fs::remove(path);
        make(path);
        run(path, row.change);
        check_refused(path, row.words);
    }
}

TEST_CASE("a table that is missing is made") {
    const support::TemporaryFolder folder;
    const auto path = folder.file("leat.db");
    make(path);
    run(path, "DROP TABLE gap; CREATE TABLE of_a_person (x)");
    make(path);
    CHECK(database_at(path).number("SELECT count(*) FROM gap").value() == 0);
}

TEST_CASE("a database that another program has locked is worth another try") {
    const support::TemporaryFolder folder;
    const auto path = folder.file("leat.db");
    make(path);
    auto other = database_at(path);
    REQUIRE(other.execute("BEGIN IMMEDIATE"));
    const auto refused = SqliteSink::open({.path = path});
    REQUIRE_FALSE(refused);
    CHECK(refused.error().fault == Fault::transient);
    REQUIRE(other.execute("COMMIT"));
    make(path);
}
