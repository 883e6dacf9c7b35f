// Goal: a schedule says the same whoever asks when: no due time is missed, and none comes twice,
// also where clocks are put forward or back, and before 1970.
// Method: tables of days, and what must hold at random times, from a seed that is printed.
#include "central/jobs/core/schedule.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "base/random.hpp"

namespace {

using namespace std::chrono_literals;
using std::chrono::days;

constexpr auto kTick = base::Duration{1};

drivers::tables::TimeZone zone(const std::string& name) {
    auto found = drivers::tables::TimeZone::find(name);
    REQUIRE(found);
    return std::move(found).value();
}

jobs::Schedule schedule(const std::string& text, const std::string& where = "UTC") {
    auto parsed = jobs::Schedule::parse(text, zone(where));
    REQUIRE_MESSAGE(parsed, text);
    return std::move(parsed).value();
}

base::EventTime utc(int year, unsigned month, unsigned day, base::Duration of_day = {}) {
    const std::chrono::year_month_day date{std::chrono::year{year}, std::chrono::month{month},
                                           std::chrono::day{day}};
    return base::EventTime{std::chrono::sys_days{date}} + of_day;
}

/// The newest due time and the next one, with none in between.
void expect_neighbours(const jobs::Schedule& schedule, base::EventTime now) {
    CAPTURE(base::to_milliseconds(now));
    const auto last = schedule.last_due(now);
    const auto next = schedule.next_due(now);
    CHECK(last <= now);
    CHECK(next > now);
    CHECK(schedule.next_due(last) == next);
    CHECK(schedule.last_due(next) == next);
    CHECK(schedule.last_due(next - kTick) == last);
    CHECK(schedule.next_due(last - kTick) == last);
}

}  // namespace

TEST_CASE("what says not when is refused, and told what can be written") {
    for (const std::string text : {"",
                                   "at 02:00",
                                   " at 02:00",
                                   "daily",
                                   "15",
                                   "m",
                                   "0m",
                                   "30s",
                                   "59s",
                                   "-15m",
                                   "367d",
                                   "1d at",
                                   "1d at ",
                                   "1d at 2:00",
                                   "1d at 02:0",
                                   "1d at 0200",
                                   "1d at 24:00",
                                   "1d at 02:60",
                                   "1d at -2:00",
                                   "1d at -0:30",
                                   "1d at 02:-5",
                                   "1d at +2:00",
                                   "1d at 02.00",
                                   "1d at 02:00 ",
                                   "1d  at 02:00",
                                   "1d at 02:00 at 03:00",
                                   "15m at 02:00",
                                   "36h at 02:00",
                                   "999999999999999999999d",
                                   "9223372036854775807d"}) {
        CAPTURE(text);
        const auto parsed = jobs::Schedule::parse(text);
        REQUIRE_FALSE(parsed);
        CHECK(parsed.error().fault == base::Fault::malformed);
        CHECK(parsed.error().detail.starts_with("\"" + text + "\" says not when; write \"15m\""));
    }
}

TEST_CASE("every form is understood, and shown as it was written") {
    for (const std::string text :
         {"1m", "60s", "15m", "6h", "1d", "366d", "1d at 00:00", "24h at 02:00", "7d at 23:59"}) {
        CHECK(schedule(text).text() == text);
    }
}

TEST_CASE("so often is counted from 1970, whatever the zone") {
    const auto now = utc(2026, 11, 29, 15h + 32min + 7s);
    struct Case {
        const char* text;
        base::EventTime last;
        base::EventTime next;
    };
    const std::vector<Case> cases{
        {"15m", utc(2026, 11, 29, 15h + 30min), utc(2026, 11, 29, 15h + 45min)},
        {"6h", utc(2026, 11, 29, 12h), utc(2026, 11, 29, 18h)},
        {"1d", utc(2026, 11, 29), utc(2026, 11, 30)}};
    for (const auto& one : cases) {
        for (const auto* where : {"UTC", "Asia/Kathmandu"}) {
            CAPTURE(one.text);
            CHECK(schedule(one.text, where).last_due(now) == one.last);
            CHECK(schedule(one.text, where).next_due(now) == one.next);
        }
    }
}

TEST_CASE("at its very time it is due, and a moment before it is not") {
    const auto nightly = schedule("1d at 02:00", "+01:00");
    const auto due = utc(2026, 11, 29, 1h);
    CHECK(nightly.last_due(due) == due);
    CHECK(nightly.last_due(due - kTick) == due - days{1});
    CHECK(nightly.next_due(due - kTick) == due);
    CHECK(nightly.next_due(due) == due + days{1});
}

