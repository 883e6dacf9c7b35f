// Goal: a restart of a replay neither loses nor repeats a row, whatever the file looks like.
// Method: small files. Every position of an unbroken run is a place to restart, and the two runs
// together must give the same as the unbroken one.

#include "drivers/replay/replay.hpp"

#include <doctest/doctest.h>

#include "drivers/replay/fixture.hpp"

using namespace std::chrono_literals;
using replay_test::Replay;
using replay_test::Taken;
using replay_test::Value;

namespace {

const std::string kAwkward =
    "t,a,b\r\n"
    "1,10,20\r\n"
    "\r\n"
    "2,\"11\",\"21\"\n"
    "soon,1,2\n"
    "3,,22\n"
    "4,\"1\n2\",23\n"
    "5,1\n"
    "6,14,24\n"
    "\n"
    "7,15,25";

std::vector<Value> joined(const std::vector<Value>& first, const std::vector<Value>& second) {
    auto both = first;
    both.insert(both.end(), second.begin(), second.end());
    return both;
}

}  // namespace

TEST_CASE("a file gives its rows in order, with its own times") {
    const Replay replay("t,a,b\n1,10,20\n2.5,11,21\n");
    const auto taken = replay.take();
    CHECK(taken.values ==
          std::vector<Value>{{"a", 10, 1000}, {"b", 20, 1000}, {"a", 11, 2500}, {"b", 21, 2500}});
    CHECK(taken.finished);
    CHECK(taken.failures.empty());
}

TEST_CASE("quantities have the name and unit of the mapping, or the usual unit") {
    const Replay replay("t,a,b\n", "", "a = \"temperature\"\nb = \"co2:ppb\"\n3 = \"third\"\n");
    const auto made = replay.make();
    REQUIRE(made);
    const auto& quantities = made.value()->quantities();
    REQUIRE(quantities.size() == 3);
    CHECK(quantities[0].name == "temperature");
    CHECK(quantities[0].unit == "Cel");
    CHECK(quantities[1].unit == "ppb");
    CHECK(quantities[2].unit == "/");
    CHECK(made.value()->can_wait());
}

TEST_CASE("a restart at any row boundary goes on exactly there") {
    for (const std::string more : {"", "loop = true\n"}) {
        CAPTURE(more);
        const Replay replay(kAwkward, more);
        // A loop never ends: three passes of it will do.
        const auto whole = replay.take(std::nullopt, 2, 40);
        REQUIRE(whole.positions.size() >= 5);
        std::size_t values = 0;
        std::size_t harvest = 0;
        for (const auto& position : whole.positions) {
            values += whole.sizes.at(harvest++);
            const std::vector<Value> before(
                whole.values.begin(), whole.values.begin() + static_cast<std::ptrdiff_t>(values));
            auto after = replay.take(position, 2, 40).values;
            after.resize(std::min(after.size(), whole.values.size() - values));
            CHECK(joined(before, after) == whole.values);
        }
        CHECK(values == whole.values.size());
    }
}

TEST_CASE("a position counts the rows and the passes, and blank lines are no rows") {
    const Replay once(kAwkward);
    const auto end = drivers::replay::parse_position(once.take().positions.back());
    REQUIRE(end);
    CHECK(end.value().row == 8);
    CHECK(end.value().line == 12);
    CHECK(end.value().offset == kAwkward.size());
    const Replay forever(kAwkward, "loop = true\n");
    const auto third =
        drivers::replay::parse_position(forever.take(std::nullopt, 100, 1).positions.back());
    REQUIRE(third);
    CHECK(third.value().pass >= 2);
}

TEST_CASE("a row is never split over two harvests") {
    const Replay replay(kAwkward);
    for (std::size_t at_most = 2; at_most <= 9; ++at_most) {
        CAPTURE(at_most);
        const auto taken = replay.take(std::nullopt, at_most);
        CHECK(taken.values == replay.take(std::nullopt, 100).values);
        std::size_t end = 0;
        for (const auto size : taken.sizes) {
            CHECK(size <= at_most);
            end += size;
            const bool inside = end > 0 && end < taken.values.size();
            if (inside) CHECK(taken.values[end - 1].time_ms != taken.values[end].time_ms);
        }
    }
}

TEST_CASE("bad rows and cells are reported with their lines and never stop the replay") {
    const Replay replay(kAwkward);
    const auto taken = replay.take();
    CHECK(taken.failures == std::vector<std::string>{"line 5: no time: \"soon\"",
                                                     "line 7: a: no number: \"1\\x0a2\"",
                                                     "line 9: 2 fields instead of 3: 5,1"});
    CHECK(taken.values.back() == Value{"b", 25, 7000});
    CHECK(taken.finished);
}

