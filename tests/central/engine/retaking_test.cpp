// Goal: what went into quarantine for a reason that no longer holds counts, exactly once. Method:
// the same memory under engines with other limits, as after a restart with another configuration.
#include "central/engine/feed.hpp"

using namespace engine_test;
using engine::EngineOptions;
using engine::RefusalKind;

namespace {

EngineOptions limited(std::size_t series) {
    EngineOptions options;
    options.series_per_node_max = series;
    return options;
}

/// A restart: another engine over what was committed.
struct Restart {
    Restart(MapMemory& memory, EngineOptions options) : memory_(memory), engine(options, memory) {}

    /// All that can be taken, in steps of two lines, each committed. Gives how many lines.
    std::size_t retake() {
        std::size_t lines = 0;
        while (engine.may_retake()) {
            const auto retaken = engine.retake(2, 100'000);
            REQUIRE(retaken);
            lines += retaken.value().size();
            for (const auto& one : retaken.value()) {
                readings += one.outcome.readings;
                CHECK_FALSE(one.outcome.refused);
            }
            memory_.commit(engine.take_changes());
        }
        return lines;
    }

    MapMemory& memory_;
    engine::Engine engine;
    std::uint64_t readings = 0;
};

std::uint64_t count_of(const MapMemory& memory, const std::string& series) {
    std::uint64_t count = 0;
    for (const auto& [key, row] : memory.windows) {
        if (key.series == series && key.span == 1min) count += row.summary.count;
    }
    return count;
}

}  // namespace

TEST_CASE("columns beyond a series limit count once it is raised, and the others not again") {
    Feed feed{limited(1)};
    feed.accept(
        data({raw("a.x", {{0, 1}, {1000, 2}}), raw("b.x", {{0, 3}}), raw("c.x", {{0, 4}})}));
    feed.accept(readings("b.x", {{2000, 5}}));
    feed.commit();
    CHECK(count_of(feed.memory, "a.x") == 2);
    CHECK(count_of(feed.memory, "b.x") == 0);

    Restart second{feed.memory, limited(2)};
    CHECK(second.retake() == 2);
    CHECK(count_of(feed.memory, "a.x") == 2);
    CHECK(count_of(feed.memory, "b.x") == 2);
    CHECK(count_of(feed.memory, "c.x") == 0);
    REQUIRE(feed.memory.refused_lines.size() == 1);  // Of the first record, c.x.
    CHECK(feed.memory.refused_lines.begin()->second.parts == std::vector<std::string>{"c.x"});

    Restart third{feed.memory, limited(9)};
    CHECK(third.retake() == 1);
    CHECK(third.readings == 1);
    CHECK(count_of(feed.memory, "c.x") == 1);
    CHECK(feed.memory.refused_lines.empty());
    CHECK(Restart{feed.memory, limited(9)}.retake() == 0);
    CHECK(count_of(feed.memory, "b.x") == 2);
}

TEST_CASE("while the reason holds a line stays in quarantine as it is") {
    Feed feed{limited(1)};
    feed.accept(readings("a.x", {{0, 1}}));
    feed.accept(readings("b.x", {{0, 1}}));
    feed.accept("no record");
    feed.commit();
    const auto before = feed.memory.refused_lines;
    REQUIRE(before.size() == 2);
    Restart again{feed.memory, limited(1)};
    CHECK(again.retake() == 0);
    REQUIRE(feed.memory.refused_lines.size() == 2);
    CHECK(feed.memory.refused_lines.begin()->first == before.begin()->first);
    CHECK(feed.memory.quarantined.size() == 2);
}

TEST_CASE("failures and declarations beyond a series limit are taken, too") {
    Feed feed{limited(1)};
    feed.accept(readings("a.x", {{0, 1}}));
    feed.accept(failed("b.x", 0, 4));
    feed.accept(declaration("b.x", "Cel"));
    feed.commit();
    CHECK(Restart{feed.memory, limited(2)}.retake() == 2);
    CHECK(feed.row("b.x", 1min, 0).failed == 4);
    CHECK(feed.memory.all_series.at({"attic", "b.x"}).declared.unit == "Cel");
    CHECK(Restart{feed.memory, limited(2)}.retake() == 0);
    CHECK(feed.row("b.x", 1min, 0).failed == 4);
}

TEST_CASE("a declaration from quarantine gives way to a newer one, and to no older one") {
    Feed feed{limited(1)};
    feed.accept(readings("a.x", {{0, 1}}));
    feed.accept(declaration("b.x", "Cel"));
    feed.accept(declaration("b.x", "K"));
    feed.accept(readings("b.x", {{0, 1}}));
    feed.commit();
    // Of each series an older leat could not read one, which came before the others.
    for (const auto* series : {"a.x", "c.x"}) {
        feed.memory.refused_lines[++feed.memory.lines] = {.node = "attic",
                                                          .incarnation = {1},
                                                          .seq = 1,
                                                          .line = declaration(series, "old"),
                                                          .reason = "malformed: by an older leat",
                                                          .received = at(0),
                                                          .parts = {engine::kWholeRecord}};
    }
    feed.accept(declaration("a.x", "new"));
    feed.commit();
    CHECK(Restart{feed.memory, limited(3)}.retake() == 5);
    CHECK(feed.memory.refused_lines.empty());
    const auto unit = [&](const std::string& series) {
        return feed.memory.all_series.at({"attic", series}).declared.unit;
    };
    CHECK(unit("a.x") == "new");
    CHECK(unit("b.x") == "K");
    CHECK(unit("c.x") == "old");
}

TEST_CASE("the quarantine is looked through once, though there are more nodes than are kept") {
    auto options = limited(1);
    options.nodes_max = 1;
    Feed feed{options};
    constexpr std::size_t kNodes = 5;
    for (std::size_t i = 0; i < kNodes; ++i) {
        const auto name = "n" + std::to_string(i);
        feed.accept(readings("a.x", {{0, 1}}), name);
        feed.accept(readings("b.x", {{0, 1}}), name);
    }
    feed.commit();
    REQUIRE(feed.memory.refused_lines.size() == kNodes);
    engine::Engine again{options, feed.memory};
    std::size_t steps = 0;
    for (; again.may_retake() && steps < 10 * kNodes; ++steps) {
        REQUIRE(again.retake(2, 100'000));
        feed.memory.commit(again.take_changes());
    }
    CHECK(steps == 3);  // Of two, two and one.
    for (const auto* name : {"n0", "n1", "n2"}) {
        const auto line = readings("a.x", {{1000, 1}});
        REQUIRE(again.apply({.node = name,
                             .incarnation = {1},
                             .mark = {.seq = 20, .hash = {}},
                             .received = at(3'600'000),
                             .line = line},
                            wire::decode_record(line)));
    }
    feed.memory.commit(again.take_changes());
    CHECK_FALSE(again.may_retake());
    again.forget();  // As after a commit that failed.
    CHECK(again.may_retake());
}

TEST_CASE("a record that was placed by its boot's clock is placed once, however often it counts") {
    Feed feed{limited(1)};
    feed.accept(wire::encode_record(
        {.body =
             wire::ClockSample{.boot = "b", .since_boot = 1min, .utc = at(120'000), .error = 10ms},
         .origin = {}}));
    const auto line = wire::encode_record(
        {.body = wire::Data{.at = base::from_milliseconds(1000),
                            .clock = wire::ClockState::boot,
                            .boot = "b",
                            .columns = {raw("a.x", {{0, 1}}), raw("b.x", {{0, 1}})}},
         .origin = {}});
    CHECK(feed.accept(line).placed == 1);
    feed.commit();
    engine::Engine again{limited(2), feed.memory};
    const auto retaken = again.retake(2, 100'000);
    REQUIRE(retaken);
    REQUIRE(retaken.value().size() == 1);
    CHECK(retaken.value()[0].outcome.readings == 1);
    CHECK(retaken.value()[0].outcome.placed == 0);
}

TEST_CASE("a record without a clock that was one too many waits once it may, and counts once") {
    EngineOptions few;
    few.unplaced_per_node_max = 0;
    Feed feed{few};
    const auto line = wire::encode_record({.body = wire::Data{.at = base::from_milliseconds(1000),
                                                              .clock = wire::ClockState::boot,
                                                              .boot = "b1",
                                                              .columns = {raw("a.x", {{0, 1}})}},
                                           .origin = {}});
    CHECK(feed.accept(line).refused == RefusalKind::unplaced);
    feed.commit();
    CHECK(Restart{feed.memory, {}}.retake() == 1);
    CHECK(feed.memory.unplaced.size() == 1);
    CHECK(feed.memory.refused_lines.empty());
    CHECK(count_of(feed.memory, "a.x") == 0);
}

TEST_CASE("a line whose number had another content never counts") {
    Feed feed;
    const auto line = readings("a.x", {{0, 1}});
    feed.engine.quarantine({.node = "attic",
                            .incarnation = {1},
                            .mark = {.seq = 1, .hash = {}},
                            .received = at(0),
                            .line = line},
                           {.kind = RefusalKind::conflict, .detail = "another record"});
    feed.commit();
    CHECK(Restart{feed.memory, {}}.retake() == 0);
    CHECK(count_of(feed.memory, "a.x") == 0);
}

TEST_CASE("a line that could not be read and came by a fork is left to a person") {
    Feed feed;
    const auto line =
        wire::encode_record({.body = wire::Data{.at = at(0),
                                                .clock = wire::ClockState::synced,
                                                .boot = {},
                                                .columns = {raw("a.x", {{0, 1}})}},
                             .origin = wire::Origin{.incarnation = {7}, .seq = 3, .hash = {}}});
    feed.memory.refused_lines[1] = {.node = "attic",
                                    .incarnation = {1},
                                    .seq = 1,
                                    .line = line,
                                    .reason = "malformed: by an older leat",
                                    .received = at(0),
                                    .parts = {engine::kWholeRecord}};
    CHECK(Restart{feed.memory, {}}.retake() == 0);
    feed.memory.refused_lines[1].line = readings("a.x", {{0, 1}});
    CHECK(Restart{feed.memory, {}}.retake() == 1);
    CHECK(count_of(feed.memory, "a.x") == 1);
}

TEST_CASE("the reasons of a window are counted apart, and bounded") {
    Feed feed;
    const auto fail = [&](const std::string& reason, std::uint64_t count) {
        feed.accept(wire::encode_record({.body = wire::Failed{.at = at(0),
                                                              .clock = wire::ClockState::synced,
                                                              .boot = {},
                                                              .span = 10s,
                                                              .columns = {{.series = "a.x",
                                                                           .reason = reason,
                                                                           .dt_ms = {0, 10'000},
                                                                           .counts = {count, 1}}}},
                                         .origin = {}}));
    };
    fail("checksum", 3);
    fail("checksum", 2);
    fail("no response", 1);
    feed.commit();
    const auto row = feed.row("a.x", 1min, 0);
    CHECK(row.failed == 9);
    CHECK(row.reasons == std::vector<engine::FailureCount>{{"checksum", 7}, {"no response", 2}});
    CHECK(feed.row("a.x", 1h, 0).reasons == row.reasons);
    for (int i = 0; i < 40; ++i) fail("reason " + std::to_string(i), 1);
    feed.commit();
    const auto full = feed.row("a.x", 1min, 0);
    CHECK(full.failed == 89);
    CHECK(full.reasons.size() == engine::kReasonsMax);
    CHECK(full.reasons[0] == engine::FailureCount{"checksum", 7});
    CHECK(full.reasons[2] == engine::FailureCount{"other", 2 * (40 - 13)});
}

TEST_CASE("failures of a sensor without a known series are counted, not dropped in silence") {
    Feed feed;
    CHECK(feed.accept(failed("door", 0, 4)).homeless == 4);
    CHECK(feed.accept(failed("door", 0, 4)).failed == 0);
    feed.accept(readings("door.motion", {{0, 1}}));
    const auto outcome = feed.accept(failed("door", 0, 4));
    CHECK(outcome.homeless == 0);
    CHECK(outcome.failed == 4);
    feed.accept(readings("doors.x", {{0, 1}}));
    CHECK(feed.accept(failed("doo", 0, 1)).homeless == 1);
}
