#include "central/api/anomalies.hpp"

#include <doctest/doctest.h>

#include "central/api/api_world.hpp"

using namespace api_test;

namespace {

detect::Finding finding(base::EventTime from, std::optional<base::EventTime> ended = {}) {
    detect::Finding finding;
    finding.code = detect::Code::limit;
    finding.from = from;
    finding.to = from + 30s;
    finding.ended = ended;
    finding.at = from + 10s;
    finding.value = 41;
    finding.sentence = "attic/climate.temperature: 41.0 °C";
    finding.parameters = {{"limit", 30}};
    return finding;
}

void add(World& world, std::int64_t id, const detect::Finding& one) {
    world.query.finding_rows.push_back(
        {.id = id, .node = "attic", .series = "climate.temperature", .finding = one});
}

}  // namespace

TEST_CASE("anomalies come with their sentence, and with numbers for machines") {
    World world;
    add(world, 1, finding(kNoon));
    const auto response = world.get("/api/v1/anomalies");
    CHECK(response.status == 200);
    CHECK(response.body ==
          R"({"now":1763640360000,"items":[{"series":"attic/climate.temperature","code":"limit",)"
          R"("severity":"warning","from":1763640000000,"to":1763640030000,"ended":null,)"
          R"("at":1763640010000,"value":41,"score":1,"times":1,)"
          R"("sentence":"attic/climate.temperature: 41.0 °C","parameters":{"limit":30}}],)"
          R"("next":null})");
}

TEST_CASE("anomalies can be asked for by series, node, time and state, in pages") {
    World world;
    add(world, 1, finding(kNoon - 1h, kNoon - 30min));
    add(world, 2, finding(kNoon));
    add(world, 3, finding(kNoon + 1min, kNoon + 2min));
    const auto count = [&](const std::string& parameters) {
        const auto response = world.get("/api/v1/anomalies" + parameters);
        CAPTURE(response.body);
        REQUIRE(response.status == 200);
        return parsed(response).find("items")->array.size();
    };
    CHECK(count("") == 3);
    CHECK(count("?state=open") == 1);
    CHECK(count("?state=ended") == 2);
    CHECK(count("?node=attic") == 3);
    CHECK(count("?node=cellar") == 0);
    CHECK(count("?series=attic/climate.temperature&from=-10m") == 2);
    CHECK(count("?to=-30m") == 1);
    const auto page = parsed(world.get("/api/v1/anomalies?limit=2"));
    CHECK(page.find("items")->array.size() == 2);
    CHECK(page.find("next")->string == "2");
    CHECK(count("?limit=2&after=2") == 1);
}

TEST_CASE("a question about anomalies that cannot be answered is refused with its parameter") {
    World world;
    for (const char* parameters :
         {"?state=closed", "?after=x", "?limit=0", "?from=yesterday", "?series=attic/nothing",
          "?series=attic/climate.temperature&node=cellar", "?code=limit"}) {
        CAPTURE(parameters);
        const auto response = world.get(std::string{"/api/v1/anomalies"} + parameters);
        CHECK(response.status >= 400);
        CHECK(response.status < 500);
        CHECK(response.content_type == "application/problem+json");
    }
    world.query.failure = base::Error{base::Fault::transient, "locked"};
    CHECK(world.get("/api/v1/anomalies").status == 503);
}