TEST_CASE("a failure is reported once, also across a restart") {
    const Replay replay(kAwkward);
    const auto whole = replay.take();
    for (std::size_t i = 0; i < whole.positions.size(); ++i) {
        const auto first = replay.take(std::nullopt, 2, i + 1);
        const auto second = replay.take(whole.positions[i]);
        CHECK(first.failures.size() + second.failures.size() == whole.failures.size());
    }
}

TEST_CASE("a failure has the time of the file: of its row, or of the last good one") {
    const Replay replay("t,a,b\nx,0,0\n100,1,1\n110,oops,2\n120,3\n130,4,4\n");
    const auto driver = configured::must_make(replay.configuration(), replay.clock);
    std::vector<std::int64_t> seconds;
    for (bool finished = false; !finished;) {
        const auto harvest = driver->collect(replay.clock.instant(), 2);
        for (const auto& failure : harvest.failures) {
            REQUIRE(failure.source_time);
            seconds.push_back(base::to_milliseconds(*failure.source_time) / 1000);
        }
        finished = harvest.finished;
    }
    CHECK(seconds == std::vector<std::int64_t>{100, 110, 110});
}

TEST_CASE("each bad row of a flood is a failed reading, in bounded steps") {
    std::string content = "t,a,b\n1,1,1\n";
    for (int i = 0; i < 20'000; ++i) content += "x\n";
    const Replay replay(content + "2,2,2\n");
    const auto driver = configured::must_make(replay.configuration(), replay.clock);
    std::size_t counted = 0;
    std::size_t largest = 0;
    std::size_t values = 0;
    for (bool finished = false; !finished;) {
        const auto harvest = driver->collect(replay.clock.instant(), 2);
        largest = std::max(largest, harvest.failures.size());
        values += harvest.measurements.size();
        for (const auto& failure : harvest.failures) {
            counted += failure.readings;
            if (failure.cause != "number of fields") FAIL(failure.cause);
        }
        finished = harvest.finished;
    }
    CHECK(counted == 20'000);
    CHECK(largest <= 1024);
    CHECK(values == 4);
}

TEST_CASE("a bad cell costs its own series a reading, at the time of its row") {
    const Replay replay("t,a,b\n100,1,1\n110,oops,2\n");
    const auto driver = configured::must_make(replay.configuration(), replay.clock);
    const auto harvest = driver->collect(replay.clock.instant(), 100);
    REQUIRE(harvest.failures.size() == 1);
    const auto& failure = harvest.failures[0];
    CHECK(failure.quantities == std::vector<std::size_t>{0});
    CHECK(failure.readings == 1);
    CHECK(failure.cause == "no number");
    CHECK(failure.source_time == base::from_milliseconds(110'000));
}

TEST_CASE("a header that is one name short is shifted by one, as R writes it") {
    const Replay replay("\"t\",\"a\",\"b\"\n\"1\",5,10,20\n\"2\",6,11,21\n");
    CHECK(replay.take().values ==
          std::vector<Value>{{"a", 10, 5000}, {"b", 20, 5000}, {"a", 11, 6000}, {"b", 21, 6000}});
    const Replay numbered("t,a,b\n1,5,10,20\n2,6,11,21\n", "", "3 = \"a\"\n4 = \"b\"\n");
    CHECK(numbered.take().values == replay.take().values);
}

TEST_CASE("rows below a header that lacks all values say nothing") {
    const Replay replay("t,a,b\n5,10,20\nt,c\n6,11\n");
    CHECK(replay.take().values == std::vector<Value>{{"a", 10, 5000}, {"b", 20, 5000}});
}

TEST_CASE("a file without a header has columns by number") {
    const Replay replay("10;1;20\n11;2;21\n",
                        "header = false\nseparator = \";\"\ntime_column = \"2\"\n"
                        "time_format = \"unix\"\n",
                        "1 = \"a\"\n3 = \"b\"\n");
    const auto whole = replay.take();
    CHECK(whole.values ==
          std::vector<Value>{{"a", 10, 1000}, {"b", 20, 1000}, {"a", 11, 2000}, {"b", 21, 2000}});
    CHECK(replay.take(whole.positions.at(0)).values.size() == 2);
}

TEST_CASE("a byte order mark is not part of the first name") {
    const Replay replay("\xEF\xBB\xBFt,a,b\n1,10,20\n");
    const auto whole = replay.take();
    CHECK(whole.values.size() == 2);
    CHECK(replay.take(whole.positions.at(0)).values.empty());
}

TEST_CASE("each pass of a loop begins a median step after the one before") {
    // Steps 10, 10, 40: the median is 10, and a pass is 60 + 10 seconds long.
    const Replay replay("t,a,b\n100,1,1\n110,2,2\n120,3,3\n160,4,4\n", "loop = true\n");
    const auto taken = replay.take(std::nullopt, 8, 3);
    REQUIRE(taken.values.size() == 24);
    CHECK_FALSE(taken.finished);
    CHECK(taken.values[6].time_ms == 160'000);
    CHECK(taken.values[8].time_ms == 170'000);
    CHECK(taken.values[14].time_ms == 230'000);
    CHECK(taken.values[16].time_ms == 240'000);
    CHECK(taken.values[16].value == 1);
}

TEST_CASE("a loop that can give nothing any more ends and says why") {
    const Replay only_bad_rows_later("t,a,b\n1,1,1\n", "loop = true\n");
    const auto first = only_bad_rows_later.take(std::nullopt, 2, 3);
    CHECK(first.values.size() == 6);
    CHECK(first.values[4].time_ms == 3000);  // One row has no step: it is a second.

    const Replay far("t,a,b\n253402300000,1,1\n253402300799,2,2\n", "loop = true\n");
    const auto taken = far.take();
    CHECK(taken.finished);
    CHECK(taken.values.size() == 4);
    REQUIRE(taken.failures.size() == 1);
    CHECK(taken.failures[0].find("beyond the year 9999") != std::string::npos);

    const Replay empty("t,a,b\n", "loop = true\n");
    CHECK(empty.take().finished);
}

TEST_CASE("at 1x a row comes when its time has come, counted from the first one handed out") {
    Replay replay("t,a,b\n100,1,1\n101,2,2\n103,3,3\n", "speed = \"1x\"\n");
    const auto driver = configured::must_make(replay.configuration(), replay.clock);
    const auto values = [&] { return replay.take_from(*driver, 100, 1).values.size() / 2; };
    replay.clock.advance(1h);
    CHECK(values() == 1);
    CHECK(values() == 0);
    replay.clock.advance(999ms);
    CHECK(values() == 0);
    replay.clock.advance(1ms);
    const auto second = replay.take_from(*driver, 100, 1);
    CHECK(second.values.size() == 2);
    CHECK_FALSE(second.finished);
    replay.clock.advance(2s);
    const auto third = replay.take_from(*driver, 100, 1);
    CHECK(third.values.size() == 2);
    CHECK(third.finished);

    // After a restart the next row comes at once, and the pace counts from there.
    const auto again =
        configured::must_make(replay.configuration(), replay.clock, second.positions.at(0));
    CHECK(replay.take_from(*again, 100, 1).values == third.values);
}

TEST_CASE("a row that waits for its time is not part of the position") {
    Replay replay("t,a,b\n100,1,1\n200,2,2\n", "speed = \"1x\"\n");
    const auto first = replay.take(std::nullopt, 100, 3);
    CHECK(first.values.size() == 2);
    REQUIRE(first.positions.size() == 1);
    CHECK(replay.take(first.positions[0]).values.front().value == 2);
}

TEST_CASE("a finished replay stays finished, and has no new position") {
    const Replay replay("t,a,b\n1,1,1\n");
    const auto driver = configured::must_make(replay.configuration(), replay.clock);
    const auto first = driver->collect(replay.clock.instant(), 100);
    CHECK(first.finished);
    for (int i = 0; i < 3; ++i) {
        const auto harvest = driver->collect(replay.clock.instant(), 100);
        CHECK(harvest.finished);
        CHECK(harvest.measurements.empty());
        CHECK_FALSE(harvest.position);
    }
    CHECK(replay.take(first.position).values.empty());
}

TEST_CASE("rows of a time that is held back wait, are in no position, and come when it is theirs") {
    const Replay replay("t,a,b\n1,10,20\n2,11,21\nsoon,1,2\n3,12,22\n");
    const auto made = configured::must_make(replay.configuration(), replay.clock);
    auto& driver = dynamic_cast<drivers::replay::Driver&>(*made);
    const auto at = [](int second) { return base::from_milliseconds(second * 1'000); };
    driver.hold_from(base::EventTime::min());
    CHECK(driver.collect(replay.clock.instant(), 100).measurements.empty());
    CHECK(driver.waiting() == at(1));
    CHECK(driver.position().row == 0);
    driver.hold_from(at(3));
    const auto two = driver.collect(replay.clock.instant(), 100);
    CHECK(two.measurements.size() == 4);
    CHECK(two.failures.size() == 1);
    CHECK_FALSE(two.finished);
    CHECK(driver.waiting() == at(3));
    CHECK(replay.take(two.position).values.size() == 2);
    driver.hold_from(base::EventTime::max());
    CHECK(driver.collect(replay.clock.instant(), 100).finished);
    CHECK_FALSE(driver.waiting());
    CHECK(driver.position().row == 4);
}
