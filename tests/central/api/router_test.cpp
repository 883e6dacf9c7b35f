#include "central/api/router.hpp"

#include <doctest/doctest.h>

#include "central/api/api_world.hpp"

using namespace api_test;

TEST_CASE("the node list joins what was stored with what the broker says") {
    World world;
    world.presences["attic"] = {
        .state = wire::NodeState::ready,
        .since = kNoon,
        .details = views::NodeDetails{
            .version = "0.1.0", .outbox_records = 4, .clock = wire::ClockState::holdover}};
    world.query.node_rows.at(0).unplaced = 2;
    world.query.boot_rows = {
        {.node = "attic", .boot = "b1", .tie = {}, .unplaced = 2, .first = {{{1}, 7}}},
        {.node = "attic",
         .boot = "b2",
         .tie = engine::BootTie{.since_boot = 10s, .utc = kNoon, .error = 5ms},
         .first = {{{1}, 9}}}};
    const auto response = world.get("/api/v1/nodes");
    CHECK(response.status == 200);
    CHECK(response.content_type == "application/json");
    CHECK(header(response, "Cache-Control") == "no-store");
    CHECK(response.body ==
          R"({"now":1763640360000,"items":[{"node":"attic","state":"ready",)"
          R"("state_since":1763640000000,"last_record":1763640300000,)"
          R"("last_stored":{"inc":"9f86d081884c7d65","seq":182044,"at":1763640301000},)"
          R"("outbox":{"records":4},"version":"0.1.0","clock":"holdover","lost_records":0,)"
          R"("unplaced_records":2,"unplaced":[{"boot":"b1","records":2,"not_before":null,)"
          R"("not_after":1763639990006}],"needs":[],)"
          R"("latest":[{"series":"climate.temperature","quantity":"temperature","unit":"Cel",)"
          R"("t":1763640240000,"value":22.5}]}],"next":null})");
}

TEST_CASE("a node whose records waited for its clock says from when to when") {
    World world;
    world.query.placed_boot =
        sinks::PlacedBoot{.started = kNoon, .clock_set = kNoon + 5min, .records = 28};
    const auto nodes = world.get("/api/v1/nodes");
    const auto* told =
        R"("placed":{"records":28,"started":1763640000000,"clock_set":1763640300000})";
    CHECK(nodes.body.find(told) != std::string::npos);
}

TEST_CASE("nodes and series say where they are now, and what is not known") {
    World world;
    world.query.series_rows.push_back(series_row("attic", "door.open", kNoon, kNoon));
    world.query.series_rows.push_back(series_row("attic", "lamp.lit", kNoon, kNoon));
    world.query.situations_of["attic"] = {
        {"climate.temperature", {.location = "/house/attic", .tags = {"TI-1", "x"}}},
        {"door.open", {.location = "/house", .tags = {"x"}}}};
    const auto nodes = world.get("/api/v1/nodes");
    CHECK(nodes.body.find(
              R"("locations":["/house","/house/attic"],"tags":["TI-1","x"],"needs":[],"latest")") !=
          std::string::npos);
    const auto series = parsed(world.get("/api/v1/series"));
    const auto& items = series.find("items")->array;
    REQUIRE(items.size() == 3);
    CHECK(items[0].find("location")->string == "/house/attic");
    CHECK(items[0].find("tags")->array.size() == 2);
    CHECK(items[1].find("location")->string == "/house");
    CHECK(items[2].find("location")->kind == base::Json::Kind::null);
    for (const auto asked : world.query.situations_asked_at) CHECK(asked == kNoon + 6min);
}

TEST_CASE("series can be asked for by location and by tag") {
    World world;
    CHECK(world.get("/api/v1/series?location=/house/attic&tag=TI-1&node=attic").status == 200);
    CHECK(world.get("/api/v1/series?location=unknown").status == 200);
    REQUIRE(world.query.filters.size() == 2);
    CHECK(world.query.filters[0].location == "/house/attic");
    CHECK(world.query.filters[0].tag == "TI-1");
    CHECK(world.query.filters[0].node == "attic");
    CHECK(world.query.filters[0].at == kNoon + 6min);
    CHECK(world.query.filters[1].location == "unknown");
    for (const auto* bad : {"location=attic", "location=", "location=/a/", "location=/a.b",
                            "tag=", "tag=a%20b", "tag=%2Fa"}) {
        CAPTURE(bad);
        const auto refused = world.get(std::string{"/api/v1/series?"} + bad);
        CHECK(refused.status == 400);
        CHECK(refused.body.find("bad-parameter") != std::string::npos);
    }
    CHECK(world.query.filters.size() == 2);
}

