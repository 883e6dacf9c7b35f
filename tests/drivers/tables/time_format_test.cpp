#include "drivers/tables/time_format.hpp"

#include <doctest/doctest.h>

#include "base/random.hpp"

namespace {

std::optional<std::int64_t> read(const std::string& format, const std::string& text) {
    const auto parsed = drivers::tables::TimeFormat::parse(format);
    REQUIRE_MESSAGE(parsed, format);
    const auto time = parsed.value().read(text);
    if (!time) return std::nullopt;
    return base::to_milliseconds(*time);
}

constexpr std::int64_t kNoon = 1'423'051'200'000;  // 2015-02-04T12:00:00Z

}  // namespace

TEST_CASE("a time is read as its format says") {
    struct Case {
        const char* format;
        const char* text;
        std::int64_t milliseconds;
    };
    const Case cases[] = {
        {"unix", "1423051200", kNoon},
        {"unix", "1423051200.25", kNoon + 250},
        {"unix", "1423051200,25", kNoon + 250},
        {"unix", "1.4230512e9", kNoon},
        {"unix_ms", "1423051200250", kNoon + 250},
        {"unix_ms", "1423051200250.7", kNoon + 251},
        {"unix_us", "1423051200250000", kNoon + 250},
        {"unix_ns", "1423051200250000000", kNoon + 250},
        {"rfc3339", "2015-02-04T12:00:00Z", kNoon},
        {"rfc3339", "2015-02-04t12:00:00z", kNoon},
        {"rfc3339", "2015-02-04 12:00:00", kNoon},
        {"rfc3339", "2015-02-04T12:00:00.123456Z", kNoon + 123},
        {"rfc3339", "2015-02-04T13:00:00+01:00", kNoon},
        {"rfc3339", "2015-02-04T06:30:00-0530", kNoon},
        {"%Y-%m-%d %H:%M:%S", "2015-02-04 12:00:00", kNoon},
        {"%Y-%m-%d %H:%M:%S", " 2015-2-4 12:0:0 ", kNoon},
        {"%Y-%m-%d %H:%M:%S", "2015-02-04 12:00:00.5", kNoon + 500},
        {"%Y-%m-%d %H:%M:%S", "2015-02-04 12:00:00,123456789", kNoon + 123},
        {"%Y-%m-%d %H:%M:%S.%f", "2015-02-04 12:00:00.250000", kNoon + 250},
        {"%Y-%m-%d %H:%M:%S.%f", "2015-02-04 12:00:00", kNoon},
        {"%d/%m/%Y %H.%M.%S", "04/02/2015 12.00.00", kNoon},
        {"%a %b %e %H:%M:%S %Y", "Wed Feb  4 12:00:00 2015", kNoon},
        {"%A, %d %B %Y %H:%M", "Wednesday, 04 February 2015 12:00", kNoon},
        {"%d %b %Y %H:%M", "04 February 2015 12:00", kNoon},
        {"%F %T", "2015-02-04 12:00:00", kNoon},
        {"%D %R", "02/04/15 12:00", kNoon},
        {"%m/%d/%Y %I:%M %p", "02/04/2015 12:00 PM", kNoon},
        {"%m/%d/%Y %I:%M %p", "02/05/2015 12:00 am", kNoon + 43'200'000},
        {"%m/%d/%Y %I:%M%p", "02/05/2015 12:00a", kNoon + 43'200'000},
        {"%m/%d/%Y %I:%M%p", "02/04/2015 12:00P", kNoon},
        {"%d.%m.%Y %H:%M", "04.02.2015 12:00", kNoon},
        {"%d %b %Y %H:%M", "04 Feb 2015 12:00", kNoon},
        {"%b %e %Y %T %z", "FEB  4 2015 14:00:00 +0200", kNoon},
        {"%Y %j %H", "2015 35 12", kNoon},
        {"%Y-%m-%d", "1970-01-01", 0},
        {"%Y-%m-%d %H:%M:%S", "2016-02-29 24:00:00", 1'456'790'400'000},
        {"%Y-%m-%d %H:%M:%S", "2016-12-31 23:59:60", 1'483'228'800'000},
        {"100%% %F", "100% 1971-01-01", 31'536'000'000},
        {"rfc3339", "9999-12-31T23:59:59.999Z", 253'402'300'799'999},
    };
    for (const auto& one : cases) {
        CAPTURE(one.format);
        CAPTURE(one.text);
        CHECK(read(one.format, one.text) == one.milliseconds);
    }
}

TEST_CASE("a text that is not a time is refused") {
    struct Case {
        const char* format;
        const char* text;
    };
    const Case cases[] = {
        {"unix", ""},
        {"unix", "soon"},
        {"unix", "-1"},
        {"unix", "nan"},
        {"unix", "1e300"},
        {"unix", "1423051200x"},
        {"unix_ms", "253402300800000"},
        {"unix_ms", "1423051200"},
        {"unix_us", "1423051200000"},
        {"unix_ns", "1423051200"},
        {"unix", "1423051200000"},
        {"%Y-%m-%d %H:%M:%S", "2016-02-29 24:00:00.5"},
        {"%Y-%m-%d %H:%M:%S", "2016-02-29 24:00:01"},
        {"%a %F", "Xyz 2015-02-04"},
        {"rfc3339", "2015-02-30T12:00:00Z"},
        {"rfc3339", "2015-02-04T25:00:00Z"},
        {"rfc3339", "2015-02-04T12:60:00Z"},
        {"rfc3339", "2015-02-04T12:00:00+25:00"},
        {"rfc3339", "2015-02-04T12:00:00."},
        {"rfc3339", "2015-02-04"},
        {"rfc3339", "1969-12-31T23:59:59Z"},
        {"rfc3339", "1970-01-01T00:00:00+01:00"},
        {"%Y-%m-%d", "2015-00-04"},
        {"%Y-%m-%d", "2015-13-04"},
        {"%Y-%m-%d", "2015-02-04 12:00"},
        {"%Y-%m-%d", "15-02-04"},
        {"%Y %j", "2015 366"},
        {"%Y %j", "2015 0"},
        {"%F %I %p", "2015-02-04 13 PM"},
        {"%d %b %Y", "04 Mai 2015"},
    };
    for (const auto& one : cases) {
        CAPTURE(one.format);
        CAPTURE(one.text);
        CHECK(read(one.format, one.text) == std::nullopt);
    }
}

TEST_CASE("a format that is not understood says which letter it is") {
    const auto unknown = drivers::tables::TimeFormat::parse("%Y-%q");
    REQUIRE_FALSE(unknown);
    CHECK(unknown.error().detail.find("%q is not understood") != std::string::npos);
    for (const char* format : {"%F %H:%M:%S.%f", "%F %H:%M:%S,%f"}) {
        CHECK(drivers::tables::TimeFormat::parse(format));
    }
    struct Hint {
        const char* format;
        const char* part;
    };
    for (const auto& [format, part] :
         {Hint{"%H %f", "only follow %S."}, Hint{"%T %Z", "time_zone"}, Hint{"%s", "\"unix\""}}) {
        const auto refused = drivers::tables::TimeFormat::parse(format);
        REQUIRE_FALSE(refused);
        CHECK(refused.error().detail.find(part) != std::string::npos);
    }
    CHECK_FALSE(drivers::tables::TimeFormat::parse("%Y-%"));
    CHECK_FALSE(drivers::tables::TimeFormat::parse("iso"));
    CHECK_FALSE(drivers::tables::TimeFormat::parse(""));
}

TEST_CASE("a format that can make no instant is refused, with what is wrong and what to write") {
    struct Case {
        const char* format;
        const char* part;
    };
    const Case cases[] = {
        {"%Y-%M-%d", "it has no month: %M is the minute; write %m"},
        {"%Y-%M-%d %H:%M:%S", "it has the minute twice"},
        {"%Y-%m-%d %H:%m", "it has the month twice: %m is the month, and %M the minute"},
        {"%Y-%m-%D", "it has the year twice"},
        {"%d.%m. %H:%M", "it has no year; write %Y"},
        {"%H:%M:%S", "it has no year"},
        {"%Y-%d %H:%M", "it has no month; write %m"},
        {"%m/%Y", "it has no day; write %d"},
        {"%Y", "it has no month"},
        {"%Y-%m-%d %I:%M", "%I is the hour up to 12, and needs %p"},
        {"%Y-%m-%d %M:%S", "it has minutes and no hour"},
        {"%Y-%m-%d %p", "%p needs an hour; write %I"},
        {"%Y-%m-%d %H:%S", "it has seconds and no minutes"},
        {"%Y-%j-%d", "it has the day twice"},
        {"%y-%m-%d %Y", "it has the year twice"},
    };
    for (const auto& one : cases) {
        CAPTURE(one.format);
        const auto refused = drivers::tables::TimeFormat::parse(one.format);
        REQUIRE_FALSE(refused);
        CAPTURE(refused.error().detail);
        CHECK(refused.error().fault == base::Fault::misconfigured);
        CHECK(refused.error().detail.find(one.part) != std::string::npos);
    }
    for (const char* format : {"%Y-%m-%d", "%Y%j", "%d %b %y %I %p", "%D %T", "%a, %A %F %R",
                               "%Y-%m-%d %H", "100%% %F", "excel"}) {
        CAPTURE(format);
        CHECK(drivers::tables::TimeFormat::parse(format));
    }
}

TEST_CASE("a number that is surely in another unit names its format") {
    struct Case {
        const char* format;
        const char* text;
        const char* meant;
    };
    const Case cases[] = {
        {"unix_ms", "1423051200", "unix"},
        {"unix", "1423051200000", "unix_ms"},
        {"unix", "1423051200000000", "unix_us"},
        {"unix_us", "1423051200000000000", "unix_ns"},
        {"rfc3339", "1423051200", "unix"},
        {"unix", "1423051200", ""},
        {"unix", "45250.5", "excel"},
        {"unix_ms", "45250", "excel"},
        {"%Y-%m-%d", "45250", "excel"},
        {"excel", "45250.5", ""},
        {"excel", "1423051200", "unix"},
        {"unix", "15", ""},
        {"unix_ms", "1500", ""},
        {"rfc3339", "20150204120000", ""},
    };
    for (const auto& one : cases) {
        CAPTURE(one.format);
        CAPTURE(one.text);
        CHECK(drivers::tables::TimeFormat::parse(one.format).value().meant_by(one.text) ==
              one.meant);
    }
}

TEST_CASE("any text in any format is a time within bounds or none") {
    base::Random random(3);
    const std::string letters = "0123456789-:T Z+.,/apmFeb%";
    for (const char* format :
         {"rfc3339", "unix", "unix_ms", "%d %b %y %I:%M %p %z", "%Y%j%H%M%S"}) {
        const auto parsed = drivers::tables::TimeFormat::parse(format);
        REQUIRE(parsed);
        for (int i = 0; i < 20'000; ++i) {
            std::string text(random.below(26), '\0');
            for (auto& c : text) c = letters[random.below(letters.size())];
            if (const auto time = parsed.value().read(text)) {
                CHECK(base::to_milliseconds(*time) >= 0);
                CHECK(base::to_milliseconds(*time) < 253'402'300'800'000);
            }
        }
    }
}
