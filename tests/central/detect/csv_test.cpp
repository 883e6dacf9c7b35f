#include <doctest/doctest.h>
#include <fmt/format.h>

#include <sstream>
#include <string>
#include <vector>

#include "central/detect/contextual/detector.hpp"
#include "central/detect/csv/judge.hpp"
#include "central/detect/csv/layout.hpp"

using detect::csv::judge_csv;
using detect::csv::JudgeOptions;
using detect::csv::JudgeReport;

namespace {

struct Judged {
    base::Result<JudgeReport> report;
    std::vector<std::string> rows;
};

Judged judge(const std::string& table, const JudgeOptions& options = {}) {
    std::istringstream in{table};
    std::string text;
    auto report = judge_csv(in, options, [&](std::string_view piece) -> base::Status {
        text += piece;
        return base::Done{};
    });
    Judged judged{std::move(report), {}};
    std::istringstream lines{text};
    for (std::string line; std::getline(lines, line);) judged.rows.push_back(line);
    return judged;
}

/// Three weeks, a reading every five minutes, with one spike.
std::string room(std::size_t spike) {
    std::string table = "timestamp,value\n";
    for (std::size_t i = 0; i < 6'048; ++i) {
        const double value = i == spike ? 60 : 20 + static_cast<double>((i * 7919) % 13) / 10;
        table += fmt::format("{},{}\n", 1'763'640'000 + 300 * i, value);
    }
    return table;
}

}  // namespace

TEST_CASE("every row of data gets a row, with its time and value as they stand there") {
    const auto judged = judge(
        "timestamp,value\n"
        "2014-07-01 00:00:00,12.50\n"
        "2014-07-01 00:05:00,nan\n"
        "yesterday,13\n"
        "2014-07-01 00:15:00,\"1,5\"\n"
        "2014-07-01 00:20:00\n"
        "\n"
        "2014-07-01 00:25:00,14");
    REQUIRE(judged.report);
    CHECK(judged.report.value().rows == 6);
    CHECK(judged.report.value().unreadable == 4);
    REQUIRE(judged.rows.size() == 7);
    CHECK(judged.rows[0] == "timestamp,value,anomaly_score,alert,reason");
    CHECK(judged.rows[1] == "2014-07-01 00:00:00,12.50,0,0,");
    CHECK(judged.rows[2] == "2014-07-01 00:05:00,nan,0,0,there is no value");
    CHECK(judged.rows[3] == "yesterday,13,0,0,\"\"\"yesterday\"\" is no time\"");
    CHECK(judged.rows[4].starts_with("2014-07-01 00:15:00,\"1,5\",0,0,"));
    CHECK(judged.rows[5] == "2014-07-01 00:20:00,,0,0,1 fields instead of 2");
    CHECK(judged.rows[6] == "2014-07-01 00:25:00,14,0,0,");
}

TEST_CASE("an odd row says why, and the score is the detector's own") {
    const auto judged = judge(room(4'000));
    REQUIRE(judged.report);
    CHECK(judged.report.value().alerts == 1);
    CHECK(judged.report.value().time_format == "unix");
    const auto& row = judged.rows.at(4'001);
    CHECK(row.find(",60,0.") != std::string::npos);
    CHECK(row.find(",1,") != std::string::npos);
    CHECK(row.find("; so far off is about 1 reading in ") != std::string::npos);
    detect::contextual::Detector detector;
    for (std::size_t i = 0; i < 6'048; ++i) {
        const double value = i == 4'000 ? 60 : 20 + static_cast<double>((i * 7919) % 13) / 10;
        const auto verdict =
            detector.judge(1'763'640'000 + 300 * static_cast<std::int64_t>(i), value);
        REQUIRE(judged.rows.at(i + 1).find(fmt::format(",{:.6g},", verdict.score)) !=
                std::string::npos);
    }
}

TEST_CASE("a row's score does not change when rows are added behind it") {
    const auto whole = room(4'000);
    const auto all = judge(whole);
    const auto half = judge(whole.substr(0, whole.size() / 2));
    for (std::size_t i = 0; i + 1 < half.rows.size(); ++i) REQUIRE(half.rows[i] == all.rows[i]);
}

TEST_CASE("columns are found by what they hold, or named") {
    struct Case {
        const char* table;
        JudgeOptions options;
        const char* time;
        const char* value;
        const char* format;
    };
    for (const auto& one : std::initializer_list<Case>{
             {"Time;Temp\n01.02.2020 10:00;3\n", {}, "Time", "Temp", "%d.%m.%Y %H:%M"},
             {"a\tb\n2020-01-01T10:00:00Z\t3\n", {}, "a", "b", "rfc3339"},
             {"\"\",\"date\",\"T\"\n\"1\",\"2015-02-04 17:51\",23\n",
              {},
              "date",
              "T",
              "%Y-%m-%d %H:%M"},
             {"date,T\n\"1\",2015-02-04 17:51:00,23\n\"2\",2015-02-04 17:52:00,23\n",
              {},
              "date",
              "T",
              "rfc3339"},
             {"ts,x,value\n1763640000123,1,2\n", {}, "ts", "value", "unix_ms"},
             {"ts,x,y\n1763640000123456,1,2\n", {.value = "y"}, "ts", "y", "unix_us"},
             {"u,v\n05/03/2020 10:00,2\n",
              {.time = "u", .time_format = "%d/%m/%Y %H:%M"},
              "u",
              "v",
              "%d/%m/%Y %H:%M"},
             {"\xEF\xBB\xBFtime,v\n2020-01-01,2\n", {}, "time", "v", "%Y-%m-%d"},
         }) {
        CAPTURE(one.table);
        const auto judged = judge(one.table, one.options);
        REQUIRE_MESSAGE(judged.report, judged.report.error().detail);
        CHECK(judged.report.value().time == one.time);
        CHECK(judged.report.value().value == one.value);
        CHECK(judged.report.value().time_format == one.format);
        CHECK(judged.report.value().unreadable == 0);
    }
}

TEST_CASE("what must be named is asked for, with what there is") {
    struct Case {
        const char* table;
        JudgeOptions options;
        const char* says;
    };
    for (const auto& one : std::initializer_list<Case>{
             {"", {}, "the table is empty"},
             {"time,v\n", {}, "there is no row of data"},
             {"time,a,b\n2020-01-01,1,2\n",
              {},
              "more than one column has numbers; name one with --value: time, a, b"},
             {"time,a\n2020-01-01,x\n",
              {},
              "no column has a number in its first row; name one with --value: time, a"},
             {"time,a\n2020-01-01,1\n",
              {.value = "A"},
              "--value A: there is no such column; there are: time, a"},
             {"a,b\nx,y\n", {}, "no column has times; name it with --time: a, b"},
             {"time,a\n05/03/2020 10:00,1\n", {}, "may be read in more than one way"},
             {"time,a\n2020-01-01,1\n", {.time_format = "%Y-%m"}, "--time-format: "},
             {"time,a\n2020-01-01\n", {}, "the header has 2 columns, the first row 1"},
             {"value,time\n21,5,2014-07-01\n21,6,2014-07-02\n", {}, "the first row 3"},
             {"time,a\n2020-01-01,\"1\n2020-01-02,2\n", {}, "ends within quotes"},
         }) {
        CAPTURE(one.table);
        const auto judged = judge(one.table, one.options);
        REQUIRE_FALSE(judged.report);
        CHECK(judged.report.error().detail.find(one.says) != std::string::npos);
        CAPTURE(judged.report.error().detail);
    }
}

TEST_CASE("a row of another width, or of an earlier time, is not judged and says so") {
    const auto judged = judge(
        "time,value\n2014-07-01 00:00:00,21\n2014-07-01 00:05:00,21,5\n"
        "2014-06-30 00:00:00,21\n2014-07-01 00:00:00,22\n");
    REQUIRE(judged.report);
    REQUIRE(judged.rows.size() == 5);
    CHECK(judged.rows[2] == "2014-07-01 00:05:00,21,0,0,3 fields instead of 2");
    CHECK(judged.rows[3] == "2014-06-30 00:00:00,21,0,0,it is earlier than the row before");
    CHECK(judged.rows[4] == "2014-07-01 00:00:00,22,0,0,");
    CHECK(judged.report.value().unreadable == 2);
}

TEST_CASE("a row that never ends is refused before it fills the memory") {
    const auto judged = judge("time,a\n2020-01-01,1\n2020-01-02,\"" + std::string(200'000, 'x'));
    REQUIRE_FALSE(judged.report);
    CHECK(judged.report.error().detail == "the row that ends in line 3 is too long");
}

TEST_CASE("an error of the output ends the work") {
    std::istringstream in{"time,a\n2020-01-01,1\n2020-01-02,2\n"};
    int pieces = 0;
    const auto judged = judge_csv(in, {}, [&](std::string_view) -> base::Status {
        if (++pieces == 2) return base::Error{base::Fault::exhausted, "the disk is full"};
        return base::Done{};
    });
    REQUIRE_FALSE(judged);
    CHECK(judged.error().detail == "the disk is full");
    CHECK(pieces == 2);
}
