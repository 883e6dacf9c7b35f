#include "central/imports/tables/time_column.hpp"

#include <doctest/doctest.h>

#include <string>

using imports::tables::TimeColumn;
using odbc::Value;

namespace {

using namespace std::chrono_literals;

constexpr base::EventTime kNoon = base::from_milliseconds(1'782'043'200'000);  // 21 Jun 2026, UTC.

TimeColumn column(const std::string& format, const std::string& zone = "UTC") {
    auto parsed = TimeColumn::parse(format, drivers::tables::TimeZone::find(zone).value());
    REQUIRE_MESSAGE(parsed, parsed.error().detail);
    return std::move(parsed).value();
}

base::EventTime at(const TimeColumn& column, const Value& cell) {
    const auto time = column.read(cell);
    REQUIRE(time);
    REQUIRE_MESSAGE(time->at, time->trouble);
    return *time->at;
}

}  // namespace

TEST_CASE("every form of a time is the instant that it means") {
    const auto ms = base::to_milliseconds(kNoon);
    CHECK(at(column("unix_ms"), ms) == kNoon);
    CHECK(at(column("unix_ms"), std::to_string(ms + 7)) == kNoon + 7ms);
    CHECK(at(column("unix"), ms / 1'000) == kNoon);
    CHECK(at(column("unix"), static_cast<double>(ms) / 1'000 + 0.25) == kNoon + 250ms);
    CHECK(at(column("datetime"), odbc::Time{kNoon + 1'234us}) == kNoon + 1ms);
    CHECK(at(column("datetime", "Europe/Berlin"), odbc::Time{kNoon}) == kNoon - 2h);
    CHECK(at(column("%Y-%m-%d %H:%M:%S"), "2026-06-21 12:00:00.5") == kNoon + 500ms);
    CHECK(at(column("%F %T", "Europe/Berlin"), "2026-06-21 12:00:00") == kNoon - 2h);
    CHECK(at(column("rfc3339"), "2026-06-21T12:00:00Z") == kNoon);
    CHECK(at(column("rfc3339"), "2026-06-21T14:00:00.007+02:00") == kNoon + 7ms);
}

TEST_CASE("a row is asked for by what is written, whatever zone that is in") {
    CHECK(column("rfc3339").read("2026-06-21T14:00:00+02:00")->written == kNoon + 2h);
    CHECK(column("datetime", "Europe/Berlin").read(odbc::Time{kNoon})->written == kNoon);
    CHECK(column("datetime", "Europe/Berlin").written_of(kNoon) == kNoon + 2h);
    CHECK(column("unix_ms", "Europe/Berlin").written_of(kNoon + 1ms) == kNoon);
    CHECK(column("unix_ms").literal(kNoon) == "1782043200000");
    CHECK(column("unix").literal(kNoon) == "1782043200");
    CHECK(column("datetime").literal(kNoon) == "'2026-06-21T12:00:00'");
    CHECK(column("rfc3339").literal(kNoon) == "'2026-06-21T12:00:00'");
    CHECK(column("%Y-%m-%d %H:%M:%S").literal(kNoon + 1s) == "'2026-06-21 12:00:01'");
    CHECK(column("unix_ms").literal({}) == "0");
}

TEST_CASE("a local time that came twice, or never, is no instant") {
    const auto local = column("%F %T", "Europe/Berlin");
    const auto twice = local.read("2026-10-25 02:30:00");
    REQUIRE(twice);
    CHECK_FALSE(twice->at);
    CHECK(std::string{twice->trouble} == "clocks showed it twice");
    const auto never = local.read("2026-03-29 02:30:00");
    REQUIRE(never);
    CHECK_FALSE(never->at);
    CHECK(std::string{never->trouble} == "clocks were put forward over it");
    CHECK(local.read("2026-10-25 03:00:00")->at);
}

TEST_CASE("what is no time is refused") {
    CHECK_FALSE(column("unix_ms").read(Value{}));
    CHECK_FALSE(column("unix_ms").read(std::int64_t{-1}));
    CHECK_FALSE(column("unix_ms").read("soon"));
    CHECK_FALSE(column("unix").read(base::to_milliseconds(kNoon)));
    CHECK_FALSE(column("rfc3339").read("2026-06-31T12:00:00Z"));
    CHECK_FALSE(column("datetime").read(base::to_milliseconds(kNoon)));
    CHECK(column("unix_ms").meant_by(std::int64_t{1'782'043'200}) == "unix");
    CHECK(column("unix_ms").meant_by(base::to_milliseconds(kNoon)).empty());
}

TEST_CASE("a format whose text does not sort as time does is refused, with what to do") {
    for (const auto* format : {"%d.%m.%Y %H:%M:%S", "%Y-%m-%d", "%H:%M:%S %Y-%m-%d", "excel",
                               "unix_ns", "epoch-ms", ""}) {
        CAPTURE(format);
        const auto parsed = TimeColumn::parse(format, {});
        REQUIRE_FALSE(parsed);
        CHECK(parsed.error().detail.find("make a view") != std::string::npos);
    }
}
