#include "central/database/place.hpp"
#include "central/shell/shell_world.hpp"

using namespace shell_test;

TEST_CASE("each node is shown with what is known of it without the broker") {
    World world;
    CHECK(world.text({"nodes"}) ==
          "NODE    LAST RECORD  NEWEST READING        CLOCK   WAITING  LOST  NEEDS  INCARNATION\n"
          "attic   10 min ago   2025-11-20 12:59:00Z  synced        0     0  -      "
          "fedcba9876543210\n"
          "cellar  40 min ago   -                     boot          1     0  -      "
          "fedcba9876543210\n");
}

TEST_CASE("nodes for programs have the fields that the API has") {
    World world;
    const auto json = world.json({"nodes"});
    const auto& attic = json.find("items")->array.at(0);
    CHECK(attic.find("node")->string == "attic");
    CHECK(attic.find("last_record")->number == 1'763'640'000'000 + 59 * 60'000);
    CHECK(attic.find("last_stored")->find("inc")->string == "fedcba9876543210");
    CHECK(attic.find("last_stored")->find("seq")->count() == 51);
    CHECK(attic.find("needs")->array.empty());
    CHECK(json.find("items")->array.at(1).find("unplaced_records")->count() == 1);
}

TEST_CASE("what a node needs is counted in its row, and said below all rows with what to do") {
    World world;
    // A clock that is ahead by a day: what comes now comes from the future.
    for (int minute = 0; minute < 20; ++minute) {
        world.database.add("garage",
                           fmt::format(R"({{"k":"data","t":{},"clk":"synced","series":)"
                                       R"({{"a.b":{{"dt":[0],"v":[1]}}}}}})",
                                       base::to_milliseconds(kNoon + 24h + minute * 1min)),
                           kNoon + minute * 1min);
    }
    world.database.commit();
    CHECK(world.text({"nodes"}).ends_with(
        "synced        0     0  1      fedcba9876543210\n\n"
        "garage: its clock is ahead: readings come from the future\n"
        "  on the node: timedatectl timesync-status\n"));
    const auto needs = world.json({"nodes"}).find("items")->array.at(2).find("needs")->array;
    REQUIRE(needs.size() == 1);
    CHECK(needs[0].find("code")->string == "clock");
    CHECK(needs[0].find("sentence")->string.starts_with("garage: its clock"));
}

TEST_CASE("a database without a node is told in a sentence") {
    World world;
    const auto path = world.folder.file("empty.db");
    Database empty{path};
    world.query = sinks::DatabaseQuery::open(central_test::place(path)).value();
    const auto answer = world.ask({"nodes"});
    REQUIRE(answer);
    CHECK(answer.value().rows.empty());
    CHECK(answer.value().when_empty == "no node has a record in the database yet");
}
