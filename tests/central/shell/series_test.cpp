#include "central/shell/shell_world.hpp"

using namespace shell_test;

TEST_CASE("each series is shown with what it measures, how often, since when, and where") {
    World world;
    CHECK(world.text({"series"}) ==
          "SERIES                     QUANTITY     UNIT  PERIOD  READINGS  FIRST                 "
          "LAST                  LOCATION      TAGS\n"
          "attic/climate.temperature  temperature  Cel       1m        49  2025-11-20 12:00:00Z  "
          "2025-11-20 12:59:00Z  /house/attic  outdoor\n");
    const auto items = world.json({"series"}).find("items")->array;
    REQUIRE(items.size() == 1);
    CHECK(items[0].find("id")->string == "attic/climate.temperature");
    CHECK(items[0].find("period_ms")->count() == 60'000);
    CHECK(items[0].find("driver")->string == "dht11");
    CHECK(items[0].find("tags")->array.at(0).string == "outdoor");
}

TEST_CASE("only the series of the nodes that are named are shown, each once") {
    World world;
    world.database.declare("garage", "parking.distance", "distance", "m");
    world.database.declare("attic", "climate.humidity", "humidity", "%RH");
    world.database.commit();
    const auto ids = [&](const std::vector<std::string>& words) {
        std::vector<std::string> found;
        const auto answer = world.ask(words);
        REQUIRE(answer);
        for (const auto& row : answer.value().rows) {
            found.push_back(std::get<std::string>(row[0].value));
        }
        return found;
    };
    const std::string humidity = "attic/climate.humidity";
    const std::string temperature = "attic/climate.temperature";
    CHECK(ids({"series", "attic"}) == std::vector{humidity, temperature});
    CHECK(ids({"series", "garage", "attic", humidity}) ==
          std::vector<std::string>{"garage/parking.distance", humidity, temperature});
    CHECK(ids({"series", humidity}) == std::vector{humidity});
    CHECK(ids({"series", "cellar"}).empty());
}

TEST_CASE("a name that is not known is refused, with the nearest one") {
    World world;
    CHECK(world.refusal({"series", "atic"}) ==
          "there is no node \"atic\"; did you mean \"attic\"?");
    CHECK(world.refusal({"latest", "attic/climate.temprature"}) ==
          "there is no series \"attic/climate.temprature\"; did you mean "
          "\"attic/climate.temperature\"?");
    CHECK(world.refusal({"windows", "attic"}) ==
          "attic is a node; write one of attic/climate.temperature");
    CHECK(world.refusal({"windows", "cellar"}) == "cellar is a node, and has no series yet");
    CHECK(world.refusal({"series", "\x1b[2J"}).find('\x1b') == std::string::npos);
}
