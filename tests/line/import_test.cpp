// Goal: what a job of kind ingest-csv brings is counted exactly once, whatever dies, and is the
// same as if a node had sent it live. Method: the whole line as real processes, and the job as a
// process of its own, as central starts it. Data is made from a formula, so that what must be in
// the database is known without reading it.

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <map>

#include "line/running_line.hpp"
#include "line/stored.hpp"
#include "places.hpp"
#include "sqlite/database.hpp"
#include "support/eventually.hpp"

namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

constexpr const char* kHeader = "time,temperature,humidity\n";
constexpr base::EventTime kFirst = base::from_milliseconds(1'704'067'200'000);  // 1 Jan 2024.
constexpr int kMinutes = 4 * 24 * 60;

bool has(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

/// Now and then one alone, and once half an hour.
bool is_failing(int minute) {
    return minute % 997 == 0 || (minute >= 4'500 && minute < 4'530);
}

/// The row of a minute: a day's course, with a sensor that hangs, one that fails, and what is odd.
std::string row(int minute) {
    const auto phase = 2 * 3.14159265358979 * (minute % 1'440) / 1'440.0;
    auto temperature = 20 + 3 * std::sin(phase) + 0.01 * (minute * 7 % 13);
    if (minute > 4'000 && minute < 4'090) temperature = 21.5;
    if (minute > 5'000 && minute < 5'030) temperature += 25;
    const bool is_bad = is_failing(minute);
    return fmt::format("{},{},{:.2f}\n", base::to_milliseconds(kFirst + minute * 1min),
                       is_bad ? std::string{"hot"} : fmt::format("{:.2f}", temperature),
                       40 + 5 * std::cos(phase) + 0.01 * (minute % 17));
}

/// For two hours nothing was measured.
bool is_gap(int minute) {
    return minute > 3'000 && minute < 3'120;
}

constexpr const char* kTable =
    "time_column = \"time\"\ntime_format = \"unix_ms\"\nperiod = \"1m\"\n";

std::string columns(const std::string& table) {
    return fmt::format(
        "[{}.columns]\ntemperature = \"temperature:Cel\"\nhumidity = \"humidity:%RH\"\n", table);
}

/// The line, with a folder for parts and a job that takes them.
class Importing {
  public:
    explicit Importing(const line::LineOptions& options = {}) : line_(options) {
        fs::create_directory(parts());
        configure("");
        REQUIRE(support::eventually([&] { return !line_.get("/api/v1/nodes").empty(); }, 20s));
    }

    void configure(const std::string& more) {
        folder_.write(
            "jobs.toml",
            fmt::format(
                "[broker]\naddress = \"{}\"\n[redis]\naddress = \"{}\"\n"
                "[sink]\npath = \"{}\"\n"
                "[job.history]\nkind = \"ingest-csv\"\nfolder = \"{}\"\nnode = \"history\"\n"
                "sensor = \"office\"\nsettle = \"0s\"\n{}{}{}",
                line_.mosquitto().url(), line_.redis().address(), line_.database().text(), parts(),
                kTable, more, columns("job.history")));
    }

    std::string parts() const { return folder_.file("parts"); }
    void part(const std::string& name, const std::string& content) const {
        std::ofstream{parts() + "/" + name} << content;
    }
    std::vector<std::string> files(const std::string& below) const {
        std::vector<std::string> names;
        for (const auto& entry : fs::directory_iterator{parts() + below}) {
            if (entry.is_regular_file()) names.push_back(entry.path().filename().string());
        }
        std::sort(names.begin(), names.end());
        return names;
    }

    support::Process start(const std::string& more = {}) const {
        std::vector<std::string> argv{
            places::program("leat-central"), "job", "run", "history", "--config",
            folder_.file("jobs.toml")};
        if (!more.empty()) argv.push_back(more);
        const auto log = folder_.file("job.log");
        fs::remove(log);
        return support::Process::start(
            {.argv = argv, .environment = {}, .log_file = log, .folder = {}});
    }
    /// What it says.
    std::string run(int code, const std::string& more = {}) const {
        auto process = start(more);
        const auto ended = process.wait(120s);
        const auto log = process.log();
        CHECK_MESSAGE(ended == code, log);
        return log;
    }

    line::Stored stored() const { return line::Stored{line_.database().text()}; }
    std::int64_t number(const std::string& sql) const { return stored().number(sql); }
    /// The first column of all rows, for people.
    std::string texts(const std::string& sql) const {
        auto database =
            sqlite::Database::open({.path = line_.database().text(), .is_read_only = true}).value();
        auto query = database.query(sql);
        std::string all;
        for (auto row = query.next(); row && row.value(); row = query.next()) {
            all += query.string(0) + "\n";
        }
        return all;
    }
    std::int64_t readings(const std::string& node) const { return stored().readings(node); }

    line::RunningLine& line() { return line_; }
    support::TemporaryFolder& folder() { return folder_; }

  private:
    support::TemporaryFolder folder_;
    line::RunningLine line_;
};

}  // namespace

TEST_CASE("windows and findings of parts are those of the same data sent live by a node") {
    const support::TemporaryFolder data;
    std::string whole = kHeader;
    std::array<std::string, 3> parts{kHeader, kHeader, kHeader};
    std::int64_t readings = 0;
    for (int minute = 0; minute < kMinutes; ++minute) {
        if (is_gap(minute)) continue;
        whole += row(minute);
        parts.at(static_cast<std::size_t>(minute % 3)) += row(minute);
        readings += is_failing(minute) ? 1 : 2;
    }
    line::LineOptions options;
    options.nodes["live"] =
        fmt::format("[[sensor]]\nname = \"office\"\ndriver = \"replay\"\nfile = \"{}\"\n{}{}",
                    data.write("whole.csv", whole), kTable, columns("sensor"));
    Importing world{options};
    for (std::size_t i = 0; i < parts.size(); ++i) {
        world.part(fmt::format("{}.csv", i), parts.at(i));
    }
    const auto said = world.run(0);
    CHECK(has(said, fmt::format("history: {} records", readings)));
    CHECK(has(said, "36 failed (36 no number)"));
    CHECK(world.files("/done").size() == 3);
    REQUIRE(support::eventually([&] { return world.readings("live") == readings; }, 120s));
    CHECK(world.readings("history") == readings);
    const std::string summary =
        "start, count, sum, sumsq, min, max, first, last, first_at, last_at, failed, late, p50, "
        "p99, sketch, state, expected, quality, causes";
    const std::map<std::string, std::string> tables{
        {"rollup_1m WHERE true", summary},
        {"rollup_15m WHERE true", summary},
        {"rollup_1h WHERE true", summary},
        {"rollup_1d WHERE true", summary},
        {"failed_1h WHERE true", "start, reason, readings"},
        // A node that replays a file at full speed tells what failed up to a flush too late.
        {"finding WHERE code <> 'failing'",
         "code, severity, began, held, ended, at, value, score, times, "
         "substr(sentence, instr(sentence, '/')), parameters"}};
    const auto differences = [&] {
        std::map<std::string, std::int64_t> found;
        for (const auto& [table, columns] : tables) {
            const auto count = world.stored().difference(table, columns, "live", "history");
            if (count > 0) found[table] = count;
        }
        return found;
    };
    // Windows are judged, and what is open is noted, when there is nothing to read.
    const auto judged = [&](const std::string& state) {
        return world.number("SELECT count(*) FROM rollup_1h WHERE state = '" + state + "'");
    };
    support::eventually(
        [&] { return judged("known_gap") > 0 && judged("complete") > 0 && differences().empty(); },
        20s, 500ms);
    const auto all = world.texts(
        "SELECT printf('%s %s %s %s %d %d %d %d %g %g %d %s %s', dim_node.name, dim_series.name, "
        "code, severity, began, held, ended, at, value, score, times, sentence, parameters) FROM "
        "finding JOIN dim_series ON dim_series.id = series_id JOIN dim_node ON dim_node.id = "
        "node_id");
    CAPTURE(all);
    for (const auto& [table, count] : differences()) {
        CAPTURE(table);
        CHECK(count == 0);
    }
    CHECK(world.number("SELECT count(*) FROM finding WHERE code = 'odd'") == 2);
    CHECK(world.number("SELECT count(*) FROM finding WHERE code = 'silent'") == 2);
    CHECK(world.number("SELECT count(*) FROM finding WHERE code = 'failing' AND sentence LIKE "
                       "'history/%' AND ended IS NOT NULL") == 1);
    CHECK(judged("known_gap") > 0);
    CHECK(judged("complete") > 0);
}

TEST_CASE("a job that is killed again and again counts each row once, and ends") {
    Importing world;
    constexpr int kParts = 6;
    constexpr int kRows = 20'000;
    std::int64_t sum = 0;
    for (int i = 0; i < kParts; ++i) {
        sum += i * (kRows - i % 2);
        std::string text = kHeader;
        for (int j = i % 2; j < kRows; ++j) {
            const auto at = base::to_milliseconds(kFirst + (i / 2) * 24h) + j * 1'000;
            text += fmt::format("{},{},{}\n", at + i % 2, i, j % 100);
        }
        world.part(fmt::format("{}.csv", i), text);
    }
    const auto all = 2 * (kParts * kRows - kParts / 2);
    int kills = 0;
    for (double patience_ms = 40;; patience_ms *= 1.25) {
        auto job = world.start();
        const auto code = job.wait(base::Duration{static_cast<std::int64_t>(patience_ms)});
        if (code) {
            REQUIRE_MESSAGE(code == 0, job.log());
            break;
        }
        job.kill(SIGKILL);
        REQUIRE(job.wait(5s) == 128 + SIGKILL);
        ++kills;
        REQUIRE(kills < 200);
    }
    CHECK(kills > 5);
    CHECK(world.readings("history") == all);
    CHECK(
        world.number("SELECT sum(sum) FROM rollup_1h JOIN dim_series ON dim_series.id = series_id "
                     "WHERE name = 'office.temperature'") == sum);
    CHECK(world.files("").empty());
    CHECK(world.files("/done").size() == kParts);
    CHECK(has(world.run(0), "history: 0 records"));
}

TEST_CASE("each part has its outcome, and none that is odd disturbs the others") {
    Importing world;
    world.part("good.csv", kHeader + row(1) + row(2));
    world.part("same.csv", kHeader + row(1) + row(2));
    world.part("other.csv", "date,value\n1,2\n");
    world.part("cut.csv", kHeader + row(3) + "17040");
    world.part("coming.csv.part", kHeader);
    auto said = world.run(1);
    CHECK(has(said, "2 parts were refused: cut.csv: its last line has no end"));
    CHECK(has(said, "other.csv: "));
    CHECK(has(said, "1 part of "));
    CHECK(world.readings("history") == 4);
    CHECK(world.files("") == std::vector<std::string>{"coming.csv.part"});
    CHECK(world.files("/refused") == std::vector<std::string>{"cut.csv", "cut.csv.reason.txt",
                                                              "other.csv", "other.csv.reason.txt"});
    SUBCASE("the same content under another name, and one that has grown, count what is new") {
        world.part("again.csv", kHeader + row(1) + row(2));
        world.part("grown.csv", kHeader + row(1) + row(2) + row(3));
        said = world.run(0);
        CHECK(has(said, "history: 6 records"));
        CHECK(has(said, "; 4 of these by earlier runs that did not end well"));
        CHECK(has(said, "not again, as their content was read already: again.csv as "));
        CHECK(world.readings("history") == 6);
        world.part("once-more.csv", kHeader + row(1) + row(2));
        CHECK(has(world.run(0), "history: 0 records"));
    }
    SUBCASE("without a broker nothing is lost: the run says what is wrong, and the next goes on") {
        world.configure("patience = \"1s\"\n");
        world.part("later.csv", kHeader + row(10) + row(11));
        world.line().kill("mosquitto");
        said = world.run(1);
        CHECK(has(said, "there is no connection to the broker"));
        CHECK(has(said, "what was read is kept in "));
        CHECK(world.files("") == std::vector<std::string>{"coming.csv.part", "later.csv"});
        world.line().start("mosquitto");
        world.configure("");
        said = world.run(0);
        CHECK(has(said, "read to their end by earlier runs: later.csv"));
        CHECK(world.readings("history") == 8);
        CHECK(world.files("") == std::vector<std::string>{"coming.csv.part"});
    }
    SUBCASE("without a bridge, and without central, the run says who is missing") {
        world.configure("patience = \"1s\"\n");
        world.part("later.csv", kHeader + row(10));
        world.line().kill("central");
        CHECK(has(world.run(1), "is leat-central running?"));
        world.line().kill("bridge-1");
        CHECK(has(world.run(1), "nobody answers on leat/v1/history/ack"));
        world.line().start("central");
        world.line().start("bridge-1");
        world.configure("");
        CHECK(has(world.run(0), "history: 6 records"));
        CHECK(world.readings("history") == 6);
        CHECK(has(world.run(0), "history: 0 records"));
    }
    SUBCASE("without its outbox it does not send as a node that central knows") {
        const auto outbox = world.line().database().text() + ".node-history.outbox";
        const auto remove = [&] {
            for (const auto* part : {"", "-wal", "-shm"}) fs::remove(outbox + part);
        };
        const std::string known = "central knows a node history already";
        remove();
        world.part("later.csv", kHeader + row(10));
        for (const auto* more : {"--dry-run", "", ""}) CHECK(has(world.run(1, more), known));
        remove();
        std::ofstream{outbox}.flush();  // As a full disk leaves it, or a kill.
        for (const auto* more : {"--dry-run", ""}) CHECK(has(world.run(1, more), known));
        remove();
        std::ofstream{outbox} << std::string(10'000, 'x');
        CHECK(has(world.run(1, "--dry-run"), "puts it aside, and says what to do"));
        CHECK(has(world.run(1), "was damaged and is kept as "));
        fs::remove(outbox + ".corrupt-1");
        CHECK(has(world.run(1), known));
        CHECK(world.files("").size() == 2);
        CHECK(world.readings("history") == 4);
    }
    SUBCASE("with an older copy of its outbox it sends nothing more") {
        const auto outbox = world.line().database().text() + ".node-history.outbox";
        const auto copy = world.folder().file("copy");
        fs::copy_file(outbox, copy);
        if (fs::exists(outbox + "-wal")) fs::copy_file(outbox + "-wal", copy + "-wal");
        world.part("new.csv", kHeader + row(10));
        CHECK(has(world.run(0), "history: 6 records"));
        for (const auto* part : {"", "-wal", "-shm"}) fs::remove(outbox + part);
        fs::copy_file(copy, outbox);
        if (fs::exists(copy + "-wal")) fs::copy_file(copy + "-wal", outbox + "-wal");
        world.part("both.csv", kHeader + row(11) + row(10));
        for (const auto* more : {"", "", "--dry-run"}) {
            CHECK(
                has(world.run(1, more), "is an older copy: central has more of the node history"));
        }
        CHECK(world.readings("history") == 6);
    }
    SUBCASE("a limit takes some rows, and the next run the others") {
        world.part("long.csv", kHeader + row(20) + row(21) + row(22));
        CHECK(has(world.run(0, "--limit=2"), "begun: long.csv"));
        CHECK(world.readings("history") == 8);
        CHECK(has(world.run(0), "history: 2 records"));
        CHECK(world.readings("history") == 10);
    }
    SUBCASE("a dry run sends nothing and moves nothing") {
        world.part("more.csv", kHeader + row(30));
        CHECK(has(world.run(0, "--dry-run"), "more.csv (1 row)"));
        CHECK(world.readings("history") == 4);
        CHECK(world.files("").size() == 2);
    }
    CHECK_FALSE(has(world.line().get("/api/v1/alerts?node=history"), "node_silent"));
}
