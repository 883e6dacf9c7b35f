// Goal: of one reading all is said that is known, by the time that a person writes; where there is
// none it is said why.
#include "central/shell/shell_world.hpp"

using namespace shell_test;

namespace {

std::string trace(World& world, const std::string& time, const std::string& zone = "UTC") {
    return world.text({"trace", "attic/climate.temperature", time, "--zone", zone});
}

bool has(const std::string& text, const std::string& wanted) {
    CAPTURE(text);
    return text.find(wanted) != std::string::npos;
}

}  // namespace

TEST_CASE("a reading is traced to its record, its windows, its place and its declaration") {
    World world;
    CHECK(trace(world, "2025-11-20 12:18") ==
          "series    attic/climate.temperature\n"
          "reading   20.5 Cel\n"
          "time      2025-11-20 12:18:00Z\n"
          "record    20 of incarnation fedcba9876543210\n"
          "stored    2025-11-20 12:18:01Z, 1000 ms later\n"
          "clock     synced\n"
          "measures  temperature in Cel, by dht11, every 1m\n"
          "was at    /house/attic\n"
          "tags      outdoor\n"
          "\n"
          "WINDOW  START                 COUNT  EXPECTED  FAILED     MEAN   MIN    MAX     P50    "
          "P90  STATE        QUALITY  CAUSES\n"
          "    1m  2025-11-20 12:18:00Z      1         1       0     20.5  20.5   20.5       -    "
          "  -  complete       1.000\n"
          "   15m  2025-11-20 12:15:00Z      5        15       0    20.45    20  20.75  20.485  "
          "20.75  known gap      0.333  10 readings missing: never sent, and the node declared no "
          "gap\n"
          "    1h  2025-11-20 12:00:00Z     49        60       1  20.3929    20  20.75  20.485  "
          "20.75  provisional        -  1 reading failed: checksum; the series is silent for more "
          "than three periods, and its node may bring more\n"
          "    1d  2025-11-20 00:00:00Z     49      1440       1  20.3929    20  20.75  20.485  "
          "20.75  provisional        -  1 reading failed: checksum; the series is silent for more "
          "than three periods, and its node may bring more\n"
          "\n"
          "nothing was found odd, and no gap is declared\n");
}

TEST_CASE("the nearest reading is meant, in whatever zone") {
    World world;
    const auto text = trace(world, "2025-11-20 13:18:20", "Europe/Berlin");
    CHECK(has(text, "reading   20.5 Cel\n"));
    CHECK(has(text, "2025-11-20 13:18:00+01:00, the nearest to what was asked, 20 s away\n"));
    // In the middle of the hole the reading behind it is nearer.
    CHECK(has(trace(world, "2025-11-20 12:27"), "time      2025-11-20 12:30:00Z, the nearest"));
}

TEST_CASE("where there is no reading its windows say why, and gaps of the node are named") {
    World world;
    world.database.skip("attic", 100);
    world.database.add(
        "attic",
        fmt::format(R"({{"k":"gap","from":100,"to":140,"readings":41,"first":{},)"
                    R"("last":{},"reason":"corrupt"}})",
                    base::to_milliseconds(kNoon - 6h), base::to_milliseconds(kNoon - 4h)),
        kNoon + 60min);
    world.database.commit();
    const auto text = trace(world, "2025-11-20 07:00");
    CHECK(has(text, "time      2025-11-20 07:00:00Z\nreading   none by itself within an hour\n"));
    CHECK(has(text, "gap: records 100 to 140 of the node are corrupt, from 2025-11-20 06:00:00Z"));
    const auto json = world.json({"trace", "attic/climate.temperature", "2025-11-20 07:00"});
    CHECK(json.find("reading")->kind == base::Json::Kind::null);
    CHECK(json.find("gaps")->array.at(0).find("records")->count() == 41);
    CHECK(json.find("period_ms")->count() == 60'000);
    CHECK(world.refusal({"trace", "attic/climate.temperature", "then"}).find("is no time") !=
          std::string::npos);
}

TEST_CASE("a trace for programs has the reading and a window an item") {
    World world;
    const auto json = world.json({"trace", "attic/climate.temperature", "2025-11-20 12:18"});
    CHECK(json.find("reading")->find("value")->number == 20.5);
    CHECK(json.find("reading")->find("seq")->count() == 20);
    CHECK(json.find("tags")->array.at(0).string == "outdoor");
    REQUIRE(json.find("items")->array.size() == 4);
    CHECK(json.find("items")->array.at(0).find("window_ms")->count() == 60'000);
    CHECK(json.find("items")->array.at(1).find("state")->string == "known_gap");
}