TEST_CASE("a node that is known only by its status, or only by its records, is listed") {
    World world;
    world.presences["zoo"] = {
        .state = wire::NodeState::lost, .since = std::nullopt, .details = std::nullopt};
    const auto json = parsed(world.get("/api/v1/nodes"));
    const auto& items = json.find("items")->array;
    REQUIRE(items.size() == 2);
    CHECK(items[0].find("state")->string == "unknown");
    CHECK(items[0].find("clock")->string == "synced");
    CHECK(items[1].find("node")->string == "zoo");
    CHECK(items[1].find("state")->string == "lost");
    for (const char* name :
         {"state_since", "last_record", "last_stored", "outbox", "version", "clock"}) {
        CAPTURE(name);
        CHECK(items[1].find(name)->kind == base::Json::Kind::null);
    }
}

TEST_CASE("the series list says what there is, of one node or of all") {
    World world;
    world.query.series_rows.push_back(series_row("cellar", "door.motion", kNoon, kNoon));
    world.query.series_rows.back().declared.period.reset();
    world.query.node_rows.push_back(node_row("cellar", kNoon));
    CHECK(world.get("/api/v1/series?node=attic").body ==
          R"({"now":1763640360000,"items":[{"id":"attic/climate.temperature","node":"attic",)"
          R"("series":"climate.temperature","quantity":"temperature","unit":"Cel",)"
          R"("driver":"dht11","period_ms":20000,"first":1763640000000,"last":1763640240000,)"
          R"("readings":30,"location":null,"tags":[]}],"next":null})");
    const auto all = parsed(world.get("/api/v1/series"));
    REQUIRE(all.find("items")->array.size() == 2);
    CHECK(all.find("items")->array[1].find("period_ms")->kind == base::Json::Kind::null);
}

TEST_CASE("a wrong series of an event stream is reported at the parameter that names it") {
    World world;
    const auto json = parsed(world.get("/api/v1/events?windows=nope/x.y"));
    CHECK(json.find("errors")->array[0].find("parameter")->string == "windows");
}

TEST_CASE("a wrong request gets one problem, which names the nearest valid value") {
    struct Case {
        const char* target;
        int status;
        const char* slug;
        const char* says;
    };
    World world;
    const std::vector<Case> cases{
        {"/api/v1/nodes?node=attic", 400, "unknown-parameter", "nod"},
        {"/api/v1/nodes?limit=0", 400, "bad-parameter", "limit: a whole number from 1 to 1000"},
        {"/api/v1/nodes?limit=1001", 400, "bad-parameter", "limit"},
        {"/api/v1/series?limit=5x", 400, "bad-parameter", "limit"},
        {"/api/v1/series?limit=99999999999999999999", 400, "bad-parameter", "limit"},
        {"/api/v1/series?nod=attic", 400, "unknown-parameter", "did you mean \"node\"?"},
        {"/api/v1/series?node=atic", 404, "unknown-node", "did you mean \"attic\"?"},
        {"/api/v1/windows", 400, "bad-parameter", "series"},
        {"/api/v1/windows?series=attic/climate.temprature", 404, "unknown-series",
         "did you mean \"attic/climate.temperature\"?"},
        {"/api/v1/windows?series=attic", 404, "unknown-series", "there is no series \"attic\""},
        {"/api/v1/windows?series=a/b&from=soon", 400, "bad-parameter", "from: write it as"},
        {"/api/v1/windows?series=a/b&from=now&to=-1h", 400, "bad-parameter", "before to"},
        {"/api/v1/windows?series=a/b&from=now&to=now", 400, "bad-parameter", "before to"},
        {"/api/v1/windows?series=a/b&span=2m", 400, "bad-parameter", "one of 1m, 15m, 1h, 6h"},
        {"/api/v1/windows?series=a/b&points=0", 400, "bad-parameter", "points"},
        {"/api/v1/windows?series=a/b&points=-5", 400, "bad-parameter", "points"},
        {"/api/v1/windows?series=a/b&points=10px", 400, "bad-parameter", "points"},
        {"/api/v1/windows?series=a/b&series=c/d", 400, "bad-parameter", "only once"},
        {"/api/v1/events?windows=attic/x.y", 404, "unknown-series", "attic/x.y"},
        {"/api/v1/node", 404, "not-found", "did you mean /api/v1/nodes?"},
        {"/favicon.ico", 404, "not-found", "/favicon.ico"},
        {"/%", 400, "bad-target", "escape"},
        {"*", 400, "bad-target", "slash"},
    };
    for (const auto& one : cases) {
        CAPTURE(one.target);
        const auto response = world.get(one.target);
        CHECK(response.status == one.status);
        CHECK(response.content_type == "application/problem+json");
        const auto json = parsed(response);
        CHECK(json.find("type")->string == std::string{"urn:leat:problem:"} + one.slug);
        const auto& detail = json.find("detail")->string;
        CAPTURE(detail);
        CHECK(detail.find(one.says) != std::string::npos);
    }
}

