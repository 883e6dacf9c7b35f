// Goal: dim-refresh does what `leat-central dim import` does, says what changes, and takes nothing
// where a row is wrong.
#include "central/jobs/kinds/job_world.hpp"
#include "central/sinks/database_query.hpp"
#include "lib/odbc/worlds.hpp"

using namespace jobs_test;

namespace {

constexpr const char* kFile = "locations.csv";

struct DimWorld : JobWorld {
    DimWorld() { fill(kMidnight, kMidnight + 1h); }

    std::string keys(const std::string& more = {}) const {
        return "file = '" + target + "/" + kFile + "'\n" + more;
    }
    std::string location(const std::string& node = "attic") {
        auto query = sinks::DatabaseQuery::open(path);
        REQUIRE(query);
        const auto read = query.value()->situations(node, kMidnight + 30min);
        REQUIRE(read);
        auto all = read.value();
        return all[kSeries].location;
    }
    void expect(const jobs::Work& work, const std::string& wrote) const {
        CHECK(work.wrote == wrote);
    }
};

}  // namespace

TEST_CASE("a file is taken over, and what changed is told") {
    DimWorld world;
    world.write(kFile, "node,location,tags\nattic,/house/roof,outdoor\n");
    const auto first = world.work("dim-refresh", world.keys());
    CHECK(first.records == 1);
    CHECK(first.read == world.target + "/" + kFile);
    CHECK(first.wrote == "1 new, 0 changed, 0 gone\nnew: attic: /house/roof, tags outdoor");
    CHECK(world.location() == "/house/roof");
    CHECK(world.work("dim-refresh", world.keys()).wrote == "0 new, 0 changed, 0 gone");
    world.write(kFile, "node,location,valid_from\nattic,/garden,\nattic,/shed,2026-01-31\n");
    const auto second = world.work("dim-refresh", world.keys());
    CHECK(second.wrote ==
          "1 new, 1 changed, 0 gone\n"
          "now: attic: /garden (was: /house/roof, tags outdoor)\n"
          "new: attic from 2026-01-31: /shed");
    CHECK(world.location() == "/garden");
    world.write(kFile, "node,location\nattic,/garden\n");
    CHECK(world.work("dim-refresh", world.keys()).wrote ==
          "0 new, 0 changed, 1 gone\ngone: attic from 2026-01-31: /shed");
}

TEST_CASE("a dry run only says what would change") {
    DimWorld world;
    world.write(kFile, "node,location\nattic,/house/roof\n");
    const auto before = world.location();
    const auto dry = world.work("dim-refresh", world.keys(), {.is_dry = true});
    CHECK(dry.wrote == "1 new, 0 changed, 0 gone\nnew: attic: /house/roof");
    CHECK(world.location() == before);
    CHECK(world.work("dim-refresh", world.keys()).wrote == dry.wrote);
}

TEST_CASE("where a row is wrong nothing changes, and each mistake has its line") {
    DimWorld world;
    const auto before = world.location();
    world.write(kFile, "node,location\nattic,/house/roof\ncellar,house\n");
    const auto refused = world.failure("dim-refresh", world.keys());
    CHECK(refused.detail == world.target + "/" + kFile +
                                ": line 3: \"house\" is no location: a path like /house/attic\n"
                                "nothing is imported");
    CHECK(world.location() == before);
    CHECK(world.failure("dim-refresh", "file = '/nowhere.csv'\n")
              .detail.starts_with("/nowhere.csv: No such file"));
}

TEST_CASE("with partial a node with a wrong row stays as it was, and the others count") {
    DimWorld world;
    world.fill(kMidnight, kMidnight + 1h, "cellar");
    world.write(kFile, "node,location\nattic,/a\ncellar,/c\n");
    world.work("dim-refresh", world.keys());
    world.write(kFile,
                "node,location,valid_from\nattic,/b,\ncellar,/d,\ncellar,wrong,2026-01-01\n");
    const auto work = world.work("dim-refresh", world.keys("partial = true\n"));
    CHECK(work.records == 1);
    CHECK(work.wrote.find("left out, as they were: 1 of which a row is wrong\n" + world.target +
                          "/" + kFile + ": line 4: ") != std::string::npos);
    CHECK(world.location("attic") == "/b");
    CHECK(world.location("cellar") == "/c");
    world.write(kFile, "node,location\nattic,/e\ncellar,/f,more\n");
    const auto unknown = world.failure("dim-refresh", world.keys("partial = true\n"));
    CHECK(unknown.detail.find("line 3: 3 fields instead of 2") != std::string::npos);
    CHECK(world.location("attic") == "/b");
}

TEST_CASE("tags get their meanings, and what is not seen yet is told") {
    DimWorld world;
    world.write(kFile, "tag,path,description\noutdoor,Plant/A,\"Outside, north\"\n");
    CHECK(world.work("dim-refresh", world.keys()).wrote ==
          "1 new, 0 changed, 0 gone\nnew: outdoor: Plant/A, Outside, north");
    world.write(kFile, "node,location\nshed,/shed\n");
    CHECK(world.work("dim-refresh", world.keys())
              .wrote.ends_with("1 of them are not seen yet; what is said of them holds when they "
                               "come"));
}

TEST_CASE_TEMPLATE("a query says the same as a file", Server, odbc_test::MariaDbWorld,
                   odbc_test::PostgreSqlWorld) {
    DimWorld world;
    Server other;
    other.execute(
        "CREATE TABLE places (n VARCHAR(60), place VARCHAR(200), since DATE, until TIMESTAMP "
        "NULL)");
    other.execute("INSERT INTO places VALUES ('attic', '/old \xc3\xa4', NULL, NULL)");
    const std::string keys =
        "connection = '" + other.options.connection + "'\nuser = 'leat'\n" +
        "query = 'SELECT n AS node, place AS location, since AS valid_from, until AS valid_to "
        "FROM places ORDER BY since'\n";
    const auto refused = world.failure("dim-refresh", keys);
    CHECK(refused.detail.starts_with("query: line 2: \"/old \xc3\xa4\" is no location"));
    other.execute("DELETE FROM places");
    other.execute(
        "INSERT INTO places VALUES ('attic', '/house/roof', '2025-06-01', "
        "'2026-01-31 08:00:00')");
    const auto work = world.work("dim-refresh", keys);
    CHECK(work.read == "a query to \"" + other.options.connection + "\"");
    CHECK(work.wrote ==
          "1 new, 0 changed, 0 gone\n"
          "new: attic from 2025-06-01 to 2026-01-31T08:00:00Z: /house/roof");
    CHECK(world.location() == "/house/roof");
    CHECK(world
              .failure("dim-refresh", "connection = '" + other.options.connection +
                                          "'\nuser = 'leat'\nquery = 'SELECT * FROM nowhere'\n")
              .detail.find("nowhere") != std::string::npos);
}

TEST_CASE_TEMPLATE("what a query does beside its SELECT does not stay", Server,
                   odbc_test::MariaDbWorld, odbc_test::PostgreSqlWorld) {
    DimWorld world;
    Server other;
    other.execute("CREATE TABLE places (n VARCHAR(60))");
    other.execute("INSERT INTO places VALUES ('attic')");
    const auto refused =
        world.failure("dim-refresh", "connection = '" + other.options.connection +
                                         "'\nuser = 'leat'\nquery = 'DELETE FROM places'\n");
    CHECK(refused.detail == "query: it is no SELECT: it yields nothing");
    CHECK(other.number("SELECT COUNT(*) FROM places") == 1);
}
