#include "central/shell/shell_world.hpp"

using namespace shell_test;

namespace {

std::vector<std::string> ask(std::vector<std::string> more) {
    more.insert(more.begin(), {"readings", "attic/climate.temperature"});
    return more;
}

}  // namespace

TEST_CASE("single readings are shown with the record in which each came") {
    World world;
    CHECK(world.text(ask({"--from", "2025-11-20 12:18", "--to", "2025-11-20 12:31"})) ==
          "attic/climate.temperature: temperature in Cel\n"
          "TIME                  VALUE  QUALITY  CLOCK   RECORD  STORED\n"
          "2025-11-20 12:18:00Z   20.5  good     synced      20  2025-11-20 12:18:01Z\n"
          "2025-11-20 12:19:00Z  20.75  good     synced      21  2025-11-20 12:19:01Z\n"
          "2025-11-20 12:30:00Z   20.5  good     synced      22  2025-11-20 12:30:01Z\n");
    const auto json = world.json(ask({"--from", "-2h"}));
    CHECK(json.find("items")->array.size() == 49);
    const auto& first = json.find("items")->array.at(0);
    CHECK(first.find("t")->number == 1'763'640'000'000);
    CHECK(first.find("incarnation")->string == "fedcba9876543210");
    CHECK(first.find("seq")->count() == 2);
    CHECK(first.find("quality")->string == "good");
}

TEST_CASE("it is said when there are more readings, or none by themselves") {
    World world;
    const auto some = world.ask(ask({"--from", "-2h", "--limit", "3"}));
    REQUIRE(some);
    CHECK(some.value().rows.size() == 3);
    CHECK(some.value().remark.starts_with("the first 3 of more"));
    const auto exact = world.ask(ask({"--from", "-2h", "--limit", "49"}));
    REQUIRE(exact);
    CHECK(exact.value().remark.empty());
    world.database.add("attic",
                       fmt::format(R"({{"k":"data","t":{},"clk":"synced","series":)"
                                   R"({{"climate.temperature":{{"span":10000,"dt":[0],)"
                                   R"("count":[5],"min":[20],"max":[20],"sum":[100],)"
                                   R"("sumsq":[2000],"first":[20],"last":[20]}}}}}})",
                                   base::to_milliseconds(kNoon + 61min)),
                       kNoon + 62min);
    world.database.commit();
    const auto none = world.ask(ask({"--from", "-10m"}));
    REQUIRE(none);
    CHECK(none.value().rows.empty());
    CHECK(none.value().when_empty.find("has no single reading there; of 5 readings") !=
          std::string::npos);
}
