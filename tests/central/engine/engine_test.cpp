#include "central/engine/engine.hpp"

#include <doctest/doctest.h>

#include "central/engine/feed.hpp"

using namespace engine_test;

TEST_CASE("a record's readings are counted in every span") {
    Feed feed;
    const auto outcome =
        feed.accept(readings("climate.temperature", {{0, 20}, {59'999, 22}, {60'000, 21}}));
    CHECK(outcome.readings == 3);
    CHECK_FALSE(outcome.refused);
    feed.commit();
    CHECK(feed.row("climate.temperature", 1min, 0).summary.count == 2);
    CHECK(feed.row("climate.temperature", 1min, 60'000).summary.count == 1);
    const auto hour = feed.row("climate.temperature", 1h, 0);
    CHECK(hour.summary.count == 3);
    CHECK(hour.summary.min == 20);
    CHECK(hour.summary.max == 22);
    CHECK(hour.summary.first == 20);
    CHECK(hour.summary.last == 21);
    CHECK(hour.last_at == at(60'000));
}

TEST_CASE("a row's revision grows by one a commit in which it changed") {
    Feed feed;
    feed.accept(readings("a.b", {{0, 1}, {1, 2}}));
    feed.accept(readings("a.b", {{2, 3}}));
    feed.commit();
    CHECK(feed.row("a.b", 1min, 0).revision == 1);
    feed.accept(readings("a.c", {{0, 1}}));
    feed.commit();
    CHECK(feed.row("a.b", 1min, 0).revision == 1);
    feed.accept(readings("a.b", {{3, 4}}));
    feed.commit();
    CHECK(feed.row("a.b", 1min, 0).revision == 2);
    CHECK(feed.row("a.b", 1min, 0).summary.count == 4);
    CHECK(feed.engine.take_changes().windows.empty());
}

TEST_CASE("a row begun before a restart is continued") {
    Feed feed;
    feed.accept(readings("a.b", {{0, 1}}));
    feed.commit();
    feed.engine.forget();
    feed.accept(readings("a.b", {{1, 5}}));
    feed.commit();
    const auto row = feed.row("a.b", 1h, 0);
    CHECK(row.summary.count == 2);
    CHECK(row.summary.first == 1);
    CHECK(row.revision == 2);
    CHECK(feed.memory.all_series.at({"attic", "a.b"}).readings == 2);
}

TEST_CASE("what was not committed is gone after forget") {
    Feed feed;
    feed.accept(readings("a.b", {{0, 1}}));
    feed.engine.forget();
    feed.accept(readings("a.b", {{1, 5}}));
    feed.commit();
    CHECK(feed.row("a.b", 1min, 0).summary.count == 1);
}

TEST_CASE("the watermark follows the newest reading and never goes back") {
    Feed feed;
    CHECK_FALSE(feed.engine.watermark("attic"));
    feed.accept(readings("a.b", {{100'000, 1}, {50'000, 1}}));
    CHECK(feed.engine.watermark("attic") == at(90'000));
    feed.accept(readings("a.b", {{60'000, 1}}));
    CHECK(feed.engine.watermark("attic") == at(90'000));
    feed.accept(readings("a.b", {{0, 1}}), "cellar");
    CHECK(feed.engine.watermark("cellar") == at(-10'000));
    CHECK(feed.engine.watermark("attic") == at(90'000));
}

TEST_CASE("a reading whose window had ended before the watermark is late, counted and merged") {
    Feed feed;
    feed.accept(readings("a.b", {{70'000, 1}}));  // Watermark: 60'000, the very end of the window.
    CHECK(feed.accept(readings("a.b", {{59'999, 1}, {60'000, 1}})).late == 1);
    CHECK(feed.accept(readings("a.b", {{69'000, 1}})).late == 0);
    feed.commit();
    const auto minute = feed.row("a.b", 1min, 0);
    CHECK(minute.late == 1);
    CHECK(minute.summary.count == 1);
    CHECK(feed.row("a.b", 1min, 60'000).late == 0);
    CHECK(feed.row("a.b", 1h, 0).late == 0);
}

TEST_CASE("a millisecond before the watermark reaches the end nothing is late") {
    Feed feed;
    feed.accept(readings("a.b", {{69'999, 1}}));
    CHECK(feed.accept(readings("a.b", {{0, 1}})).late == 0);
}

TEST_CASE("readings of one record do not make each other late") {
    Feed feed;
    const auto outcome =
        feed.accept(data({raw("a.b", {{0, 1}, {600'000, 1}}), raw("a.c", {{0, 1}, {600'000, 1}})}));
    CHECK(outcome.late == 0);
}

TEST_CASE("a future reading counts but never advances the watermark") {
    Feed feed;
    const auto outcome =
        feed.accept(readings("a.b", {{0, 1}, {300'000, 2}, {300'001, 3}}), "attic", at(0));
    CHECK(outcome.readings == 3);
    CHECK(outcome.future == 1);
    CHECK(feed.engine.watermark("attic") == at(290'000));
    feed.commit();
    CHECK(feed.row("a.b", 1h, 0).summary.count == 3);
    CHECK(feed.memory.nodes.at("attic").newest == at(300'000));
}

TEST_CASE("a future reading is never the newest of its series, and is known apart") {
    Feed feed;
    feed.accept(readings("a.b", {{4'102'444'740'000, -127}}), "attic", at(0));
    feed.commit();
    CHECK_FALSE(feed.memory.all_series.at({"attic", "a.b"}).last_at);
    CHECK_FALSE(feed.memory.all_series.at({"attic", "a.b"}).first_at);
    feed.accept(readings("a.b", {{0, 20}, {300'000, 21}, {300'001, 22}}), "attic", at(0));
    feed.commit();
    const auto row = feed.memory.all_series.at({"attic", "a.b"});
    CHECK(row.first_at == at(0));
    CHECK(row.last_at == at(300'000));
    CHECK(row.last_value == 21);
    CHECK(row.readings == 4);
    REQUIRE(row.ahead);
    CHECK(*row.ahead ==
          engine::AheadRow{.at = at(4'102'444'740'000), .value = -127, .readings = 2});
    // In one minute, on both sides of the limit: one window with all of them.
    CHECK(feed.row("a.b", 1min, 300'000).summary.count == 2);
}

TEST_CASE("a partial from the future is never the newest, and none ends in the future") {
    Feed feed;
    feed.accept(data({partial("a.b", 1h, {{0, wire::Summary::of(4)}})}), "attic", at(10'000));
    feed.accept(data({partial("a.b", 1h, {{3'600'000, wire::Summary::of(5)}})}), "attic",
                at(10'000));
    feed.commit();
    const auto row = feed.memory.all_series.at({"attic", "a.b"});
    CHECK(row.last_at == at(310'000));
    CHECK(row.last_value == 4);
    CHECK(row.ahead.value().value == 5);
}

TEST_CASE("a newest reading that an older leat took from the future gives way") {
    Feed feed;
    feed.accept(readings("a.b", {{0, 1}}));
    feed.commit();
    auto& stored = feed.memory.all_series.at({"attic", "a.b"});
    stored.last_at = at(4'102'444'740'000);
    stored.last_value = -127;
    feed.engine.forget();
    feed.accept(readings("a.b", {{60'000, 2}}));
    feed.commit();
    const auto row = feed.memory.all_series.at({"attic", "a.b"});
    CHECK(row.last_at == at(60'000));
    CHECK(row.last_value == 2);
    CHECK(row.ahead.value().value == -127);
}

TEST_CASE("of two readings of one time the one that was counted later is the newest") {
    Feed feed;
    feed.accept(readings("a.b", {{1'000, 1}, {1'000, 2}}));
    feed.commit();
    CHECK(feed.memory.all_series.at({"attic", "a.b"}).last_value == 2);
    feed.accept(readings("a.b", {{1'000, 3}}));
    feed.commit();
    CHECK(feed.memory.all_series.at({"attic", "a.b"}).last_value == 3);
    CHECK(feed.row("a.b", 1min, 0).summary.last == 3);
    feed.accept(readings("a.b", {{999, 4}}));
    feed.commit();
    CHECK(feed.memory.all_series.at({"attic", "a.b"}).last_value == 3);
}

TEST_CASE("a partial sent before its span was over advances the watermark to its start only") {
    Feed feed;
    const auto summary = wire::Summary::of(4);
    const auto outcome =
        feed.accept(data({partial("a.b", 1h, {{0, summary}})}), "attic", at(10'000));
    CHECK(outcome.future == 0);
    CHECK(feed.engine.watermark("attic") == at(-10'000));
}

TEST_CASE(
    "a declaration is kept with the series, and an undeclared series is counted all the same") {
    Feed feed;
    feed.accept(readings("climate.humidity", {{0, 40}}));
    feed.accept(declaration("climate.temperature"));
    feed.commit();
    const auto& humidity = feed.memory.all_series.at({"attic", "climate.humidity"});
    CHECK(humidity.declared.quantity.empty());
    CHECK(humidity.readings == 1);
    const auto& temperature = feed.memory.all_series.at({"attic", "climate.temperature"});
    CHECK(temperature.declared.unit == "Cel");
    CHECK(temperature.readings == 0);
    CHECK_FALSE(temperature.first_at);
    feed.accept(readings("climate.temperature", {{5, 1}}));
    feed.accept(declaration("climate.temperature", "K"));
    feed.commit();
    CHECK(feed.memory.all_series.at({"attic", "climate.temperature"}).declared.unit == "K");
    CHECK(feed.memory.all_series.at({"attic", "climate.temperature"}).readings == 1);
}

TEST_CASE("a series knows its first, last and newest reading by event time") {
    Feed feed;
    feed.accept(readings("a.b", {{5'000, 1}, {90'000, 2}}));
    feed.accept(readings("a.b", {{1'000, 3}, {80'000, 4}}));
    feed.commit();
    const auto& row = feed.memory.all_series.at({"attic", "a.b"});
    CHECK(row.first_at == at(1'000));
    CHECK(row.last_at == at(90'000));
    CHECK(row.last_value == 2);
    CHECK(row.readings == 4);
}

TEST_CASE("failed readings count in the windows of the series that failed and of no other") {
    Feed feed;
    feed.accept(declaration("climate.temperature"));
    feed.accept(declaration("climate.humidity"));
    CHECK(feed.accept(failed("climate.temperature", 50'000, 540)).failed == 540);
    CHECK(feed.accept(failed("climate.temperature", 60'000, 3)).failed == 3);
    CHECK(feed.accept(failed("climate.temperature", 50'000, 7)).failed == 7);  // Days late.
    feed.commit();
    CHECK(feed.row("climate.temperature", 1min, 0).failed == 547);
    CHECK(feed.row("climate.temperature", 1min, 60'000).failed == 3);
    CHECK(feed.row("climate.temperature", 1h, 0).failed == 550);
    CHECK(feed.row("climate.temperature", 1h, 0).summary.count == 0);
    CHECK(feed.memory.windows.size() == 3);
    CHECK_FALSE(feed.engine.watermark("attic"));  // No reading has given a time yet.
}

TEST_CASE("failures of a sensor whose series its node does not know count in all that are known") {
    Feed feed;
    feed.accept(declaration("climate.temperature"));
    feed.accept(declaration("climate.humidity"));
    feed.accept(declaration("climate2.temperature"));
    CHECK(feed.accept(failed("climate", 60'000, 2)).failed == 4);
    CHECK(feed.accept(failed("attic", 60'000, 2)).failed == 0);
    feed.commit();
    CHECK(feed.row("climate.temperature", 1min, 60'000).failed == 2);
    CHECK(feed.row("climate.humidity", 1h, 0).failed == 2);
    CHECK(feed.memory.windows.size() == 4);
}

TEST_CASE("counts of failures that thinning has made coarse count in no shorter window") {
    Feed feed;
    CHECK(feed.accept(failed("a.b", 900'000, 60, 15min)).failed == 60);
    feed.commit();
    CHECK(feed.memory.windows.size() == 1);
    CHECK(feed.row("a.b", 1h, 0).failed == 60);
}

TEST_CASE("counts of failures that fit into no window, or are impossible, are refused whole") {
    Feed feed;
    using engine::RefusalKind;
    CHECK(feed.accept(failed("a.b", 55'000, 1)).refused == RefusalKind::unmergeable);
    CHECK(feed.accept(failed("a.b", 0, 1, 7s)).refused == RefusalKind::unmergeable);
    CHECK(feed.accept(failed("a.b", 0, 1, 2h)).refused == RefusalKind::unmergeable);
    CHECK(feed.accept(failed("a.b", 0, 2'000'000'000)).refused == RefusalKind::out_of_range);
    feed.commit();
    CHECK(feed.memory.windows.empty());
}

TEST_CASE("a fault in detail is in no window, as it is counted already") {
    Feed feed;
    feed.accept(declaration("climate.temperature"));
    CHECK(feed.accept(fault("climate", 61'000)).faults == 1);
    feed.commit();
    CHECK(feed.memory.windows.empty());
}

TEST_CASE("failed readings move no watermark: what was read before them is not late") {
    Feed feed;
    feed.accept(readings("climate.temperature", {{1'000, 20}}));
    const auto before = feed.engine.watermark("attic");
    feed.accept(failed("climate.temperature", 3'500'000, 1));  // Stamped by another clock.
    CHECK(feed.engine.watermark("attic") == before);
    CHECK(feed.accept(readings("climate.temperature", {{2'000, 21}})).late == 0);
    feed.commit();
    CHECK(feed.row("climate.temperature", 1min, 0).late == 0);
    CHECK(feed.row("climate.temperature", 1min, 0).failed == 0);
    CHECK(feed.memory.nodes.at("attic").newest == at(2'000));
}

TEST_CASE("lost records become a gap and are counted with the node") {
    Feed feed;
    REQUIRE(feed.engine.declare_lost({.node = "attic",
                                      .incarnation = {1},
                                      .mark = {.seq = 9, .hash = {}},
                                      .received = at(0),
                                      .line = {}},
                                     4));
    feed.commit();
    REQUIRE(feed.memory.gaps.size() == 1);
    CHECK(feed.memory.gaps[0].reason == "lost");
    CHECK(feed.memory.gaps[0].from == 4);
    CHECK(feed.memory.gaps[0].to == 9);
    CHECK(feed.memory.nodes.at("attic").lost_records == 6);
    CHECK(feed.memory.nodes.at("attic").applied.seq == 9);
}

TEST_CASE("a clock record is accepted") {
    Feed feed;
    const auto outcome =
        feed.accept(R"({"k":"clock","boot":"x","bt":93000,"utc":1763630093000,"error":12})");
    CHECK_FALSE(outcome.refused);
}
