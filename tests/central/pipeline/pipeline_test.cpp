#include "central/pipeline/pipeline.hpp"

#include <doctest/doctest.h>

#include <filesystem>

#include "central/pipeline/centre.hpp"
#include "central/pipeline/scripted_source.hpp"
#include "central/pipeline/written_node.hpp"

using namespace central_test;

namespace {

void append(ScriptedSource& source, const WrittenNode& node, std::uint64_t from, std::uint64_t to) {
    for (auto seq = from; seq <= to; ++seq) source.append(node.entry(seq));
}

struct World {
    World() { node.add_readings(40); }

    ScriptedSource source;
    WrittenNode node{"attic", 1};
    Centre centre{source};
};

}  // namespace

TEST_CASE("entries are counted, committed and settled") {
    World world;
    append(world.source, world.node, 1, 25);
    world.centre.run();
    CHECK(world.centre.readings() == 25);
    CHECK(world.source.settled.at({"attic", {1}}) == world.node.mark(25));
    CHECK(world.source.settled_cursor == "0-25");
    CHECK(world.centre.counter("records_total") == 25);
    CHECK(world.centre.counter("readings_total") == 25);
    CHECK(world.centre.counter("entries_total") == 25);
    CHECK(world.centre.query().nodes().value().at(0).applied == world.node.mark(25));
    CHECK(world.centre.counters.value("leat_central_watermark_seconds", {{"node", "attic"}}) ==
          1'763'640'000 + 24 - 10);
}

TEST_CASE("nothing is acknowledged into a database that is gone, and nothing of it is lost") {
    World world;
    append(world.source, world.node, 1, 5);
    world.centre.run();
    for (const auto* end : {"", "-wal", "-shm"}) {
        std::filesystem::remove(world.centre.path() + end);
    }
    append(world.source, world.node, 6, 8);
    world.centre.tick();
    CHECK(world.source.settled.at({"attic", {1}}) == world.node.mark(5));
    REQUIRE(world.centre.pipeline->trouble());
    CHECK(world.centre.pipeline->trouble()->part == central::Part::sink);
    CHECK(world.centre.pipeline->trouble()->error.detail.find("removed or replaced") !=
          std::string::npos);
    world.centre.run();
    CHECK_FALSE(world.centre.pipeline->trouble());
    CHECK(world.source.settled.at({"attic", {1}}) == world.node.mark(8));
    world.centre.restart();
    world.centre.run();
    CHECK(world.centre.readings() == 8);
}

TEST_CASE("a partition that only a person can repair stands still alone, and says what to do") {
    World world;
    Centre centre{world.source, 2};
    world.source.bad = 1;
    append(world.source, world.node, 1, 5);
    for (int i = 0; i < 5; ++i) centre.tick();
    REQUIRE(centre.pipeline->trouble());
    CHECK(to_text(*centre.pipeline->trouble()) == "source: leat:{1}:records is a string");
    CHECK(centre.readings() == 5);
    CHECK(world.source.settled_cursor == "0-5");
    append(world.source, world.node, 6, 9);
    for (int i = 0; i < 5; ++i) centre.tick();
    CHECK(centre.readings() == 9);
    CHECK(centre.counter("source_errors_total") == 1);
    CHECK(centre.pipeline->trouble());
    world.source.bad.reset();
    centre.tick(6s);
    CHECK_FALSE(centre.pipeline->trouble());
}

TEST_CASE("a tick with nothing new commits nothing") {
    World world;
    append(world.source, world.node, 1, 2);
    world.centre.run();
    const auto commits = world.centre.counter("commits_total");
    world.centre.run();
    CHECK(world.centre.counter("commits_total") == commits);
}

TEST_CASE("a tick says whether there is more") {
    World world;
    world.node.add_readings(165);
    append(world.source, world.node, 1, 165);
    const auto progress = world.centre.pipeline->tick(world.centre.now);
    CHECK(progress.more);
    CHECK(progress.entries == 160);  // 16 reads of 10.
    CHECK(world.centre.pipeline->tick(world.centre.now).entries == 5);
    CHECK_FALSE(world.centre.pipeline->tick(world.centre.now).more);
}

TEST_CASE("entries that are read twice count once") {
    World world;
    append(world.source, world.node, 1, 5);
    append(world.source, world.node, 2, 7);
    world.centre.run();
    CHECK(world.centre.readings() == 7);
    CHECK(world.centre.counter("duplicates_total") == 4);
}

TEST_CASE("a poison record is quarantined and the node goes on") {
    World world;
    WrittenNode node{"attic", 1};
    node.add_readings(1);
    node.add("{\"k\":\"poem\"");
    node.add(R"({"k":"data","t":5,"clk":"synced","series":{"s.q":{"dt":[0],"v":[1e200]}}})");
    node.add_readings(1);
    append(world.source, node, 1, 4);
    world.centre.run();
    CHECK(world.centre.readings() == 2);
    CHECK(world.source.settled.at({"attic", {1}}) == node.mark(4));
    const auto quarantined = [&](const char* reason) {
        return world.centre.counters.value("leat_central_quarantined_total", {{"reason", reason}});
    };
    CHECK(quarantined("malformed") == 1);
    CHECK(quarantined("out_of_range") == 1);
}

TEST_CASE("a declared gap advances the mark, and only its part beyond the mark is lost") {
    World world;
    append(world.source, world.node, 1, 4);
    world.source.append(world.node.gap(3, 9));
    append(world.source, world.node, 10, 11);
    world.centre.run();
    CHECK(world.centre.readings() == 6);
    CHECK(world.centre.counter("lost_records_total") == 5);
    const auto gaps = world.centre.query().gaps("attic", {}, {}).value();
    REQUIRE(gaps.size() == 1);
    CHECK(gaps[0].from == 5);
    CHECK(gaps[0].to == 9);
    CHECK(world.centre.query().nodes().value().at(0).lost_records == 5);
}

TEST_CASE("a crash between commit and settle loses nothing and counts nothing twice") {
    World world;
    append(world.source, world.node, 1, 8);
    world.source.failing_settle = true;
    world.centre.run(1);
    world.source.failing_settle = false;
    world.source.settled.clear();
    world.centre.tick(40s);
    CHECK(world.source.settled.empty() == false);

    append(world.source, world.node, 9, 12);
    world.centre.tick(40s);
    world.source.settled.clear();
    world.centre.restart();
    world.centre.run();
    CHECK(world.source.settled.at({"attic", {1}}) == world.node.mark(12));
    CHECK(world.centre.readings() == 12);
}

TEST_CASE("a commit that failed is repeated, whether it had happened or not") {
    for (const bool happened : {false, true}) {
        CAPTURE(happened);
        World world;
        append(world.source, world.node, 1, 5);
        (happened ? world.centre.sink->fail_after : world.centre.sink->fail_before) = 1;
        world.centre.run();
        CHECK(world.centre.readings() == 5);
        CHECK(world.centre.counter("sink_errors_total") == 1);
        CHECK(world.centre.sink->loads == 2);
        CHECK(world.source.settled.at({"attic", {1}}) == world.node.mark(5));
        const auto windows = world.centre.query().windows({.node = "attic",
                                                           .series = "s.q",
                                                           .span = 1h,
                                                           .from = base::EventTime::min(),
                                                           .to = base::EventTime::max()});
        CHECK(windows.value().at(0).second.revision == 1);
    }
}

TEST_CASE("while the source or the sink is away the pipeline waits and says why") {
    World world;
    append(world.source, world.node, 1, 5);
    world.source.failing = true;
    world.centre.run(3);
    REQUIRE(world.centre.pipeline->trouble());
    CHECK(world.centre.pipeline->trouble()->part == central::Part::source);
    CHECK(to_text(*world.centre.pipeline->trouble()) == "source: away");
    CHECK(world.centre.counter("source_errors_total") == 3);
    world.source.failing = false;
    world.centre.run();
    CHECK_FALSE(world.centre.pipeline->trouble());
    CHECK(world.centre.readings() == 5);

    world.centre.restart();
    world.centre.sink->fail_loads = 2;
    world.centre.run(2);
    REQUIRE(world.centre.pipeline->trouble());
    CHECK(world.centre.pipeline->trouble()->part == central::Part::sink);
    CHECK(to_text(*world.centre.pipeline->trouble()) == "sink: the test said so");
    world.centre.run();
    CHECK_FALSE(world.centre.pipeline->trouble());
}

TEST_CASE("it waits between attempts") {
    World world;
    world.source.failing = true;
    for (int i = 0; i < 100; ++i) world.centre.tick(1ms);
    CHECK(world.centre.counter("source_errors_total") < 10);
}

TEST_CASE("another lineage is read from its beginning and nothing counts twice") {
    World world;
    append(world.source, world.node, 1, 9);
    world.centre.run();
    world.source.stream.clear();
    world.source.name = "second";
    append(world.source, world.node, 4, 12);
    world.centre.run();
    CHECK(world.centre.readings() == 12);
    CHECK(world.centre.counter("rescans_total") == 1);
    CHECK(world.centre.counter("duplicates_total") == 6);
}

TEST_CASE("a central that lost a partition cannot commit, and nothing counts twice") {
    World world;
    append(world.source, world.node, 1, 3);
    world.centre.run(1);
    base::Counters counters;
    central::PipelineOptions options;
    options.partitions = 1;
    central::Pipeline other{options, {}, world.source, world.centre.file(), counters, 2};
    append(world.source, world.node, 4, 6);
    other.tick(world.centre.now);
    append(world.source, world.node, 7, 8);
    world.centre.tick(1ms);
    REQUIRE(world.centre.pipeline->trouble());
    CHECK(world.centre.pipeline->trouble()->error.detail.find("claimed by another") !=
          std::string::npos);
    CHECK(world.centre.counter("records_total") == 3);
    // Both share one file here, which the failure closed: the other opens it anew.
    other.tick(world.centre.now);
    other.tick(world.centre.now + 40s);
    CHECK(world.centre.readings() == 8);
    world.centre.run();
    CHECK(world.centre.readings() == 8);
}

TEST_CASE("a tick hands over what it committed, and only that") {
    World world;
    append(world.source, world.node, 1, 5);
    world.centre.tick();
    append(world.source, world.node, 6, 9);
    const auto committed = world.centre.tick().committed;
    REQUIRE(committed.windows.size() == engine::EngineOptions{}.spans.size());
    for (const auto& [key, row] : committed.windows) CHECK(row.summary.count == 9);
    CHECK(committed.nodes.at("attic").applied.seq == 9);
    CHECK(committed.series.size() == 1);
    CHECK(world.centre.tick().committed.windows.empty());
}

TEST_CASE("what was gathered before the source failed is committed, and handed over") {
    for (const std::uint32_t partitions : {1U, 2U}) {
        CAPTURE(partitions);  // With one, settling fails; with two, the second read.
        World world;
        Centre centre{world.source, partitions};
        append(world.source, world.node, 1, 5);
        world.source.failing_after_reads = 1;
        const auto committed = centre.tick().committed;
        REQUIRE(committed.nodes.contains("attic"));
        CHECK(committed.nodes.at("attic").applied.seq == 5);
        CHECK(centre.readings() == 5);
        REQUIRE(centre.pipeline->trouble());
        CHECK(centre.pipeline->trouble()->part == central::Part::source);
    }
}

TEST_CASE("a commit that failed hands over nothing") {
    World world;
    append(world.source, world.node, 1, 5);
    world.centre.sink->fail_after = 1;
    const auto progress = world.centre.tick();
    CHECK(progress.entries == 0);
    CHECK(progress.committed.nodes.empty());
    CHECK(world.centre.pipeline->trouble()->part == central::Part::sink);
}
