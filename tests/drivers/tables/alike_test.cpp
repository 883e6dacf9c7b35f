// Goal: tail and replay read a table alike.
// Method: each file as people have it is read by both, with the same keys; what they measure and
// when must be the same, and right.

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "drivers/core/configured_driver.hpp"
#include "support/manual_clock.hpp"
#include "support/temporary_folder.hpp"

namespace {

using Texts = std::vector<std::string>;

struct Table {
    const char* name;
    std::string content;
    std::string keys;
    std::string columns;
    Texts values;  // "temperature 20 @1000", the time in milliseconds.
    std::size_t failures = 0;
};

struct Taken {
    Texts values;
    Texts failures;
    std::optional<std::string> position;
};

class File {
  public:
    explicit File(const Table& table) : table_(table) {}

    void write(const std::string& content) const { folder_.write("data.csv", content); }

    Taken take(const std::string& driver, const std::optional<std::string>& position = {}) const {
        const auto made = configured::must_make(
            fmt::format("[[sensor]]\nname = \"s\"\ndriver = \"{}\"\nfile = \"{}\"\n{}{}\n"
                        "[sensor.columns]\n{}",
                        driver, folder_.file("data.csv"), table_.keys,
                        driver == "tail" ? "start = \"beginning\"\n" : "", table_.columns),
            clock_, position);
        Taken taken{.values = {}, .failures = {}, .position = position};
        for (int i = 0; i < 20; ++i) {
            const auto harvest = made->collect(clock_.instant(), 100);
            for (const auto& one : harvest.measurements) {
                taken.values.push_back(
                    fmt::format("{} {} @{}", made->quantities().at(one.quantity).name, one.value,
                                base::to_milliseconds(one.source_time.value())));
            }
            for (const auto& one : harvest.failures) taken.failures.push_back(one.reason);
            if (harvest.position) taken.position = harvest.position;
        }
        return taken;
    }

  private:
    const Table& table_;
    support::TemporaryFolder folder_;
    support::ManualClock clock_;
};

const Table kTables[] = {
    {.name = "local time",
     .content = "time,t\n2025-07-13 00:00:00,21.5\n",
     .keys = "time_column = \"time\"\ntime_format = \"%Y-%m-%d %H:%M:%S\"\n"
             "time_zone = \"Europe/Berlin\"\n",
     .columns = "t = \"temperature:Cel\"\n",
     .values = {"temperature 21.5 @1752357600000"}},
    {.name = "date and time in two columns",
     .content = "Date,Time,Temp\n2023-04-15,10:15:09,23.75\n2023-04-15,10:16:09,23.50\n",
     .keys = "time_column = [\"Date\", \"Time\"]\n",
     .columns = "Temp = \"temperature:Cel\"\n",
     .values = {"temperature 23.75 @1681553709000", "temperature 23.5 @1681553769000"}},
    {.name = "a title before the header",
     .content = "\"Plot Title: greenhouse\"\n"
                "\"#\",\"Date Time, GMT+01:00\",\"Temp, °C (LGR S/N: 1, SEN S/N: 1)\"\n"
                "1,04/15/23 10:15:09 AM,23.75\n",
     .keys = "time_column = \"Date Time, GMT+01:00\"\ntime_format = \"%m/%d/%y %I:%M:%S %p\"\n",
     .columns = "\"Temp, °C (LGR S/N: 1, SEN S/N: 1)\" = \"temperature:Cel\"\n",
     .values = {"temperature 23.75 @1681550109000"}},
    {.name = "Excel's: a mark, sep=, a semicolon, a decimal comma",
     .content = "\xEF\xBB\xBFsep=;\r\nZeit;Temperatur\r\n15.04.2017 10:15:09;23,75\r\n;\r\n",
     .keys = "time_column = \"Zeit\"\ntime_format = \"%d.%m.%Y %H:%M:%S\"\nseparator = \";\"\n"
             "decimal = \",\"\n",
     .columns = "Temperatur = \"temperature:Cel\"\n",
     .values = {"temperature 23.75 @1492251309000"}},
    {.name = "Home Assistant's history",
     .content = "entity_id,state,last_changed\n"
                "cellar,5.5,2025-10-20T00:00:00.000Z\n"
                "kitchen,unavailable,2025-10-20T00:00:01.000Z\n"
                "kitchen,20,2025-10-20T00:00:02.250Z\n",
     .keys = "time_column = \"last_changed\"\nby = \"entity_id\"\n",
     .columns = "state = \"temperature:Cel\"\n",
     .values = {"cellar-temperature 5.5 @1760918400000", "kitchen-temperature 20 @1760918402250"}},
    {.name = "tabs, comments, units under the header, and codes for no value",
     .content = "# station 7\ntime\tt\tb\n(UTC)\t(degC)\t(%)\n"
                "1\t85\t50\n# moved\n2\t21.5 C\t-999\n",
     .keys = "time_column = \"time\"\ntime_format = \"unix\"\nseparator = \"\\t\"\n"
             "missing = [-999]\n",
     .columns = "t = { quantity = \"temperature:Cel\", missing = [85] }\nb = \"humidity:%RH\"\n",
     .values = {"humidity 50 @1000", "temperature 21.5 @2000"}},
    {.name = "no header, a mark, a code and a row of nothing",
     .content = "\xEF\xBB\xBF"
                "1,ERR,7\n2,20,7\n,,\n",
     .keys = "time_column = \"1\"\ntime_format = \"unix\"\nheader = false\n"
             "missing = [\"ERR\"]\n",
     .columns = "2 = \"temperature:Cel\"\n3 = \"b\"\n",
     .values = {"b 7 @1000", "temperature 20 @2000", "b 7 @2000"}},
    {.name = "a header that comes again, with its columns moved",
     .content = "time,a,b\n1,10,20\ntime,a,b\n2,11,21\nb,a,time\n22,12,3\n23,13,4\n",
     .keys = "time_column = \"time\"\ntime_format = \"unix\"\n",
     .columns = "a = \"a\"\nb = \"b\"\n",
     .values = {"a 10 @1000", "b 20 @1000", "a 11 @2000", "b 21 @2000", "a 12 @3000", "b 22 @3000",
                "a 13 @4000", "b 23 @4000"}},
    {.name = "an hour that comes twice, and one that never comes",
     .content = "time,t\n2025-03-29 00:00:00,0\n2025-03-30 02:30:00,1\n2025-10-26 "
                "02:30:00,2\n2025-10-26 02:00:00,3\n"
                "2025-10-26 02:30:00,4\n",
     .keys = "time_column = \"time\"\ntime_zone = \"Europe/Berlin\"\n",
     .columns = "t = \"temperature:Cel\"\n",
     .values = {"temperature 0 @1743202800000", "temperature 2 @1761438600000",
                "temperature 3 @1761440400000", "temperature 4 @1761442200000"},
     .failures = 1},
};

}  // namespace

