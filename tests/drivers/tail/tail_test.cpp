#include "drivers/tail/tail.hpp"

#include <algorithm>
#include <map>

#include "drivers/tables/csv.hpp"
#include "drivers/tail/fixture.hpp"

using namespace std::chrono_literals;
namespace fs = std::filesystem;
using tail_test::lines;
using tail_test::numbers;
using tail_test::Tailed;
using Failures = std::vector<std::string>;
using Values = std::vector<double>;

namespace {

constexpr const char* kCsv = "start = \"beginning\"\n";
constexpr const char* kTimedCsv =
    "start = \"beginning\"\ntime_column = \"t\"\ntime_format = \"unix\"\n";
constexpr const char* kJson = "format = \"json\"\nstart = \"beginning\"\n";

bool says(const base::Status& status, const std::string& text) {
    return !status && status.error().detail.find(text) != std::string::npos;
}

}  // namespace

TEST_CASE("quantities have the name and unit of the mapping, or the usual unit") {
    const Tailed tailed("", "a = \"temperature\"\nb = \"co2:ppb\"\nc = \"third\"\n");
    const auto driver = tailed.make();
    const auto& quantities = driver->quantities();
    REQUIRE(quantities.size() == 3);
    CHECK(quantities[0].name == "temperature");
    CHECK(quantities[0].unit == "Cel");
    CHECK(quantities[1].unit == "ppb");
    CHECK(quantities[2].unit == "/");
}