TEST_CASE("a store that cannot be asked gives 503, not an empty list") {
    World world;
    world.query.failure = base::Error{base::Fault::transient, "database is locked"};
    for (const char* target : {"/api/v1/nodes", "/api/v1/series", "/api/v1/series?node=attic",
                               "/api/v1/windows?series=attic/climate.temperature"}) {
        CAPTURE(target);
        const auto response = world.get(target);
        CHECK(response.status == 503);
        CHECK(response.body.find("database is locked") != std::string::npos);
    }
    world.query.failure->fault = base::Fault::malformed;
    CHECK(world.get("/api/v1/nodes").status == 500);
}

TEST_CASE("only GET and HEAD are understood, and the answer says so") {
    World world;
    for (const char* method : {"POST", "PUT", "DELETE", "OPTIONS", "PATCH", "get", "BREW"}) {
        CAPTURE(method);
        const auto response = world.get("/api/v1/nodes", method);
        CHECK(response.status == 405);
        CHECK(header(response, "Allow") == "GET, HEAD");
    }
    CHECK(world.get("/api/v1/nodes", "HEAD").status == 200);
}

TEST_CASE("a request that was meant for another name is refused") {
    World world;
    for (const char* host :
         {"localhost", "localhost:8080", "LOCALHOST:1", "127.0.0.1:8080", "[::1]:8080",
          "leat.example.org", "leat.example.org.:80", "192.168.1.10:8080", "localhost."}) {
        CAPTURE(host);
        CHECK(world.status_for_host(host) == 200);
    }
    for (const char* host :
         {"", "evil.example", "localhost.evil.example", "192.168.1.11:8080",
          "127.0.0.1.evil.example", "localhost:8080:1", "localhost:x", "[::1", "[::1]x", "[::2]",
          "leat.example.org@evil.example", "localhost:123456"}) {
        CAPTURE(host);
        CHECK(world.status_for_host(host) == 421);
    }
}

TEST_CASE("the page and its files are served with tags, and hashed names for ever") {
    World world;
    const auto page = world.get("/");
    CHECK(page.status == 200);
    CHECK(page.body == "<p>leat</p>");
    CHECK(page.content_type == "text/html; charset=utf-8");
    CHECK(header(page, "ETag") == "\"aaaa\"");
    CHECK(header(page, "Cache-Control") == "no-cache");
    CHECK(header(world.get("/app-1A2B3C4D.js"), "Cache-Control") ==
          "public, max-age=31536000, immutable");
    CHECK(header(world.get("/licences.txt"), "Cache-Control") == "no-cache");
    for (const char* tag :
         {"\"aaaa\"", "W/\"aaaa\"", "*", "\"x\", \"aaaa\"", "\"x\",W/\"aaaa\" "}) {
        CAPTURE(tag);
        const auto again = world.get_tagged("/", tag);
        CHECK(again.status == 304);
        CHECK(again.body.empty());
        CHECK(header(again, "ETag") == "\"aaaa\"");
    }
    for (const char* tag : {"\"bbbb\"", "aaaa", "\"aaaa", ",", "W/"}) {
        CAPTURE(tag);
        CHECK(world.get_tagged("/", tag).status == 200);
    }
}

TEST_CASE("the node list says what is wrong with a node, and what of it is in quarantine") {
    World world;
    world.presences["attic"] = {.state = wire::NodeState::ready,
                                .since = kNoon,
                                .details = views::NodeDetails{.version = "0.1.0",
                                                              .alarms = {"Speicher: 満杯"},
                                                              .faults = {"b: late"},
                                                              .failed_at = {}}};
    world.query.quarantine = {
        {.reason = "series_limit", .records = 16, .detail = "b.c17: the node has too many series"}};
    const auto body = world.get("/api/v1/nodes").body;
    CAPTURE(body);
    CHECK(body.find(
              R"("trouble":["Speicher: 満杯"],"faults":["b: late"],)"
              R"("quarantined":[{"reason":"series_limit","records":16,)"
              R"("detail":"b.c17: the node has too many series"}],"needs":[{"code":"trouble")") !=
          std::string::npos);
}

