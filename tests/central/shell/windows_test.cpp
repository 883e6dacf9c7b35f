#include "central/api/windows.hpp"

#include "central/shell/shell_world.hpp"

using namespace shell_test;

namespace {

const std::string kSeries = "attic/climate.temperature";

std::vector<std::string> ask(std::vector<std::string> more) {
    more.insert(more.begin(), {"windows", kSeries});
    return more;
}

}  // namespace

TEST_CASE("windows say how many readings are there, how many were due, and why some are not") {
    World world;
    const std::string head =
        "START                 COUNT  EXPECTED  FAILED     MEAN  MIN    MAX      P50    P90  STATE "
        " "
        "      QUALITY  CAUSES\n";
    CHECK(
        world.text(ask({"--span", "15m", "--from", "2025-11-20 12:00", "--to", "now"})) ==
        "attic/climate.temperature: temperature in Cel, windows of 15m\n" + head +
            "2025-11-20 12:00:00Z     15        15       0    20.35   20  20.75  20.0854  20.75  "
            "complete       1.000\n"
            "2025-11-20 12:15:00Z      5        15       0    20.45   20  20.75   20.485  20.75  "
            "known gap      0.333  10 readings missing: never sent, and the node declared no gap\n"
            "2025-11-20 12:30:00Z     14        15       1  20.4107   20  20.75   20.485  20.75  "
            "known gap      0.933  1 reading failed: checksum\n"
            "2025-11-20 12:45:00Z     15        15       0     20.4   20  20.75   20.485  20.75  "
            "provisional        -  the series is silent for more than three periods, and its "
            "node may bring more\n");
}

TEST_CASE("windows are judged as the API judges them") {
    World world;
    const auto rows = world.json(ask({"--span", "1m", "--from", "-2h"})).find("items")->array;
    const auto answer = api::list_windows(
        world.facts(),
        {.path = {}, .query = {{"series", kSeries}, {"span", "1m"}, {"from", "-2h"}}});
    REQUIRE(std::holds_alternative<std::string>(answer));
    const auto api = base::parse_json(std::get<std::string>(answer));
    REQUIRE(api);
    const auto& states = api.value().find("state")->array;
    REQUIRE(rows.size() == states.size());
    REQUIRE(rows.size() == 60);
    for (std::size_t i = 0; i < rows.size(); ++i) {
        CAPTURE(i);
        CHECK(rows[i].find("t")->number == api.value().find("t")->numbers.at(i));
        CHECK(rows[i].find("count")->number == api.value().find("count")->numbers.at(i));
        CHECK(rows[i].find("expected")->number == api.value().find("expected")->numbers.at(i));
        // The API has the first letter of the word.
        const auto& word = rows[i].find("state")->string;
        CHECK((word == "known_gap" ? "g" : word.substr(0, 1)) == states[i].string);
    }
    CHECK(rows[25].find("state")->string == "known_gap");
    CHECK(rows[25].find("causes")->array.at(0).find("cause")->string == "not_sent");
    CHECK(rows[25].find("mean")->kind == base::Json::Kind::null);
}

TEST_CASE("of many windows the newest are shown, and it is said that there are more") {
    World world;
    const auto answer = world.ask(ask({"--span", "1m", "--limit", "3"}));
    REQUIRE(answer);
    REQUIRE(answer.value().rows.size() == 3);
    CHECK(std::get<base::EventTime>(answer.value().rows[2][0].value) == kNoon + 59min);
    CHECK(answer.value().remark == "the newest 3 of 60 windows");
    CHECK(world.text(ask({"--from", "-2h"})).find("windows of 15m") == std::string::npos);
}

TEST_CASE("without a span it is what fits on a screen") {
    World world;
    CHECK(world.text(ask({"--from", "-65m"})).find("windows of 1m\n") != std::string::npos);
    CHECK(world.text(ask({})).find("windows of 1m\n") != std::string::npos);
}

TEST_CASE("a range without a window is told, and what cannot be understood is refused") {
    World world;
    const auto answer = world.ask(ask({"--from", "-14d", "--to", "-7d"}));
    REQUIRE(answer);
    CHECK(answer.value().rows.empty());
    CHECK(answer.value().when_empty.starts_with(kSeries + " has nothing there"));
    CHECK(world.refusal(ask({"--span", "2h"})).starts_with("--span: one of 1m, 15m, 1h"));
    CHECK(world.refusal(ask({"--from", "soon"})).starts_with("--from: \"soon\" is no time"));
    CHECK(world.refusal(ask({"--from", "now", "--to", "-1h"})) == "--from: must be before to");
    CHECK(world.refusal(ask({"--limit", "0"})) == "--limit needs a number: --limit 24");
    CHECK(world.refusal(ask({"--limit", "-3"})) == "--limit needs a number: --limit 24");
}
