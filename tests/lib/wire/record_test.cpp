#include "wire/record.hpp"

#include <doctest/doctest.h>

#include <string>

#include "base/random.hpp"
#include "wire/limits.hpp"

namespace {

struct Refused {
    const char* name;
    std::string line;
    const char* reason;  // Part of it.
};

std::string data_with(const std::string& columns) {
    return R"({"k":"data","t":0,"clk":"synced","series":)" + columns + "}";
}

/// A column of one partial over two readings of 1.
std::string partial_with(const std::string& sketches) {
    return R"({"a.b":{"span":9,"dt":[0],"count":[2],"min":[1],"max":[1],"sum":[2],"sumsq":[2],)"
           R"("first":[1],"last":[1],"sketch":[)" +
           sketches + "]}}";
}

std::string repeated(const std::string& text, std::size_t times) {
    std::string result;
    for (std::size_t i = 0; i < times; ++i) result += text;
    return result;
}

std::string failed_with(const std::string& series) {
    return R"({"k":"failed","t":1,"clk":"synced","span":10000,"series":)" + series + "}";
}

std::string reasons(int count) {
    std::string text = "{";
    for (int i = 0; i < count; ++i) {
        text += (i > 0 ? ",\"r" : "\"r") + std::to_string(i) + R"(":{"dt":[0],"n":[1]})";
    }
    return text + "}";
}

const std::string kGood =
    R"({"k":"data","t":1763630000000,"clk":"synced","series":{"a.b":{"dt":[0,5],"v":[1.5,-2]}}})";

}  // namespace