TEST_CASE("a line's time is that of its column, else that of its reading") {
    Tailed timed(kTimedCsv, "a = \"a\"\n");
    timed.append("t,a\n100.5,1\n");
    const auto first = timed.make()->collect(timed.clock.instant(), 10);
    REQUIRE(first.measurements.size() == 1);
    CHECK(first.measurements[0].source_time == base::from_milliseconds(100'500));
    Tailed untimed(kCsv, "a = \"a\"\n");
    untimed.append("t,a\n100.5,1\n");
    untimed.clock.advance(5min);
    const auto second = untimed.make()->collect(untimed.clock.instant(), 10);
    REQUIRE(second.measurements.size() == 1);
    CHECK_FALSE(second.measurements[0].source_time);
    CHECK(second.measurements[0].taken == untimed.clock.instant());
}

TEST_CASE(
    "CSV: columns by the header, also one that comes again, comes late or is one name short") {
    Tailed tailed(kTimedCsv, "a = \"a\"\n");
    tailed.append("\xEF\xBB\xBFt,");
    const auto driver = tailed.make();
    CHECK(tailed.take(*driver).values.empty());
    tailed.append("a\r\n");
    CHECK(tailed.take(*driver).values.empty());
    tailed.append("1,10\n\n2,\"20\"\nt,a\n3,30\n");
    const auto taken = tailed.take(*driver);
    CHECK(taken.values == Values{10, 20, 30});
    CHECK(taken.failures.empty());

    Tailed shifted(kTimedCsv, "a = \"a\"\n");
    shifted.append("\"t\",\"a\"\n");
    const auto before = shifted.take_anew();
    shifted.append("\"1\",7,70\n");
    CHECK(shifted.take_anew(before.position).values == Values{70});
}

TEST_CASE("CSV: after a restart in the middle the header is read again") {
    Tailed tailed(kTimedCsv, "a = \"a\"\n");
    tailed.append("a,t\n10,1\n");
    const auto before = tailed.take_anew();
    tailed.append("20,2\n");
    CHECK(tailed.take_anew(before.position).values == Values{20});
}

TEST_CASE("CSV: each file has its own header") {
    Tailed tailed(kTimedCsv, "a = \"a\"\n");
    tailed.append("t,a\n1,10\n");
    const auto driver = tailed.make();
    CHECK(tailed.take(*driver).values == Values{10});
    tailed.rotate();
    tailed.append("a,x,t\n20,0,2\n");
    CHECK(tailed.take(*driver).values == Values{20});
}

TEST_CASE(
    "CSV: a file without a wanted column waits, is reported once a minute, and loses nothing") {
    Tailed tailed(kTimedCsv, "a = \"a\"\n");
    tailed.append("t,b\n1,10\n");
    const auto waiting = tailed.take_anew();
    CHECK(waiting.values.empty());
    REQUIRE(waiting.failures.size() == 1);
    CHECK(waiting.failures[0].ends_with("has no column \"a\"; its 2 columns: t, b"));
    Tailed long_line(kCsv, "a = \"a\"\n");
    long_line.append("\"a\n1\n");
    CHECK(long_line.take_anew().failures.at(0).ends_with("is it header = false?"));
}

TEST_CASE("CSV: without a header columns are numbers, and a row may have more fields") {
    Tailed tailed("header = false\nseparator = \";\"\nstart = \"beginning\"\n",
                  "2 = \"a\"\n1 = \"b\"\n");
    tailed.append("1;2\nx\n3;4;5\n");
    const auto taken = tailed.take_anew();
    auto sorted = taken.values;
    std::sort(sorted.begin(), sorted.end());
    CHECK(sorted == Values{1, 2, 3, 4});
    CHECK(taken.failures == Failures{"byte 4: 1 fields, and column 2 is wanted: x"});
}

TEST_CASE("JSON lines: keys, pointers, and what a value may be") {
    Tailed tailed(
        "format = \"json\"\nstart = \"beginning\"\ntime_column = \"/at/ms\"\n"
        "time_format = \"unix_ms\"\n",
        "a = \"a\"\n\"/in/b\" = \"b\"\n\"/list/1\" = \"c\"\n\"d.e\" = \"d\"\n");
    tailed.append(R"({"at":{"ms":1500},"a":1.25,"in":{"b":"2"},"list":[0,3],"d.e":true})"
                  "\n"
                  R"({"at":{"ms":2500},"a":null,"in":7})"
                  "\n");
    const auto driver = tailed.make();
    const auto harvest = driver->collect(tailed.clock.instant(), 100);
    std::map<std::string, double> values;
    for (const auto& one : harvest.measurements) {
        values[driver->quantities()[one.quantity].name] = one.value;
        CHECK(one.source_time == base::from_milliseconds(1500));
    }
    CHECK(values == std::map<std::string, double>{{"a", 1.25}, {"b", 2}, {"c", 3}, {"d", 1}});
    CHECK(harvest.failures.empty());
}

TEST_CASE("lines that cannot be read are reported with their position and their beginning") {
    Tailed json(kJson, "a = \"a\"\n");
    json.append("{\"a\":1}\nnonsense\n[1]\n{\"a\":\"x\"}\n{\"a\":{}}\n{\"a\":2}\n");
    const auto taken = json.take_anew();
    CHECK(taken.values == Values{1, 2});
    REQUIRE(taken.failures.size() == 4);
    CHECK(taken.failures[0].starts_with("byte 8: "));
    CHECK(taken.failures[0].ends_with(": nonsense"));
    CHECK(taken.failures[1] == "byte 17: no object of JSON: [1]");
    CHECK(taken.failures[2] == "byte 21: a: no number: \"x\"");
    CHECK(taken.failures[3] == "byte 31: a: no number: \"no single value\"");

    Tailed timed(kTimedCsv, "a = \"a\"\n");
    timed.append("t,a\nsoon,1\n1\n5,x\n5,7\n");
    const auto rows = timed.take_anew();
    CHECK(rows.values == Values{7});
    CHECK(rows.failures == Failures{"byte 4: no time: \"soon\"",
                                    "byte 11: 1 fields instead of 2: 1",
                                    "byte 13: a: no number: \"x\""});
}

TEST_CASE("JSON lines: a bare nan costs its own member, and numbers that no rule takes stay") {
    Tailed tailed(kJson, "a = \"a\"\nb = \"b\"\n");
    tailed.append("{\"a\":nan,\"b\":2}\n{\"a\":null,\"b\":3,\"c\":{\"d\":4}}\n");
    const auto taken = tailed.take_anew();
    CHECK(taken.values == Values{2, 3});
    CHECK(taken.failures == Failures{"byte 0: a: no number: \"bare nan\""});
}

TEST_CASE("JSON lines: a switch is no temperature, and a key may say the unit of its line") {
    Tailed tailed(kJson, "temperature = \"temperature:Cel\"\n");
    tailed.append("{\"temperature\":true}\n");
    tailed.append("{\"temperature\":73.4,\"unit\":\"°F\"}\n");
    tailed.append("{\"temperature\":24}\n");
    tailed.append("{\"temperature\":45,\"unit\":\"%\"}\n");
    const auto taken = tailed.take_anew();
    CHECK(taken.values == Values{23, 24});
    REQUIRE(taken.failures.size() == 2);
    CHECK(taken.failures[0].ends_with("temperature: no number: \"true\""));
    CHECK(taken.failures[1].find("\"temperature\" is in %") != std::string::npos);
    Tailed named(kJson, "temp_f = \"temperature:Cel\"\n");
    named.append("{\"temp_f\":73.4}\n");
    CHECK(named.take_anew().values == Values{23});
    Tailed written(kJson, "t = \"temperature:degF\"\n");
    written.append("{\"t\":73.4}\n");
    CHECK(written.take_anew().values == Values{23});
    CHECK(written.make()->quantities()[0].unit == "Cel");
}

TEST_CASE("JSON lines and logfmt: a key may say whose reading a line is") {
    Tailed json("format = \"json\"\nstart = \"beginning\"\nby = [\"id\", \"/at/room\"]\n",
                "t = \"temperature\"\n");
    json.append(R"({"id":1,"at":{"room":"attic"},"t":20})"
                "\n"
                R"({"id":2,"at":{"room":"attic"},"t":5})"
                "\n");
    const auto driver = json.make();
    CHECK(json.take(*driver).values == Values{20, 5});
    REQUIRE(driver->quantities().size() == 2);
    CHECK(driver->quantities()[0].name == "1-attic-temperature");
    CHECK(driver->quantities()[1].name == "2-attic-temperature");
    Tailed logfmt("format = \"logfmt\"\nstart = \"beginning\"\nby = \"id\"\n",
                  "t = \"temperature\"\n");
    logfmt.append("id=attic t=20\nt=5\n");
    const auto taken = logfmt.take_anew();
    CHECK(taken.values == Values{20});
    CHECK(taken.failures == Failures{"byte 14: no identity: \"id\" is empty"});
}

TEST_CASE("a failure has the time of the lines before it") {
    Tailed tailed(kTimedCsv, "a = \"a\"\n");
    tailed.append("t,a\n7,1\nsoon,1\n");
    const auto harvest = tailed.make()->collect(tailed.clock.instant(), 10);
    REQUIRE(harvest.failures.size() == 1);
    CHECK(harvest.failures[0].source_time == base::from_milliseconds(7000));
}

TEST_CASE(
    "lines about something else are not failures; if there are no others, that is reported once") {
    Tailed tailed("format = \"logfmt\"\nstart = \"beginning\"\n", "n = \"n\"\n");
    tailed.append("msg=hello\nn=1\nmsg=bye\n");
    const auto some = tailed.take_anew();
    CHECK(some.values == Values{1});
    CHECK(some.failures.empty());
    Tailed misspelt("format = \"logfmt\"\nstart = \"beginning\"\n", "m = \"m\"\n");
    misspelt.append(lines(1, 250));
    CHECK(misspelt.take_anew().failures == Failures{"none of 100 lines has one of: m"});
}

TEST_CASE("a line that is too long is skipped and reported, also across a restart") {
    for (const std::size_t length :
         {drivers::tables::kRowBytesMax, 3 * drivers::tables::kRowBytesMax + 17}) {
        CAPTURE(length);
        Tailed tailed;
        tailed.append(lines(1, 1) + std::string(length, 'x'));
        const auto driver = tailed.make();
        const auto before = tailed.take(*driver);
        CHECK(before.values == Values{1});
        tailed.append("\n" + lines(2, 2));
        for (const auto& after : {tailed.take(*driver), tailed.take_anew(before.position)}) {
            CHECK(after.values == Values{2});
            CHECK(after.failures == Failures{"byte 4: a line of " + std::to_string(length + 1) +
                                             " bytes; at most 65536 are read"});
        }
    }
    Tailed longest;
    longest.append("n=1 x=" + std::string(drivers::tables::kRowBytesMax - 7, 'x') + "\n");
    CHECK(longest.take_anew().values == Values{1});
}

TEST_CASE(
    "a line of many MiB is passed over in few steps: what comes behind it does not wait long") {
    Tailed tailed;
    tailed.append(std::string(std::size_t{32} * 1024 * 1024, 'x') + "\n" + lines(1, 1));
    const auto driver = tailed.make();
    std::size_t steps = 0;
    bool found = false;
    for (; !found && steps < 1000; ++steps) {
        found = !driver->collect(base::Instant{}, 10).measurements.empty();
    }
    CHECK(found);
    CHECK(steps <= 34);  // A MiB each.
}

TEST_CASE("each bad line of a flood is a failed reading, in bounded steps") {
    Tailed tailed(kJson, "a = \"a\"\n");
    std::string flood;
    for (int i = 0; i < 20'000; ++i) flood += "x!\n";
    tailed.append(flood + "{\"a\":1}\n");
    const auto driver = tailed.make();
    std::size_t counted = 0;
    std::size_t largest = 0;
    std::size_t values = 0;
    std::size_t harvests = 0;
    for (; values == 0 && harvests < 1000; ++harvests) {
        const auto harvest = driver->collect(tailed.clock.instant(), 10);
        largest = std::max(largest, harvest.failures.size());
        values += harvest.measurements.size();
        for (const auto& failure : harvest.failures) {
            counted += failure.readings;
            if (failure.cause != "no JSON") FAIL(failure.cause);
        }
    }
    CHECK(counted == 20'000);
    CHECK(largest <= 1024);
    CHECK(harvests >= 2);
}

TEST_CASE("a line is never split over two harvests") {
    Tailed tailed(kJson, "a = \"a\"\nb = \"b\"\nc = \"c\"\n");
    for (int i = 0; i < 7; ++i) tailed.append("{\"a\":1,\"b\":2,\"c\":3}\n");
    for (std::size_t at_most = 3; at_most < 9; ++at_most) {
        const auto driver = tailed.make();
        std::size_t all = 0;
        for (int i = 0; i < 10; ++i) {
            const auto harvest = driver->collect(tailed.clock.instant(), at_most);
            CHECK(harvest.measurements.size() <= at_most);
            CHECK(harvest.measurements.size() % 3 == 0);
            all += harvest.measurements.size();
        }
        CHECK(all == 21);
    }
}

TEST_CASE("without anything new there is no new position") {
    Tailed tailed;
    tailed.append(lines(1, 2));
    const auto driver = tailed.make();
    CHECK(tailed.take(*driver).position);
    tailed.append("n=");
    CHECK_FALSE(tailed.take(*driver).position);
    fs::remove(tailed.path());
    CHECK_FALSE(tailed.take(*driver).position);
}

TEST_CASE("an error in the configuration says what to write") {
    const auto checked = [](const std::string& more, const std::string& columns) {
        return configured::validate(Tailed(more, columns).configuration());
    };
    CHECK(checked("", "a = \"a\"\n"));
    CHECK(says(checked("format = \"jsno\"\n", "a = \"a\"\n"), "json"));
    CHECK(says(checked("start = \"begin\"\n", "a = \"a\"\n"), "beginning"));
    CHECK(says(checked("time_format = \"noon\"\n", "a = \"a\"\n"), "rfc3339"));
    CHECK(says(checked("format = \"json\"\nheader = true\n", "a = \"a\"\n"), "only format"));
    CHECK(says(checked("format = \"json\"\n", "\"/a~2\" = \"a\"\n"), "not a JSON pointer"));
    CHECK(says(checked("header = false\n", "a = \"a\"\n"), "they are numbered"));
    CHECK(says(checked("header = false\ntime_column = \"t\"\n", "1 = \"a\"\n"), "\"t\""));
    CHECK(says(checked("", ""), "name at least one"));
    CHECK(says(checked("rotate_wait = \"2 days\"\n", "a = \"a\"\n"), "rotate_wait"));
}

TEST_CASE("a position of another driver is refused, and one of another file is ignored") {
    Tailed tailed;
    tailed.append(lines(1, 2));
    const auto refused = configured::make(tailed.configuration(), tailed.clock, "{\"row\":1}");
    REQUIRE_FALSE(refused);
    CHECK(refused.error().fault == base::Fault::misconfigured);
    Tailed other;
    other.append(lines(11, 15));
    const auto position = other.take_anew().position;
    const auto taken = tailed.take_anew(position);
    CHECK(taken.values == numbers(1, 2));
    CHECK(taken.failures.empty());
}

TEST_CASE("a file that has moved, or its copy, is read on from the same place under its new name") {
    Tailed before;
    before.append(lines(1, 3));
    const auto position = before.take_anew().position;
    Tailed after;
    after.append(lines(1, 5));
    CHECK(after.take_anew(position).values == numbers(4, 5));
}