TEST_CASE("every seven days is the same day of the week, at that time") {
    const auto weekly = schedule("7d at 23:30");
    const auto thursday = utc(1970, 1, 1, 23h + 30min);
    for (auto at = utc(2026, 11, 1); at < utc(2026, 12, 1); at += 5h) {
        const auto last = weekly.last_due(at);
        CHECK((last - thursday) % days{7} == 0ms);
        CHECK(last <= at);
        CHECK(at - last < days{7});
        CHECK(weekly.next_due(at) == last + days{7});
    }
}

TEST_CASE("where clocks are put forward over its time it is due soon after, once") {
    const auto nightly = schedule("1d at 02:30", "Europe/Berlin");
    const auto jump = utc(2026, 3, 29, 1h);  // 02:00 becomes 03:00.
    CHECK(nightly.next_due(utc(2026, 3, 28, 12h)) == jump);
    CHECK(nightly.last_due(jump) == jump);
    CHECK(nightly.last_due(jump - kTick) == utc(2026, 3, 28, 1h + 30min));
    CHECK(nightly.next_due(jump) == utc(2026, 3, 30, 30min));
}

TEST_CASE("where clocks are put back over its time it is due the first time only") {
    const auto nightly = schedule("1d at 02:30", "Europe/Berlin");
    const auto first = utc(2026, 10, 25, 30min);  // 02:30 in summer; again at 01:30 UTC.
    CHECK(nightly.next_due(utc(2026, 10, 24, 12h)) == first);
    CHECK(nightly.last_due(utc(2026, 10, 25, 1h + 30min)) == first);
    CHECK(nightly.next_due(first) == utc(2026, 10, 26, 1h + 30min));
    CHECK(nightly.next_due(utc(2026, 10, 25, 1h)) == utc(2026, 10, 26, 1h + 30min));
}

TEST_CASE("where clocks go back into the day before it stays the newest due time") {
    const auto midnight = schedule("1d at 00:00", "America/St_Johns");
    const auto due = utc(2010, 11, 7, 2h + 30min);  // At 00:01 it was 23:01 again.
    for (const auto later : {0min, 1min, 30min, 61min, 90min}) {
        CHECK(midnight.last_due(due + later) == due);
        CHECK(midnight.next_due(due + later) == utc(2010, 11, 8, 3h + 30min));
    }
}

TEST_CASE("before 1970 it is due as regularly") {
    CHECK(schedule("6h").last_due(utc(1969, 12, 31, 23h)) == utc(1969, 12, 31, 18h));
    CHECK(schedule("6h").next_due(utc(1969, 12, 31, 23h)) == utc(1970, 1, 1));
    CHECK(schedule("1d at 02:00").last_due(utc(1969, 12, 31, 1h)) == utc(1969, 12, 30, 2h));
    CHECK(schedule("7d at 02:00").last_due(utc(1970, 1, 1, 1h)) == utc(1969, 12, 25, 2h));
    CHECK(schedule("7d at 02:00").next_due(utc(1969, 12, 20)) == utc(1969, 12, 25, 2h));
}

TEST_CASE("at any time, the last and the next due time have none in between") {
    constexpr std::uint64_t kSeed = 20261129;
    CAPTURE(kSeed);
    base::Random random{kSeed};
    std::vector<base::EventTime> times;
    for (int i = 0; i < 200; ++i) {  // 1953 to 2043, to the second.
        times.push_back(utc(1953, 7, 10) + std::chrono::seconds{random.below(2'840'000'000)});
    }
    // One zone went back into the day before, the other left a day out.
    for (const auto begin : {utc(2010, 11, 7), utc(2011, 12, 29)}) {
        for (auto at = begin; at < begin + days{3}; at += 17min) times.push_back(at);
    }
    for (const auto* where : {"UTC", "+14:00", "Europe/Berlin", "America/St_Johns",
                              "America/Havana", "Australia/Lord_Howe", "Pacific/Apia"}) {
        for (const auto* text :
             {"1m", "7h", "1d", "1d at 00:00", "1d at 02:30", "1d at 23:45", "3d at 12:00"}) {
            CAPTURE(where);
            CAPTURE(text);
            const auto one = schedule(text, where);
            for (const auto now : times) expect_neighbours(one, now);
        }
    }
}
