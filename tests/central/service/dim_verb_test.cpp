// Goal: `leat-central dim import` puts all of a good file into the database, and nothing of a bad
// one; each mistake is told with the file and its line.

#include "central/service/dim_verb.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <memory>
#include <string>

#include "central/database/place.hpp"
#include "central/sinks/database_query.hpp"
#include "central/sinks/opening.hpp"
#include "support/temporary_folder.hpp"

namespace {

struct World {
    World() {
        auto opened = sinks::open_sink({.path = database});
        REQUIRE(opened);
        sink = std::move(opened).value();
        const auto loaded = sink->load(0, 1);
        REQUIRE(loaded);
        sinks::Commit step;
        step.partitions.push_back(loaded.value().state);
        step.changes.nodes["attic"].node = "attic";
        auto& series = step.changes.series[{"attic", "a.b"}];
        series.node = "attic";
        series.declared.series = "a.b";
        REQUIRE(sink->commit(step));
    }
    base::Status import(const std::string& text) {
        std::ofstream{file, std::ios::binary} << text;
        return central::import_dimensions(database, file);
    }
    std::string refusal(const std::string& text) {
        const auto done = import(text);
        REQUIRE_FALSE(done);
        CHECK(done.error().fault == base::Fault::misconfigured);
        return done.error().detail;
    }
    std::string location() {
        auto query = sinks::DatabaseQuery::open(database);
        REQUIRE(query);
        const auto read = query.value()->situations("attic", base::from_milliseconds(5));
        REQUIRE(read);
        auto all = read.value();
        return all["a.b"].location;
    }

    support::TemporaryFolder folder;
    sinks::Address database = central_test::place(folder.file("leat.db"));
    std::string file = folder.file("locations.csv");
    std::unique_ptr<sinks::DatabaseSink> sink;  // As if central ran.
};

}  // namespace

TEST_CASE("a good file counts at once beside a central that runs") {
    World world;
    REQUIRE(world.import("node,location\nattic,/house/attic\ngarden,/garden\n"));
    CHECK(world.location() == "/house/attic");
    REQUIRE(world.import("tag,description\nx,\"out, doors\"\n"));
    CHECK(world.location() == "/house/attic");
}

TEST_CASE("of a bad file nothing counts, and every mistake has its file and line") {
    World world;
    REQUIRE(world.import("node,location\nattic,/a\n"));
    const auto detail = world.refusal("node,location\nattic,/b\nattic,nowhere\nAttic,/c\n");
    CHECK(detail.find(world.file + ": line 3: \"nowhere\"") != std::string::npos);
    CHECK(detail.find(world.file + ": line 4: \"Attic\"") != std::string::npos);
    CHECK(detail.find("nothing is imported") != std::string::npos);
    CHECK(world.location() == "/a");
    CHECK(world.refusal(std::string("\0\0\0", 3)).find(world.file) != std::string::npos);
    CHECK(world.refusal("node;location;lat\nattic;/a;3\n").find("\"lat\"") != std::string::npos);
    CHECK(world.location() == "/a");
}

TEST_CASE("a file or a database that is not there is told, and none is made") {
    World world;
    const auto none = central::import_dimensions(world.database, world.folder.file("none.csv"));
    REQUIRE_FALSE(none);
    CHECK(none.error().detail.find("none.csv: No such file") != std::string::npos);
    const auto folder = central::import_dimensions(world.database, world.folder.path());
    REQUIRE_FALSE(folder);
    CHECK(folder.error().detail.find("folder") != std::string::npos);
    if (central_test::is_postgres()) return;
    std::ofstream{world.file} << "node,location\nattic,/a\n";
    const auto other = world.folder.file("other.db");
    const auto missing = central::import_dimensions(other, world.file);
    REQUIRE_FALSE(missing);
    CHECK(missing.error().detail.find("there is no database") != std::string::npos);
    CHECK_FALSE(std::ifstream{other});
}
