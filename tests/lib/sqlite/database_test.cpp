// Goal: a connection does what its options say, a fault says what the caller can do, and what is
// kept between uses is not mixed up.

#include "sqlite/database.hpp"

#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "sqlite/transaction.hpp"
#include "support/temporary_folder.hpp"

namespace {

using base::Fault;
using sqlite::Database;

Database open(const sqlite::Options& options) {
    auto opened = Database::open(options);
    REQUIRE_MESSAGE(opened, (opened ? "" : opened.error().detail));
    return std::move(opened).value();
}

std::string text_of(Database& database, const std::string& sql) {
    auto query = database.query(sql);
    const auto row = query.next();
    REQUIRE_MESSAGE(row, (row ? "" : row.error().detail));
    return row.value() ? query.string(0) : "";
}

/// Whether it holds in another process: POSIX locks do not hold within one.
template <class Check>
bool holds_elsewhere(Check check) {
    const auto child = fork();
    if (child == 0) _exit(check() ? 0 : 1);
    int status = 0;
    REQUIRE(waitpid(child, &status, 0) == child);
    return status == 0;
}

}  // namespace

TEST_SUITE("sqlite/database") {
    TEST_CASE("a file is made, and what is committed is there after opening it again") {
        const support::TemporaryFolder folder;
        const auto path = folder.file("a.db");
        {
            auto database = open({.path = path});
            REQUIRE(database.begin_log({}));
            REQUIRE(database.execute("CREATE TABLE t(a); INSERT INTO t VALUES(1), (2)"));
            CHECK(database.path() == path);
        }
        auto database = open({.path = path});
        CHECK(database.number("SELECT count(*) FROM t").value() == 2);
        CHECK(database.number("SELECT a FROM t WHERE a > 5").value() == 0);
        CHECK(text_of(database, "PRAGMA journal_mode") == "wal");
    }

    TEST_CASE("the settings are those of the options") {
        const support::TemporaryFolder folder;
        auto database =
            open({.path = folder.file("a.db"), .is_exclusive = true, .page_bytes = 512});
        REQUIRE(database.begin_log({.checkpoint_pages = 7, .bytes_max = 99}));
        CHECK(text_of(database, "PRAGMA page_size") == "512");
        CHECK(text_of(database, "PRAGMA locking_mode") == "exclusive");
        CHECK(text_of(database, "PRAGMA synchronous") == "2");
        CHECK(text_of(database, "PRAGMA wal_autocheckpoint") == "7");
        CHECK(text_of(database, "PRAGMA journal_size_limit") == "99");
        CHECK(text_of(database, "PRAGMA trusted_schema") == "0");
        CHECK(text_of(database, "PRAGMA cell_size_check") == "1");
    }

    TEST_CASE("a read-only connection makes no file, changes nothing, and leaves the log") {
        const support::TemporaryFolder folder;
        const auto path = folder.file("a.db");
        const auto absent = Database::open({.path = path, .is_read_only = true});
        REQUIRE_FALSE(absent);
        CHECK(absent.error().fault == Fault::misconfigured);
        CHECK_FALSE(std::filesystem::exists(path));
        auto writer = open({.path = path});
        REQUIRE(writer.begin_log({}));
        REQUIRE(writer.execute("CREATE TABLE t(a)"));
        {
            auto reader = open({.path = path, .is_read_only = true});
            CHECK(reader.number("SELECT count(*) FROM t").value() == 0);
            REQUIRE(writer.execute("INSERT INTO t VALUES(1)"));
            CHECK(reader.number("SELECT count(*) FROM t").value() == 1);
            CHECK_FALSE(reader.execute("INSERT INTO t VALUES(2)"));
        }
        CHECK(std::filesystem::file_size(path + "-wal") > 0);
    }

    TEST_CASE("an exclusive connection keeps every other process out, and says so") {
        const support::TemporaryFolder folder;
        const sqlite::Options options{.path = folder.file("a.db"),
                                      .is_exclusive = true,
                                      .busy_timeout = std::chrono::milliseconds{10}};
        auto database = open(options);
        REQUIRE(database.begin_log({}));
        CHECK(holds_elsewhere([&] {
            auto second = Database::open(options);
            if (!second) return false;
            auto other = std::move(second).value();
            const auto begun = other.begin_log({});
            return !begun && begun.error().fault == Fault::misconfigured &&
                   begun.error().detail.find("in use by another process") != std::string::npos;
        }));
        CHECK_FALSE(std::filesystem::exists(options.path + "-shm"));
    }

    TEST_CASE("a shared file that another connection is writing to is a transient fault") {
        const support::TemporaryFolder folder;
        const auto path = folder.file("a.db");
        auto first = open({.path = path});
        REQUIRE(first.begin_log({}));
        auto second = open({.path = path, .busy_timeout = std::chrono::milliseconds{10}});
        const sqlite::Transaction writing(first);
        REQUIRE(writing.begun());
        const auto refused = second.execute("CREATE TABLE t(a)");
        REQUIRE_FALSE(refused);
        CHECK(refused.error().fault == Fault::transient);
    }

    TEST_CASE("a file in a folder that does not exist is misconfigured") {
        const support::TemporaryFolder folder;
        const auto opened = Database::open({.path = folder.file("missing/a.db")});
        REQUIRE_FALSE(opened);
        CHECK(opened.error().fault == Fault::misconfigured);
        CHECK(opened.error().detail.find("missing/a.db cannot be opened") != std::string::npos);
    }

    TEST_CASE("a file that is no database is malformed as soon as it is read") {
        const support::TemporaryFolder folder;
        const auto path = folder.write("a.db", std::string(4096, 'x'));
        auto database = open({.path = path});
        const auto read = database.number("SELECT count(*) FROM sqlite_master");
        REQUIRE_FALSE(read);
        CHECK(read.error().fault == Fault::malformed);
        CHECK(read.error().detail.starts_with(path + ": "));
    }

    TEST_CASE("a database that reaches its limit is exhausted") {
        const support::TemporaryFolder folder;
        auto database = open({.path = folder.file("a.db"), .page_bytes = 512});
        REQUIRE(database.execute("CREATE TABLE t(a); PRAGMA max_page_count=4"));
        const auto full = database.query("INSERT INTO t VALUES(zeroblob(10000))").run();
        REQUIRE_FALSE(full);
        CHECK(full.error().fault == Fault::exhausted);
    }

    TEST_CASE("a mistake in a statement is an Error, each time") {
        auto database = open({.path = ":memory:"});
        CHECK_FALSE(database.execute("CREATE TABLE"));
        for (int i = 0; i < 2; ++i) {
            const auto failed = database.query("SELECT * FROM absent WHERE a = ?").bind(1.0).next();
            REQUIRE_FALSE(failed);
            CHECK(failed.error().detail.find("no such table: absent") != std::string::npos);
        }
        REQUIRE(database.execute("CREATE TABLE absent(a)"));
        CHECK_FALSE(database.query("SELECT * FROM absent WHERE a = ?").bind(1.0).next().value());
    }

    TEST_CASE("a connection can move, its statements with it") {
        auto first = open({.path = ":memory:"});
        REQUIRE(first.execute("CREATE TABLE t(a)"));
        REQUIRE(first.query("INSERT INTO t VALUES(?)").bind(1.5).run());
        auto second = std::move(first);
        REQUIRE(second.query("INSERT INTO t VALUES(?)").bind(2.5).run());
        CHECK(second.number("SELECT count(*) FROM t").value() == 2);
    }
}
