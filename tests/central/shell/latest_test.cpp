#include "central/shell/shell_world.hpp"

using namespace shell_test;

TEST_CASE("the newest value of a series has its unit, its time and its age") {
    World world;
    CHECK(world.text({"latest", "attic"}) ==
          "SERIES                     VALUE  UNIT  TIME                         AGE\n"
          "attic/climate.temperature  20.75  Cel   2025-11-20 12:59:00Z  11 min ago\n");
    CHECK(world.text({"latest", "attic", "--zone", "Europe/Berlin"})
              .find("2025-11-20 13:59:00+01:00") != std::string::npos);
    const auto item = world.json({"latest"}).find("items")->array.at(0);
    CHECK(item.find("value")->number == 20.75);
    CHECK(item.find("age_ms")->count() == 11 * 60'000);
    CHECK(item.find("ahead")->find("t")->kind == base::Json::Kind::null);
}

TEST_CASE("a series without a reading is shown all the same, and one from the future apart") {
    World world;
    world.database.declare("garage", "parking.distance", "distance", "m");
    world.database.add("garage",
                       fmt::format(R"({{"k":"data","t":{},"clk":"synced","series":)"
                                   R"({{"parking.distance":{{"dt":[0],"v":[1.5]}}}}}})",
                                   base::to_milliseconds(kNoon + 24h)),
                       kNoon);
    world.database.commit();
    const auto text = world.text({"latest", "garage"});
    CHECK(text ==
          "SERIES                   VALUE  UNIT  TIME  AGE  FROM THE FUTURE\n"
          "garage/parking.distance  -      m     -     -                  1\n");
}