TEST_CASE("tail and replay read tables as people have them, and alike") {
    for (const auto& table : kTables) {
        for (const std::string driver : {"tail", "replay"}) {
            CAPTURE(table.name);
            CAPTURE(driver);
            const File file(table);
            file.write(table.content);
            const auto taken = file.take(driver);
            CHECK(taken.values == table.values);
            CHECK(taken.failures.size() == table.failures);
        }
    }
}

TEST_CASE("after a restart at any line a table is read on as if there had been none") {
    for (const auto& table : kTables) {
        for (const std::string driver : {"tail", "replay"}) {
            CAPTURE(table.name);
            CAPTURE(driver);
            const File file(table);
            for (auto cut = table.content.find("1"); cut != std::string::npos;
                 cut = table.content.find('\n', cut + 1)) {
                const auto content = table.content.substr(0, cut + 1);
                if (!content.ends_with('\n')) continue;
                file.write(content);
                auto values = Texts{};
                const auto before = file.take(driver);
                file.write(table.content);
                const auto after = file.take(driver, before.position);
                values = before.values;
                values.insert(values.end(), after.values.begin(), after.values.end());
                CAPTURE(cut);
                CHECK(values == table.values);
                CHECK(before.failures.size() + after.failures.size() == table.failures);
            }
        }
    }
}

TEST_CASE("what cannot be told of a table is refused before anything is read, in words") {
    struct Case {
        const char* keys;
        const char* part;
    };
    const Case cases[] = {
        {"time_zone = \"Berlin\"\n", "time_zone: \"Berlin\" is no time zone"},
        {"time_format = \"%H:%M %Z\"\n", "set time_zone instead"},
        {"header = false\ndecimal = \",\"\n", "needs a header or a separator that is no comma"},
        {"delimiter = \";\"\n", "write separator = \";\""},
        {"skip_rows = 3\n", "lines before the header are passed over without being told"},
        {"na_values = [\"-999\"]\n", "write missing = "},
        {"time_format = \"%Y-%M-%d\"\n", "it has no month: %M is the minute; write %m"},
        {"time_format = \"%d.%m. %H:%M\"\n", "it has no year"},
        {"decimal = \";\"\n", "decimal"},
        {"time_column = [\"a\", \"b\", \"c\", \"d\", \"e\"]\n", "time_column: at most 4"},
        {"missing = [true]\n", "missing must be a text, a number, or a list of them"},
        {"comment = \"a long one, it is\"\n", "comment: at most 8"},
    };
    for (const auto& one : cases) {
        for (const std::string driver : {"tail", "replay"}) {
            CAPTURE(one.keys);
            CAPTURE(driver);
            const std::string keys = one.keys;
            const bool has_time = keys.find("time_column") != std::string::npos;
            const auto status = configured::validate(fmt::format(
                "[[sensor]]\nname = \"s\"\ndriver = \"{}\"\nfile = \"f\"\n{}{}\n[sensor.columns]\n"
                "A = \"a\"\n",
                driver, has_time ? "" : "time_column = \"t\"\n", keys));
            REQUIRE_FALSE(status);
            CAPTURE(status.error().detail);
            CHECK(status.error().detail.find(one.part) != std::string::npos);
        }
    }
}
