#include "sqlite/place.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <filesystem>
#include <utility>

#include "sqlite/database.hpp"
#include "support/temporary_folder.hpp"

namespace {

std::string told(const std::string& path) {
    const auto inspected = sqlite::inspect_place(path, "[sink] path", "leat-central");
    if (inspected) return "good";
    CHECK(inspected.error().fault == base::Fault::misconfigured);
    return inspected.error().detail;
}

sqlite::Database open(const sqlite::Options& options) {
    auto opened = sqlite::Database::open(options);
    REQUIRE(opened);
    return std::move(opened).value();
}

}  // namespace

TEST_CASE("a place for a database is good, or is told with what to do") {
    const support::TemporaryFolder folder;
    const auto path = folder.file("leat.db");
    CHECK(told(path) == "good");
    CHECK_FALSE(std::filesystem::exists(path));
    CHECK(told("") == "[sink] path is empty: it names a file");
    CHECK(told("/nowhere/x.db") ==
          "there is no folder /nowhere for /nowhere/x.db: mkdir -p /nowhere");
    CHECK(told("/proc") == "/proc is a folder: [sink] path names a file, such as /proc/leat.db");
    CHECK(told("/dev/null") ==
          "/dev/null is no file that can hold a database: give another [sink] path");
    folder.write("leat.db", "Dear diary,\n");
    CHECK(told(path) == path + " is a text file and no database: give another [sink] path");
    folder.write("leat.db", "");
    CHECK(told(path) == "good");
    folder.write("leat.db", std::string(512, 'Z'));  // What a dying card may leave.
    CHECK(told(path) == "good");
    std::filesystem::remove(path);
    REQUIRE(open({.path = path}).execute("CREATE TABLE a(b)"));
    CHECK(told(path) == "good");
    CHECK_FALSE(sqlite::holder_of(path));
}

TEST_CASE("a new file is for its user and group; one that is there keeps its rights") {
    const support::TemporaryFolder folder;
    const auto rights = [&](const char* name) {
        struct stat found {};
        REQUIRE(stat(folder.file(name).c_str(), &found) == 0);
        return found.st_mode & 0777U;
    };
    const auto before = umask(022);
    sqlite::make_private(folder.file("new.db"));
    REQUIRE(chmod(folder.write("old.db", "").c_str(), 0604) == 0);
    sqlite::make_private(folder.file("old.db"));
    umask(before);
    CHECK(rights("new.db") == 0640);
    CHECK(rights("old.db") == 0604);
}

TEST_CASE("an immutable connection reads, and leaves no file behind") {
    const support::TemporaryFolder folder;
    const auto path = folder.file("100%?#.db");
    {
        auto database = open({.path = path});
        REQUIRE(database.begin_log({}));
        REQUIRE(database.execute("CREATE TABLE a(b)"));
    }
    {
        auto database = open({.path = path, .is_immutable = true});
        const auto tables = database.number("SELECT count(*) FROM sqlite_schema");
        REQUIRE(tables);
        CHECK(tables.value() == 1);
        CHECK_FALSE(database.execute("CREATE TABLE c(d)"));
        CHECK_FALSE(std::filesystem::exists(path + "-wal"));
    }
    CHECK_FALSE(std::filesystem::exists(path + "-shm"));
}