TEST_CASE("a sensor that fails is trouble when its readings cease, and not when it misses a few") {
    // Its series has a period of 20 s, and its newest reading is of kNoon + 4 min.
    struct Case {
        const char* name;
        const char* fault;
        base::Duration newest;     // Of the node.
        base::Duration failed_at;  // Both after noon.
        bool is_trouble;
    };
    const std::vector<Case> cases{
        {"a miss", "climate: checksum", 4min + 20s, 4min + 20s, false},
        {"at the limit", "climate: checksum", 5min + 30s, 5min, false},
        {"others go on without it", "climate: checksum", 5min + 31s, 5min, true},
        {"all of the node's readings cease", "climate: checksum", 4min, 5min + 31s, true},
        {"a sensor that has no series", "climate2: no answer", 4min, 4min, true},
        {"a sensor whose name begins alike", "clima: no answer", 4min, 4min, true},
    };
    for (const auto& one : cases) {
        CAPTURE(std::string{one.name});
        World world;
        world.query.node_rows[0].newest = kNoon + one.newest;
        world.presences["attic"] = {
            .state = wire::NodeState::ready,
            .since = kNoon,
            .details = views::NodeDetails{
                .version = "1", .faults = {one.fault}, .failed_at = kNoon + one.failed_at}};
        const auto wanted = std::string{"\"trouble\":[\""} + one.fault + "\"]";
        CHECK((world.get("/api/v1/nodes").body.find(wanted) != std::string::npos) ==
              one.is_trouble);
    }
    World world;
    world.query.series_rows[0].last_at.reset();
    world.presences["attic"].details =
        views::NodeDetails{.version = "1", .faults = {"climate: no answer"}, .failed_at = kNoon};
    CHECK(world.get("/api/v1/nodes").body.find("\"trouble\":[\"climate: no answer\"]") !=
          std::string::npos);
}

TEST_CASE("health is 200 until something that is needed has failed for half a minute") {
    World world;
    world.health.declare("store", true);
    world.health.declare("broker", false);
    CHECK(world.get("/healthz").body ==
          R"({"status":"ok","parts":{"broker":{"status":"ok"},"store":{"status":"ok"}}})");
    const base::Error away{base::Fault::transient, "connection refused"};
    world.health.report("store", away, world.clock.instant());
    // It shows at once, and fails only later.
    CHECK(world.get("/healthz").body.starts_with(R"({"status":"degraded",)"));
    CHECK(world.health.summary(world.clock.instant()) ==
          R"({"status":"degraded","parts":{"broker":{"status":"ok"},"store":{"status":"retrying",)"
          R"("detail":"connection refused"}}})");
    world.clock.advance(30s);
    world.health.report("store", away, world.clock.instant());
    CHECK(world.get("/healthz").status == 200);
    world.clock.advance(1s);
    const auto failing = world.get("/healthz");
    CHECK(failing.status == 503);
    CHECK(failing.body ==
          R"({"status":"failing","parts":{"broker":{"status":"ok"},"store":{"status":"failing",)"
          R"("failing_ms":31000,"detail":"connection refused"}}})");
    world.health.report("store", base::Done{}, world.clock.instant());
    world.health.report("broker", away, world.clock.instant());
    world.clock.advance(1h);
    const auto degraded = world.get("/healthz");
    CHECK(degraded.status == 200);
    CHECK(degraded.body.find("\"degraded\"") != std::string::npos);
}

TEST_CASE("metrics are the counters in Prometheus' text") {
    World world;
    world.counters.counter("leat_central_readings_total", "Readings.").add(3);
    const auto response = world.get("/metrics");
    CHECK(response.content_type == "text/plain; version=0.0.4; charset=utf-8");
    CHECK(response.body.find("leat_central_readings_total 3\n") != std::string::npos);
}

TEST_CASE("event streams are limited in number, and a HEAD needs none") {
    World world;
    CHECK(world.get("/api/v1/events", "HEAD").stream == nullptr);
    auto first = world.get("/api/v1/events");
    CHECK(first.content_type == "text/event-stream");
    CHECK(header(first, "X-Accel-Buffering") == "no");
    auto second = world.get("/api/v1/events?windows=attic/climate.temperature");
    REQUIRE(second.stream);
    const auto third = world.get("/api/v1/events");
    CHECK(third.status == 503);
    CHECK(header(third, "Retry-After") == "10");
    second.stream.reset();
    CHECK(world.get("/api/v1/events").status == 200);
}
