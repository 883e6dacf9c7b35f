#include "central/live/publisher.hpp"

#include <doctest/doctest.h>

#include "central/api/scripted_query.hpp"
#include "central/live/event_stream.hpp"
#include "support/manual_clock.hpp"

using namespace std::chrono_literals;

namespace {

struct World {
    support::ManualClock clock{kNoon};
    ScriptedQuery query;
    views::NodePresences presences;
    base::Counters counters;
    live::EventLog log{"e1"};
    live::Publisher publisher{
        log, query, presences, counters, {.nodes_per_tick_max = 3, .windows_max = 50}};

    World() {
        query.node_rows = {node_row("attic", kNoon)};
        query.series_rows = {series_row("attic", "climate.temperature", kNoon, kNoon)};
    }
    void commit(base::EventTime newest,
                std::vector<std::pair<base::EventTime, engine::WindowRow>> windows,
                base::Duration span = 1min) {
        engine::Changes changes;
        query.node_rows = {node_row("attic", newest)};
        changes.nodes["attic"] = query.node_rows[0];
        for (const auto& [start, row] : windows) {
            changes.windows[{
                .span = span, .node = "attic", .series = "climate.temperature", .start = start}] =
                timed(start, row);
        }
        publisher.accept(changes);
    }
    std::string read(live::EventStream& stream) {
        clock.advance(1s);
        publisher.tick(clock.instant(), clock.event_time());
        return stream.next();
    }
};

std::size_t times(const std::string& text, const std::string& word) {
    std::size_t count = 0;
    for (auto at = text.find(word); at != std::string::npos; at = text.find(word, at + 1)) ++count;
    return count;
}

}  // namespace

TEST_CASE("a commit is published as one event for the node and one for each window") {
    World world;
    live::EventStream stream(world.log, world.clock, {}, {});
    stream.next();
    for (int i = 0; i < 100; ++i) world.commit(kNoon + 20s, {{kNoon, window_row({22, 23})}});
    const auto text = world.read(stream);
    CHECK(times(text, "event: node") == 1);
    CHECK(text.find(R"(event: window
data: {"s":"attic/climate.temperature","t":1763640000000,"w":60000,"count":2,"failed":0,)"
                    R"("expected":3,"min":22,"max":23,"first":22,"last":23,"mean":22.5,)"
                    R"("state":"p","quality":null,"rev":1})") != std::string::npos);
    CHECK(times(text, "event: window") == 1);
    CHECK(world.read(stream).empty());
}

TEST_CASE("a finding is published when it changes, at most once a second") {
    World world;
    live::EventStream stream(world.log, world.clock, {}, {});
    stream.next();
    engine::Changes changes;
    const detect::FindingKey key{.node = "attic",
                                 .series = "climate.temperature",
                                 .code = detect::Code::limit,
                                 .from = kNoon};
    changes.findings[key].sentence = "too warm";
    world.publisher.accept(changes);
    changes.findings[key].sentence = "far too warm";
    world.publisher.accept(changes);
    const auto text = world.read(stream);
    CHECK(times(text, "event: finding") == 1);
    CHECK(times(text, "far too warm") == 1);
    CHECK(world.read(stream).empty());
}

TEST_CASE("a window is published once more when the watermark passes it") {
    World world;
    live::EventStream stream(world.log, world.clock, {}, {});
    stream.next();
    world.commit(kNoon + 50s, {{kNoon, window_row({1, 2, 3})}});
    CHECK(world.read(stream).find("\"state\":\"p\"") != std::string::npos);
    world.commit(kNoon + 1min + 9s, {});
    CHECK(times(world.read(stream), "event: window") == 0);
    world.commit(kNoon + 1min + 10s, {});
    CHECK(world.read(stream).find("\"state\":\"c\"") != std::string::npos);
    world.commit(kNoon + 1min + 11s, {});
    CHECK(times(world.read(stream), "event: window") == 0);
}

TEST_CASE("a window that was open before anybody read is published when the watermark passes it") {
    World world;
    world.commit(kNoon + 50s, {{kNoon, window_row({1, 2, 3})}});
    world.clock.advance(1s);
    world.publisher.tick(world.clock.instant(), world.clock.event_time());
    CHECK(world.log.size() == 0);  // Nobody reads it, so it is not even made.
    live::EventStream stream(world.log, world.clock, {}, {});
    stream.next();
    world.commit(kNoon + 1min + 10s, {});
    CHECK(world.read(stream).find("\"state\":\"c\"") != std::string::npos);
}

TEST_CASE("windows of a series that lie together are judged with one look around them") {
    World world;
    live::EventStream stream(world.log, world.clock, {}, {});
    stream.next();
    std::vector<std::pair<base::EventTime, engine::WindowRow>> windows;
    for (int minute = 0; minute < 20; ++minute) {
        windows.emplace_back(kNoon + minute * 1min, window_row({1, 2, 3}));
    }
    world.query.window_rows = windows;
    world.query.asked.clear();
    world.commit(kNoon + 1h, windows);
    CHECK(times(world.read(stream), "event: window") == 20);
    CHECK(world.query.asked.size() == 2);  // Minutes and hours.
    CHECK(world.query.asked[0].from == kNoon);
    CHECK(world.query.asked[0].to == kNoon + 1h);

    // What lies between two that are far apart is not read.
    world.query.asked.clear();
    world.commit(kNoon + 50h, {windows[0], {kNoon + 48h, window_row({1, 2, 3})}});
    CHECK(times(world.read(stream), "event: window") == 2);
    CHECK(world.query.asked.size() == 4);
}

