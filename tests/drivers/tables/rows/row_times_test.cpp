#include "drivers/tables/rows/row_times.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>

using drivers::tables::RowTimes;
using drivers::tables::TableOptions;

namespace {

TableOptions berlin() {
    TableOptions options;
    options.time_format = drivers::tables::TimeFormat::parse("%Y-%m-%d %H:%M:%S").value();
    options.time_zone = drivers::tables::TimeZone::find("Europe/Berlin").value();
    return options;
}

/// Minutes since 2025-10-26T00:00:00Z, when the summer's last hour begins: it is 02:00 in Berlin,
/// and an hour later it is 02:00 again.
std::vector<std::int64_t> minutes(RowTimes& times, const std::vector<std::string>& clocks) {
    std::vector<std::int64_t> result;
    for (const auto& clock : clocks) {
        const auto time = times.place("2025-10-26 " + clock + ":00");
        REQUIRE_MESSAGE(time, clock);
        result.push_back((base::to_milliseconds(time.value()) - 1'761'436'800'000) / 60'000);
    }
    return result;
}

using Minutes = std::vector<std::int64_t>;

}  // namespace

TEST_CASE("an hour that comes twice is the first one until the times go back, and that is told") {
    struct Case {
        const char* name;
        std::vector<std::string> clocks;
        Minutes minutes;
    };
    const Case cases[] = {
        {"each half hour",
         {"01:30", "02:00", "02:30", "02:00", "02:30", "03:00"},
         {-30, 0, 30, 60, 90, 120}},
        {"each hour", {"01:00", "02:00", "02:00", "03:00"}, {-60, 0, 60, 120}},
        {"each 20 minutes", {"02:20", "02:40", "02:00", "02:20"}, {20, 40, 60, 80}},
        {"several a minute", {"02:10", "02:12", "02:12", "02:13"}, {10, 12, 12, 13}},
        {"nothing before", {"02:30", "03:00"}, {30, 120}},
    };
    for (const auto& one : cases) {
        CAPTURE(one.name);
        const auto options = berlin();
        RowTimes times(options);
        CHECK(minutes(times, one.clocks) == one.minutes);
        const auto notes = times.take_notes();
        REQUIRE(notes.size() == 1);
        CHECK(notes[0].find("comes twice in Europe/Berlin") != std::string::npos);
    }
}

TEST_CASE("rows of any step are placed right through the hour that comes twice") {
    struct Case {
        std::int64_t step_s;
        bool has_seconds;
    };
    const Case cases[] = {{1, true},     {10, true},    {10, false},  {20, false},    {59, true},
                          {60, false},   {61, true},    {300, false}, {600, false},   {1800, false},
                          {3600, false}, {5400, false}, {7200, true}, {10'800, false}};
    constexpr std::int64_t kFold = 1'761'436'800;  // 02:00 for the first time.
    for (const auto& one : cases) {
        for (std::int64_t begin = 0; begin < one.step_s && begin < 3600;
             begin += std::max<std::int64_t>(one.step_s / 6, 1)) {
            CAPTURE(one.step_s);
            CAPTURE(begin);
            auto options = berlin();
            if (!one.has_seconds) {
                options.time_format = drivers::tables::TimeFormat::parse("%Y-%m-%d %H:%M").value();
            }
            RowTimes times(options);
            std::size_t wrong = 0;
            for (auto at = kFold - 6 * 3600 + begin; at < kFold + 4 * 3600; at += one.step_s) {
                const auto local = at + (at < kFold + 3600 ? 7200 : 3600) - (kFold + 7200);
                const auto of_day = local + 2 * 3600;  // Since midnight of the 26th.
                const auto day = of_day < 0 ? 25 : 26;
                const auto second = (of_day + 86'400) % 86'400;
                auto text =
                    fmt::format("2025-10-{} {:02}:{:02}", day, second / 3600, second / 60 % 60);
                if (one.has_seconds) text += fmt::format(":{:02}", second % 60);
                const auto expected = one.has_seconds ? at : at - second % 60;
                const auto placed = times.place(text);
                REQUIRE(placed);
                if (base::to_milliseconds(placed.value()) != expected * 1000) ++wrong;
            }
            CHECK(wrong == 0);
        }
    }
}

TEST_CASE("rows of several series may share a time of the hour that comes twice") {
    auto options = berlin();
    options.by = {"id"};
    RowTimes times(options);
    CHECK(minutes(times, {"02:00", "02:00", "02:30", "02:30", "02:00", "02:00", "02:30"}) ==
          Minutes{0, 0, 30, 30, 60, 60, 90});
}

TEST_CASE("after a restart within the second hour it stays the second") {
    const auto options = berlin();
    RowTimes before(options);
    CHECK(minutes(before, {"02:30", "02:00"}) == Minutes{30, 60});
    RowTimes after(options);
    after.restore(before.previous(), before.step());
    CHECK(minutes(after, {"02:30"}) == Minutes{90});
}

TEST_CASE("a time that clocks were put forward over is refused, in words") {
    const auto options = berlin();
    RowTimes times(options);
    const auto skipped = times.place("2025-03-30 02:30:00");
    REQUIRE_FALSE(skipped);
    CHECK(skipped.error().detail ==
          "no time: \"2025-03-30 02:30:00\": clocks in Europe/Berlin were put forward over it");
    CHECK(times.take_notes().empty());
}

TEST_CASE("what Excel shows as a date is named under another format, and read as its own") {
    TableOptions options;
    options.time_format = drivers::tables::TimeFormat::parse("unix").value();
    RowTimes seconds(options);
    const auto refused = seconds.place("45250.5");
    REQUIRE_FALSE(refused);
    CHECK(refused.error().detail == "no time: \"45250.5\"; is it time_format = \"excel\"?");
    auto excel = berlin();
    excel.time_format = drivers::tables::TimeFormat::parse("excel").value();
    RowTimes days(excel);
    // Local: 12:00 in Berlin's winter.
    CHECK(base::to_milliseconds(days.place("45250.5").value()) == 1'700'478'000'000);
    CHECK(base::to_milliseconds(days.place("45250,75").value()) == 1'700'499'600'000);
    CHECK_FALSE(days.place("1700395200"));
}

TEST_CASE("a time that names its zone needs no other") {
    auto options = berlin();
    options.time_format = drivers::tables::TimeFormat::parse("rfc3339").value();
    RowTimes times(options);
    const auto milliseconds = [&](const char* text) {
        return base::to_milliseconds(times.place(text).value());
    };
    CHECK(milliseconds("2025-10-26T02:30:00Z") == 1'761'445'800'000);
    CHECK(milliseconds("2025-10-26T02:30:00+02:00") == 1'761'438'600'000);
    CHECK(milliseconds("2025-07-13 00:00:00") == 1'752'357'600'000);
    CHECK(times.take_notes().empty());
}

TEST_CASE("a number in another unit than the format's is refused, and its format named") {
    TableOptions options;
    options.time_format = drivers::tables::TimeFormat::parse("unix_ms").value();
    RowTimes times(options);
    const auto seconds = times.place("1423051200");
    REQUIRE_FALSE(seconds);
    CHECK(seconds.error().detail == "no time: \"1423051200\"; is it time_format = \"unix\"?");
}