TEST_SUITE("wire/record") {
    TEST_CASE("a line that breaks a rule is refused with the rule in the reason") {
        const std::string nested = repeated("[", 100'000);
        const std::vector<Refused> cases{
            {"empty", "", "not JSON"},
            {"no object", "[1]", "not an object"},
            {"cut short", R"({"k":"data")", "not JSON"},
            {"something after", kGood + "x", "not JSON"},
            {"no kind", "{}", "k is missing"},
            {"unknown kind", R"({"k":"dato"})", "k is not"},
            {"no time", R"({"k":"data","clk":"synced","series":{"a.b":{"dt":[0],"v":[1]}}})",
             "t is missing"},
            {"time with a fraction",
             R"({"k":"data","t":0.5,"clk":"synced","series":{"a.b":{"dt":[0],"v":[1]}}})",
             "t is not a whole number"},
            {"time beyond 2^53",
             R"({"k":"data","t":1e300,"clk":"synced","series":{"a.b":{"dt":[0],"v":[1]}}})",
             "t is not a whole number"},
            {"unknown clock", R"({"k":"data","t":0,"clk":"x","series":{"a.b":{"dt":[0],"v":[1]}}})",
             "clk is not"},
            {"boot clock without a boot",
             R"({"k":"data","t":0,"clk":"boot","series":{"a.b":{"dt":[0],"v":[1]}}})", "boot id"},
            {"boot clock with a time since boot of its own",
             R"({"k":"data","t":5,"clk":"boot","boot":"b","bt":5,)"
             R"("series":{"a.b":{"dt":[0],"v":[1]}}})",
             "not bt"},
            {"boot clock before the boot",
             R"({"k":"fault","t":-1,"clk":"boot","boot":"b","sensor":"a","reason":"x"})",
             "before the boot"},
            {"time since boot without a boot",
             R"({"k":"fault","t":0,"clk":"synced","bt":5,"sensor":"a","reason":"x"})",
             "bt without"},
            {"time since boot with a fraction",
             R"({"k":"fault","t":0,"clk":"synced","boot":"b","bt":5.5,"sensor":"a","reason":"x"})",
             "bt is not"},
            {"boot id too long",
             R"({"k":"fault","t":0,"clk":"synced","boot":")" + std::string(64, 'b') +
                 R"(","sensor":"a","reason":"x"})",
             "boot is too long"},
            {"no columns", data_with("{}"), "not an object with columns"},
            {"columns as a list", data_with("[]"), "not an object with columns"},
            {"bad series name", data_with(R"({"ab":{"dt":[0],"v":[1]}})"), "sensor.quantity"},
            {"a column that is not an object", data_with(R"({"a.b":7})"),
             "a column is not an object"},
            {"lengths differ", data_with(R"({"a.b":{"dt":[0,1],"v":[1]}})"), "differ in length"},
            {"no values", data_with(R"({"a.b":{"dt":[],"v":[]}})"), "no values"},
            {"value a text", data_with(R"({"a.b":{"dt":[0],"v":["1"]}})"), "v is not a list"},
            {"value null", data_with(R"({"a.b":{"dt":[0],"v":[null]}})"), "v is not a list"},
            {"value not finite", data_with(R"({"a.b":{"dt":[0],"v":[1e999]}})"), ""},
            {"offset with a fraction", data_with(R"({"a.b":{"dt":[0.5],"v":[1]}})"), "dt holds"},
            {"a time beyond 2^53 by its offset",
             R"({"k":"data","t":9007199254740991,"clk":"synced",)"
             R"("series":{"a.b":{"dt":[0,1],"v":[1,1]}}})",
             "t and dt"},
            {"a time before -2^53 by its offset",
             R"({"k":"data","t":-9007199254740991,"clk":"synced",)"
             R"("series":{"a.b":{"span":10,"dt":[-1],"count":[1],"min":[1],"max":[1],"sum":[1],)"
             R"("sumsq":[1],"first":[1],"last":[1]}}})",
             "t and dt"},
            {"span of nothing",
             data_with(R"({"a.b":{"span":0,"dt":[0],"count":[1],"min":[1],)"
                       R"("max":[1],"sum":[1],"sumsq":[1],)"
                       R"("first":[1],"last":[1]}})"),
             "span is not positive"},
            {"partial with a list missing",
             data_with(R"({"a.b":{"span":10,"dt":[0],"count":[1],"min":[1],"max":[1],"sum":[1],)"
                       R"("first":[1],"last":[1]}})"),
             "sumsq is missing"},
            {"partial with count 0",
             data_with(R"({"a.b":{"span":10,"dt":[0],"count":[0],"min":[1],"max":[1],"sum":[1],)"
                       R"("sumsq":[1],"first":[1],"last":[1]}})"),
             "count is not positive"},
            {"duplicate key", R"({"k":"data","k":"gap"})", "duplicate key"},
            {"invalid UTF-8", "{\"k\":\"\xff\"}", "not JSON"},
            {"deep", R"({"k":"data","x":)" + nested.substr(0, 9) + repeated("]", 9) + "}",
             "deeper"},
            {"very deep", nested, ""},
            {"too long", kGood + std::string(wire::kLineBytesMax, ' '), "bytes"},
            {"too many readings",
             data_with(R"({"a.b":{"dt":[0)" + repeated(",0", wire::kRecordReadingsMax) +
                       R"(],"v":[1)" + repeated(",1", wire::kRecordReadingsMax) + "]}}"),
             "601 readings"},
            {"offsets of a later column",
             data_with(R"({"a.b":{"dt":"a.c","v":[1]},"a.c":{"dt":[0],"v":[1]}})"),
             "names no column before it"},
            {"offsets of its own column", data_with(R"({"a.b":{"dt":"a.b","v":[1]}})"),
             "names no column before it"},
            {"offsets of a longer column",
             data_with(R"({"a.b":{"dt":[0,1],"v":[1,1]},"a.c":{"dt":"a.b","v":[1]}})"),
             "another length"},
            {"a malformed sketch", data_with(partial_with(R"("x")")),
             "a sketch has an invalid bucket"},
            {"a sketch of other readings", data_with(partial_with(R"("0:3")")), "another count"},
            {"sketches for some spans", data_with(partial_with(R"("0:2","0")")),
             "differ in length"},
            {"sketches that are not texts", data_with(partial_with("null")), "more than texts"},
            {"gap without a range",
             R"({"k":"gap","from":5,"to":4,"readings":0,"first":0,"last":0,)"
             R"("reason":"evicted"})",
             "not a range"},
            {"gap from 0",
             R"({"k":"gap","from":0,"to":4,"readings":0,"first":0,"last":0,)"
             R"("reason":"evicted"})",
             "not a range"},
            {"gap with one time",
             R"({"k":"gap","from":1,"to":4,"readings":0,"first":0,"reason":"evicted"})",
             "go together"},
            {"unknown reason",
             R"({"k":"gap","from":1,"to":4,"readings":0,"first":0,"last":0,)"
             R"("reason":"eaten"})",
             "reason is not"},
            {"series without a unit",
             R"({"k":"series","series":"a.b","quantity":"b","driver":"x"})", "unit is missing"},
            {"clock without a boot", R"({"k":"clock","boot":"","bt":1,"utc":1,"error":1})",
             "boot is empty"},
            {"fault without a sensor",
             R"({"k":"fault","t":0,"clk":"synced","sensor":"A","reason":"x"})",
             "sensor is not a name"},
            {"failures without reasons", failed_with(R"({"a.b":{}})"), "no reasons"},
            {"failures of nothing", failed_with("{}"), "not an object with reasons"},
            {"failures of no name", failed_with(R"({"A":{"x":{"dt":[0],"n":[1]}}})"),
             "neither sensor.quantity nor"},
            {"a reason without words", failed_with(R"({"a.b":{"":{"dt":[0],"n":[1]}}})"),
             "empty or too long"},
            {"a reason that is too long",
             failed_with(R"({"a.b":{")" + std::string(wire::kFailedReasonBytesMax + 1, 'x') +
                         R"(":{"dt":[0],"n":[1]}}})"),
             "empty or too long"},
            {"too many reasons", failed_with(R"({"a.b":)" + reasons(17) + "}"), "or more than 16"},
            {"no failures of a reason", failed_with(R"({"a.b":{"x":{"dt":[],"n":[]}}})"),
             "no counts"},
            {"a reason that is a number", failed_with(R"({"a.b":{"x":3}})"), "dt is missing"},
            {"failures without times", failed_with(R"({"a.b":{"x":{"dt":[0],"n":[1,2]}}})"),
             "dt and n differ in length"},
            {"0 failures", failed_with(R"({"a.b":{"x":{"dt":[0],"n":[0]}}})"), "n is not positive"},
            {"half a failure", failed_with(R"({"a.b":{"x":{"dt":[0],"n":[0.5]}}})"), "n holds"},
            {"too many counts of failures",
             failed_with(R"({"a.b":{"x":{"dt":[0)" + repeated(",0", wire::kRecordReadingsMax) +
                         R"(],"n":[1)" + repeated(",1", wire::kRecordReadingsMax) + "]}}}"),
             "601 counts"},
            {"failures beyond time",
             failed_with(R"({"a.b":{"x":{"dt":[9007199254740991],"n":[1]}}})"), "t and dt"},
            {"failures in a span of nothing",
             R"({"k":"failed","t":0,"clk":"synced","span":0,"series":{}})", "span is not positive"},
            {"failures without a span",
             R"({"k":"failed","t":0,"clk":"synced","series":{"a.b":{"x":{"dt":[0],"n":[1]}}}})",
             "span is missing"},
            {"neither true nor false",
             R"({"k":"series","series":"a.b","quantity":"b","unit":"m","driver":"x",)"
             R"("also_between":1})",
             "also_between is not true or false"},
            {"bad origin", kGood.substr(0, kGood.size() - 1) + R"(,"origin":{"inc":"1","seq":1}})",
             "missing"},
        };
        for (const auto& refused : cases) {
            CAPTURE(refused.name);
            const auto record = wire::decode_record(refused.line);
            REQUIRE_FALSE(record);
            CHECK(record.error().fault == base::Fault::malformed);
            CAPTURE(record.error().detail);
            CHECK(record.error().detail.find(refused.reason) != std::string::npos);
        }
    }

    TEST_CASE("numbers come back as they were sent, to the last bit") {
        base::Random random{3};
        wire::RawColumn column;
        for (int i = 0; i < 500; ++i) {
            column.dt_ms.push_back(static_cast<std::int64_t>(random.below(1'000'000)) - 500'000);
            column.values.push_back(random.normal() * static_cast<double>(random.below(1'000'000)));
        }
        const wire::Record record{
            .body = wire::Data{.at = base::from_milliseconds(1'763'630'000'000),
                               .clock = wire::ClockState::synced,
                               .boot = {},
                               .columns = {{.series = "a.b", .points = column}}},
            .origin = {}};
        // Full-precision doubles make a line longer than the sampler would ever build.
        const auto line = wire::encode_record(record);
        const auto decoded = wire::decode_record(line);
        REQUIRE(decoded);
        const auto& data = std::get<wire::Data>(decoded.value().body);
        const auto& points = std::get<wire::RawColumn>(data.columns.at(0).points);
        CHECK(points.dt_ms == column.dt_ms);
        CHECK(points.values == column.values);
        CHECK(data.readings() == 500);
    }

    TEST_CASE("a gap whose readings no clock timed has no times") {
        const std::string line = R"({"k":"gap","from":1,"to":4,"readings":9,"reason":"evicted"})";
        const auto record = wire::decode_record(line);
        REQUIRE(record);
        CHECK_FALSE(std::get<wire::Gap>(record.value().body).first);
        CHECK(wire::encode_record(record.value()) == line);
    }

    TEST_CASE("columns of the same times share their offsets, whatever else they are") {
        const std::vector<std::int64_t> offsets{0, 65, 130, 195, 260};
        const wire::RawColumn raw{.dt_ms = offsets, .values = {1, 2, 3, 4, 5}};
        wire::PartialColumn partial;
        partial.span = base::Duration{10};
        partial.dt_ms = offsets;
        for (int i = 0; i < 5; ++i) partial.summaries.push_back(wire::Summary::of(i));
        wire::Data data{.at = {}, .clock = {}, .boot = {}, .columns = {}};
        data.columns = {{.series = "a.b", .points = raw},
                        {.series = "a.c", .points = wire::RawColumn{{0}, {7}}},
                        {.series = "a.d", .points = partial},
                        {.series = "a.e", .points = raw},
                        {.series = "a.f", .points = wire::RawColumn{{0}, {7}}}};
        const auto line = wire::encode_record({.body = data, .origin = {}});
        CHECK(line.find(R"("a.d":{"span":10,"dt":"a.b",)") != std::string::npos);
        CHECK(line.find(R"("a.e":{"dt":"a.b",)") != std::string::npos);
        CHECK(line.find(R"("a.f":{"dt":[0],)") != std::string::npos);  // Its own are shorter.
        const auto decoded = wire::decode_record(line);
        REQUIRE_MESSAGE(decoded, line);
        const auto& again = std::get<wire::Data>(decoded.value().body);
        REQUIRE(again.columns.size() == 5);
        CHECK(std::get<wire::RawColumn>(again.columns[3].points).dt_ms == offsets);
        CHECK(std::get<wire::PartialColumn>(again.columns[2].points).dt_ms == offsets);
        CHECK(wire::encode_record(decoded.value()) == line);
    }

    TEST_CASE("an origin is added once and changes nothing else") {
        const wire::Origin origin{.incarnation = {1}, .seq = 7, .hash = {}};
        const auto tagged = wire::with_origin(kGood, origin);
        const auto decoded = wire::decode_record(tagged);
        REQUIRE(decoded);
        CHECK(decoded.value().origin == origin);
        CHECK(tagged.starts_with(kGood.substr(0, kGood.size() - 1)));
        const wire::Origin later{.incarnation = {2}, .seq = 1, .hash = {}};
        CHECK(wire::with_origin(tagged, later) == tagged);
    }

    TEST_CASE("a changed byte is decoded or refused, never a crash") {
        for (std::size_t i = 0; i < kGood.size(); ++i) {
            for (int bit = 0; bit < 8; ++bit) {
                auto line = kGood;
                line[i] = static_cast<char>(line[i] ^ (1 << bit));
                [[maybe_unused]] const auto record = wire::decode_record(line);
            }
        }
    }
}
