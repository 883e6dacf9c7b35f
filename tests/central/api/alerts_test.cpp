#include "central/api/alerts.hpp"

#include <doctest/doctest.h>

#include <filesystem>

#include "central/api/api_world.hpp"
#include "central/database/place.hpp"
#include "central/sinks/alerts/alert_book.hpp"
#include "central/sinks/opening.hpp"
#include "support/temporary_folder.hpp"

using namespace api_test;

namespace {

/// The router over scripted rows, and alerts in a real database.
struct AlertWorld : World {
    http::Response ask(const std::string& parameters) {
        api::Router with_alerts{{.query = query,
                                 .presences = presences,
                                 .health = health,
                                 .counters = counters,
                                 .clock = clock,
                                 .events = events,
                                 .assets = kAssets,
                                 .alerts = &book},
                                {}};
        return with_alerts.answer({.method = "GET",
                                   .target = "/api/v1/alerts" + parameters,
                                   .host = "localhost",
                                   .local_address = "127.0.0.1",
                                   .if_none_match = {},
                                   .last_event_id = {}});
    }
    std::size_t count(const std::string& parameters) {
        const auto response = ask(parameters);
        CAPTURE(response.body);
        REQUIRE(response.status == 200);
        return parsed(response).find("items")->array.size();
    }
    void add(const std::string& id, base::EventTime opened,
             std::optional<base::EventTime> closed = {}) {
        alerts::Alert one{.id = id,
                          .code = "limit",
                          .node = "attic",
                          .series = "climate.temperature",
                          .state = closed ? alerts::State::closed : alerts::State::open,
                          .opened = opened,
                          .updated = opened,
                          .closed = closed,
                          .revision = 1,
                          .sentence = "attic/climate.temperature: 41.0 °C"};
        REQUIRE(book.save({one}, {}));
    }

    support::TemporaryFolder folder;
    std::unique_ptr<sinks::DatabaseSink> sink =
        sinks::open_sink({.path = central_test::place(folder.file("leat.db"))}).value();
    sinks::AlertBook book{central_test::place(folder.file("leat.db"))};
};

}  // namespace

TEST_CASE("alerts come in the form in which they go out") {
    AlertWorld world;
    world.add("00000000000000aa", kNoon);
    const auto response = world.ask("");
    CHECK(response.status == 200);
    CHECK(response.body ==
          R"({"now":1763640360000,"items":[{"id":"00000000000000aa","code":"limit",)"
          R"("state":"open","severity":"warning","node":"attic",)"
          R"("series":"attic/climate.temperature","opened":1763640000000,)"
          R"("updated":1763640000000,"closed":null,"times":1,"revision":1,)"
          R"("sentence":"attic/climate.temperature: 41.0 °C","silenced":false}],"next":null})");
}

TEST_CASE("alerts can be asked for by series, node, time and state, in pages") {
    AlertWorld world;
    world.add("a", kNoon - 1h, kNoon - 30min);
    world.add("b", kNoon);
    world.add("c", kNoon + 1min, kNoon + 2min);
    CHECK(world.count("") == 3);
    CHECK(world.count("?state=open") == 1);
    CHECK(world.count("?state=closed") == 2);
    CHECK(world.count("?node=attic") == 3);
    CHECK(world.count("?node=cellar") == 0);
    CHECK(world.count("?series=attic/climate.temperature&from=-10m") == 2);
    CHECK(world.count("?to=-30m") == 1);
    const auto page = parsed(world.ask("?limit=2"));
    CHECK(page.find("items")->array.size() == 2);
    CHECK(page.find("items")->array.at(0).find("id")->string == "c");
    CHECK(world.count("?limit=2&after=" + page.find("next")->string) == 1);
}

TEST_CASE("a question about alerts that cannot be answered is refused with its parameter") {
    AlertWorld world;
    for (const char* parameters :
         {"?state=ended", "?from=yesterday", "?limit=0", "?after=x", "?series=attic/nothing",
          "?node=cellar&series=attic/climate.temperature", "?what=1"}) {
        CAPTURE(parameters);
        const auto response = world.ask(parameters);
        CHECK(response.status >= 400);
        CHECK(response.status < 500);
    }
}

TEST_CASE("without its file there is no answer about alerts") {
    AlertWorld world;
    world.sink.reset();
    std::filesystem::remove(world.folder.file("leat.db"));
    CHECK(world.ask("").status >= 500);
}

TEST_CASE("a central without alerts has none") {
    World world;
    const auto response = world.get("/api/v1/alerts");
    CHECK(response.status == 200);
    CHECK(parsed(response).find("items")->array.empty());
}
