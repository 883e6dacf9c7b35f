// Goal: every reading that failed is in exactly one count, in the span in which it failed.
// Method: failures are handed in with the stamps that the test chooses, and the records are read
// back; the sums are computed without the tally.

#include "agent/sampling/failure_tally.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "agent/sampling/sampler_board.hpp"
#include "base/random.hpp"

namespace {

using namespace std::chrono_literals;
using agent_test::bodies;

using Sums = std::map<std::tuple<std::int64_t, std::string, std::string>, std::uint64_t>;

agent::Stamp at(std::int64_t ms) {
    return {.at = base::from_milliseconds(ms)};
}

std::vector<wire::Failed> taken(agent::FailureTally& tally) {
    delivery::Flush flush;
    tally.add_to(flush, "b0");
    CHECK(flush.lines.size() == flush.contents.size());
    return bodies<wire::Failed>(flush);
}

void add(Sums& sums, const std::vector<wire::Failed>& records) {
    for (const auto& record : records) {
        for (const auto& column : record.columns) {
            for (std::size_t i = 0; i < column.dt_ms.size(); ++i) {
                sums[{base::to_milliseconds(record.at) + column.dt_ms[i], column.series,
                      column.reason}] += column.counts[i];
            }
        }
    }
}

}  // namespace

TEST_CASE("failures are counted by series, reason and span, each at its own time") {
    agent::FailureTally tally;
    tally.add("a.x", "checksum", 1, at(9'999));
    tally.add("a.x", "checksum", 2, at(10'000));
    tally.add("a.x", "no answer", 1, at(10'001));
    tally.add("a.y", "checksum", 5, at(19'999));
    tally.add("a.x", "checksum", 1, at(-1));
    tally.close_all();
    CHECK(tally.closed() == 5);
    Sums sums;
    add(sums, taken(tally));
    CHECK(sums == Sums{{{-10'000, "a.x", "checksum"}, 1},
                       {{0, "a.x", "checksum"}, 1},
                       {{10'000, "a.x", "checksum"}, 2},
                       {{10'000, "a.x", "no answer"}, 1},
                       {{10'000, "a.y", "checksum"}, 5}});
    CHECK(tally.closed() == 0);
    CHECK(taken(tally).empty());
}

TEST_CASE("a span of failures is handed over when it is over, and a later one is another count") {
    agent::FailureTally tally;
    tally.add("a.x", "checksum", 1, at(9'000));
    tally.close_until(at(9'999));
    CHECK(taken(tally).empty());
    tally.close_until(at(10'000));
    CHECK(taken(tally).size() == 1);
    tally.add("a.x", "checksum", 3, at(9'500));
    tally.close_until(at(10'500));
    const auto late = taken(tally);
    REQUIRE(late.size() == 1);
    CHECK(late[0].columns.at(0).counts.at(0) == 3);
}

TEST_CASE("failures of different clocks go into records of their own") {
    agent::FailureTally tally;
    tally.add("a.x", "r", 1,
              {.at = base::from_milliseconds(25'000), .clock = wire::ClockState::boot});
    tally.add("a.x", "r", 2,
              {.at = base::from_milliseconds(1'000'025'000),
               .clock = wire::ClockState::synced,
               .since_boot = 5'000ms});
    tally.add("a.x", "r", 4, {.at = base::from_milliseconds(1'000'025'000), .epoch = 1});
    tally.close_all();
    const auto records = taken(tally);
    REQUIRE(records.size() == 3);
    CHECK(records[0].clock == wire::ClockState::synced);
    CHECK(records[0].boot.empty());
    // The span begins with the boot, 5 s before the failure.
    CHECK(records[1].since_boot == base::Duration{0});
    CHECK(records[1].boot == "b0");
    CHECK(records[2].clock == wire::ClockState::boot);
    CHECK(records[2].boot == "b0");
    CHECK(records[2].at == base::from_milliseconds(20'000));
}

TEST_CASE("a span that begins before the boot does not say how long after it that was") {
    agent::FailureTally tally;
    tally.add("a.x", "r", 1,
              {.at = base::from_milliseconds(1'000'025'000),
               .clock = wire::ClockState::synced,
               .since_boot = 4'999ms});
    tally.close_all();
    const auto records = taken(tally);
    REQUIRE(records.size() == 1);
    CHECK_FALSE(records[0].since_boot);
    CHECK(records[0].boot.empty());
}

TEST_CASE("reasons are few: values, places and numbers are left out, and there is an 'other'") {
    CHECK(agent::counted_reason("line 7: \"23,4\" is no number") == "line : is no number");
    CHECK(agent::counted_reason("3 lines missing") == "lines missing");
    CHECK(agent::counted_reason("404") == "unknown");
    CHECK(agent::counted_reason("dht11: no answer") == "dht11: no answer");
    CHECK(agent::counted_reason("hcsr04: 38 ms, no echo") == "hcsr04: ms, no echo");
    CHECK(agent::counted_reason("28: no answer") == ": no answer");
    CHECK(agent::counted_reason("") == "unknown");
    CHECK(agent::counted_reason("zu hei\xc3\x9f") == "zu hei\xc3\x9f");
    CHECK(agent::counted_reason(std::string(300, 'x')).size() == wire::kFailedReasonBytesMax);
    agent::FailureTally tally;
    for (char letter = 'a'; letter < 'a' + 20; ++letter) {
        tally.add("a.x", std::string(1, letter), 1, at(0));
        tally.add("a.x", "a", 1, at(0));
    }
    tally.close_all();
    Sums sums;
    add(sums, taken(tally));
    CHECK(sums.size() == agent::FailureTally::kReasonsMax);
    CHECK(sums[{0, "a.x", "a"}] == 21);
    CHECK(sums[{0, "a.x", "other"}] == 13);
}

TEST_CASE("whatever fails, the counts add up, and every record keeps the limits of the wire") {
    base::Random random{7};
    agent::FailureTally tally;
    Sums expected;
    Sums sums;
    for (int i = 0; i < 20'000; ++i) {
        const auto ms = static_cast<std::int64_t>(random.below(3'600'000));
        const auto series = fmt::format("sensor-{}.{}", random.below(40), std::string(60, 'q'));
        const auto reason = std::string(50, static_cast<char>('a' + random.below(6)));
        const auto readings = 1 + random.below(1'000'000'000);
        tally.add(series, reason, readings, at(ms));
        expected[{ms / 10'000 * 10'000, series, reason}] += readings;
        if (i % 3'000 == 0) add(sums, taken(tally));  // Which decodes every line.
    }
    tally.close_all();
    add(sums, taken(tally));
    CHECK(sums == expected);
}