TEST_CASE("longer windows are not published") {
    World world;
    live::EventStream stream(world.log, world.clock, {}, {});
    stream.next();
    world.commit(kNoon + 20s, {{kNoon, window_row({22})}}, 1h);
    CHECK(times(world.read(stream), "event: window") == 0);
}

TEST_CASE("a node without gaps is asked for them once, until it declares one") {
    World world;
    live::EventStream stream(world.log, world.clock, {}, {});
    stream.next();
    for (int i = 0; i < 5; ++i) {
        world.commit(kNoon + 20s, {{kNoon, window_row({22})}});
        world.read(stream);
    }
    CHECK(world.query.gap_questions == 1);
    engine::Changes changes;
    changes.gaps.push_back({.node = "attic",
                            .incarnation = {1},
                            .from = 1,
                            .to = 2,
                            .reason = "lost",
                            .readings = {},
                            .first_at = {},
                            .last_at = {}});
    world.query.gap_rows = changes.gaps;
    world.publisher.accept(changes);
    world.commit(kNoon + 20s, {{kNoon, window_row({22})}});
    world.read(stream);
    CHECK(world.query.gap_questions > 1);
}

TEST_CASE("a change of status is published without any record") {
    World world;
    live::EventStream stream(world.log, world.clock, {}, {});
    stream.next();
    world.presences["attic"].state = wire::NodeState::lost;
    world.publisher.accept_presence("attic");
    CHECK(world.read(stream).find("\"state\":\"lost\"") != std::string::npos);
}

TEST_CASE("more nodes than fit into one tick are published one tick after the other, each once") {
    World world;
    live::EventStream stream(world.log, world.clock, {}, {});
    stream.next();
    for (const char* node : {"a", "b", "c", "d", "e", "f", "g"}) {
        world.presences[node].state = wire::NodeState::ready;
        world.publisher.accept_presence(node);
    }
    std::string text;
    for (int i = 0; i < 3; ++i) text += world.read(stream);
    CHECK(times(text, "event: node") == 7);
}

TEST_CASE("more changes than may wait make every reader ask again") {
    World world;
    live::EventStream stream(world.log, world.clock, {}, {});
    stream.next();
    std::vector<std::pair<base::EventTime, engine::WindowRow>> many;
    for (int i = 0; i < 60; ++i) many.emplace_back(kNoon - i * 1min, window_row({1}));
    world.commit(kNoon, many);
    const auto text = world.read(stream);
    CHECK(times(text, "event: reset") == 1);
    CHECK(times(text, "event: window") == 0);
    CHECK(world.counters.value("leat_central_event_resets_total") == 1);
}

TEST_CASE("a store that cannot be asked makes readers ask again rather than miss something") {
    World world;
    live::EventStream stream(world.log, world.clock, {}, {});
    stream.next();
    world.query.failure = base::Error{base::Fault::transient, "locked"};
    world.commit(kNoon + 20s, {{kNoon, window_row({22})}});
    CHECK(times(world.read(stream), "event: reset") == 1);
}

TEST_CASE("a window tells its quality and what is missing in it, as soon as it is over") {
    World world;
    live::EventStream stream(world.log, world.clock, {}, {});
    stream.next();
    auto row = window_row({1, 2});
    row.fail("checksum", 1);
    world.commit(kNoon + 1min + 20s, {{kNoon, row}});
    const auto text = world.read(stream);
    CHECK_MESSAGE(text.find(R"("state":"g","quality":0.6666666666666666,"rev":1,)"
                            R"("reasons":{"checksum":1},"causes":[{"cause":"failed",)"
                            R"("reason":"checksum","readings":1,)"
                            R"("sentence":"1 reading failed: checksum"}])") != std::string::npos,
                  text);
}

TEST_CASE("open windows are published once more when their node leaves, and when it is back") {
    World world;
    live::EventStream stream(world.log, world.clock, {}, {});
    stream.next();
    world.commit(kNoon + 50s, {{kNoon, window_row({1, 2, 3})}});
    CHECK(world.read(stream).find("away") == std::string::npos);
    const auto say = [&](wire::NodeState state) {
        world.presences["attic"].state = state;
        world.publisher.accept_presence("attic");
        return world.read(stream);
    };
    CHECK(say(wire::NodeState::lost).find(R"("causes":[{"cause":"away")") != std::string::npos);
    CHECK(times(say(wire::NodeState::lost), "event: window") == 0);
    const auto back = say(wire::NodeState::ready);
    CHECK(times(back, "event: window") == 1);
    CHECK(back.find("causes") == std::string::npos);
}
