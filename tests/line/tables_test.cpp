// Goal: what a job of kind ingest-tables brings is counted exactly once, whoever dies, and is the
// same as what the same readings are from files. Method: the whole line as real processes, the
// other database as a real server, and the job as a process of its own, as central starts it.

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <map>

#include "lib/odbc/worlds.hpp"
#include "line/running_line.hpp"
#include "line/stored.hpp"
#include "places.hpp"
#include "support/eventually.hpp"

namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

constexpr base::EventTime kFirst = base::from_milliseconds(1'717'200'000'000);  // 1 Jun 2024, UTC.
constexpr const char* kWhen = "2024_06";

bool has(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

std::int64_t rows_of(int digits) {
    return digits == 0 ? 1 : 10 * rows_of(digits - 1);
}

/// The line, and another database with tables of months.
template <class Server>
class TablesLine {
  public:
    TablesLine() {
        configure("");
        REQUIRE(support::eventually([&] { return !line_.get("/api/v1/nodes").empty(); }, 20s));
    }

    void configure(const std::string& more) {
        folder_.write(
            "jobs.toml",
            fmt::format(
                "[broker]\naddress = \"{}\"\n[redis]\naddress = \"{}\"\n"
                "[sink]\npath = \"{}\"\n"
                "[job.plant]\nkind = \"ingest-tables\"\nconnection = \"{}\"\nuser = \"{}\"\n"
                "tables = \"data_{{YYYY}}_{{MM}}\"\ntime = \"at\"\nvalue = \"val\"\n"
                "tag = \"tag\"\nintegrity = \"ok\"\nnode = \"plant\"\nperiod = \"1m\"\n"
                "parallel = 4\n[job.plant.tags]\n"
                "\"{{sensor}}/{{quantity}}\" = \"{{sensor}}.{{quantity}}\"\n{}",
                line_.mosquitto().url(), line_.redis().address(), line_.database().text(),
                other_.options.connection, other_.options.user, more));
    }
    void make_month(const std::string& month, const std::string& value = "DOUBLE PRECISION") {
        other_.execute(
            fmt::format("CREATE TABLE data_{0} (tag VARCHAR(60), at BIGINT, val {1}, ok "
                        "INTEGER)",
                        month, value));
        other_.execute(fmt::format("CREATE INDEX data_{0}_at ON data_{0} (at)", month));
    }
    void put(const std::string& month, const std::string& rows) {
        other_.execute(fmt::format("INSERT INTO data_{} VALUES {}", month, rows));
    }
    /// Rows numbered from 0 to 10^digits - 1: ten tags, a second apart, values 0 to 99.
    void fill(const std::string& month, base::EventTime first, int digits) {
        other_.execute("CREATE TABLE digits (d BIGINT)");
        other_.execute("INSERT INTO digits VALUES (0),(1),(2),(3),(4),(5),(6),(7),(8),(9)");
        std::string number = "0";
        std::string from;
        std::string scale = "1";
        for (int i = 0; i < digits; ++i, scale += "0") {
            number += fmt::format(" + {} * t{}.d", scale, i);
            from += fmt::format("{}digits t{}", i == 0 ? "" : ", ", i);
        }
        const auto tag = other_.connection.dialect().server() == odbc::Server::mysql
                             ? "CONCAT('line', t0.d, '/temperature')"
                             : "'line' || t0.d || '/temperature'";
        for (int part = 0; part < 10; ++part) {  // None takes long.
            other_.execute(fmt::format(
                "INSERT INTO data_{0} SELECT {1}, {2} + 1000 * ((n - t0.d) / 10), (n - t0.d) / 10 "
                "% 100, 1 FROM (SELECT t0.d AS d, {3} AS n FROM {4} WHERE t{5}.d = {6}) AS t0",
                month, tag, base::to_milliseconds(first), number, from, digits - 1, part));
        }
    }
    void part(const std::string& name, const std::string& content) const {
        fs::create_directory(folder_.file("parts"));
        std::ofstream{folder_.file("parts") + "/" + name} << content;
    }

    support::Process start(const std::string& job = "plant", const std::string& more = {}) const {
        std::vector<std::string> argv{
            places::program("leat-central"), "job", "run", job, "--config",
            folder_.file("jobs.toml")};
        if (!more.empty()) argv.push_back(more);
        const auto log = folder_.file("job.log");
        fs::remove(log);
        return support::Process::start(
            {.argv = argv, .environment = {}, .log_file = log, .folder = {}});
    }
    /// What it says.
    std::string run(int code, const std::string& job = "plant",
                    const std::string& more = {}) const {
        auto process = start(job, more);
        const auto ended = process.wait(120s);
        const auto log = process.log();
        CHECK_MESSAGE(ended == code, log);
        return log;
    }
    line::Stored stored() const { return line::Stored{line_.database().text()}; }
    line::RunningLine& line() { return line_; }
    std::string parts() const { return folder_.file("parts"); }
    Server& other() { return other_; }

    /// Of 10^digits rows of fill(): all are there, once, as they were.
    void check_filled(int digits) {
        const auto rows = rows_of(digits);
        CHECK(stored().readings("plant") == rows);
        const auto sums = stored().number(
            "SELECT cast(sum(sum) AS INTEGER) FROM rollup_1h JOIN dim_series ON dim_series.id = "
            "series_id JOIN dim_node ON dim_node.id = node_id WHERE dim_node.name = 'plant'");
        CHECK(sums == rows / 100 * 4'950);
        CHECK(stored().number("SELECT count(*) FROM (SELECT 1 FROM rollup_1m JOIN dim_series ON "
                              "dim_series.id = series_id JOIN dim_node ON dim_node.id = node_id "
                              "WHERE dim_node.name = 'plant' AND count > 60)") == 0);
    }

  private:
    support::TemporaryFolder folder_;
    line::RunningLine line_{{}};
    Server other_;
};

using OfMariaDb = TablesLine<odbc_test::MariaDbWorld>;
using OfPostgreSql = TablesLine<odbc_test::PostgreSqlWorld>;

constexpr int kDigits = 6;  // A million rows.

}  // namespace

TEST_CASE("windows and findings of rows are those of the same readings from files") {
    OfMariaDb world;
    world.make_month(kWhen, "VARCHAR(20)");
    std::string file = "time,temperature,humidity\n";
    std::string rows;
    std::int64_t readings = 0;
    for (int minute = 0; minute < 2 * 1'440; ++minute) {
        if (minute > 700 && minute < 800) continue;
        const auto at = base::to_milliseconds(kFirst + minute * 1min);
        const bool is_bad = minute % 501 == 0 || (minute >= 2'600 && minute < 2'630);
        const auto temperature =
            is_bad ? std::string{"hot"}
                   : fmt::format("{:.2f}", 20 + minute % 60 * 0.1 + (minute == 2'000 ? 30 : 0));
        const auto humidity = fmt::format("{:.2f}", 40 + minute % 17 * 0.1);
        file += fmt::format("{},{},{}\n", at, temperature, humidity);
        rows +=
            fmt::format("{}('office/temperature', {}, '{}', 1), ('office/humidity', {}, '{}', 1)",
                        rows.empty() ? "" : ", ", at, temperature, at, humidity);
        readings += is_bad ? 1 : 2;
    }
    world.put(kWhen, rows);
    world.part("a.csv", file);
    world.configure(fmt::format(
        "[job.files]\nkind = \"ingest-csv\"\nfolder = \"{}\"\nnode = \"files\"\n"
        "sensor = \"office\"\nperiod = \"1m\"\nsettle = \"0s\"\ntime_column = \"time\"\n"
        "time_format = \"unix_ms\"\n[job.files.columns]\ntemperature = "
        "\"temperature:Cel\"\nhumidity = \"humidity:%RH\"\n",
        world.parts()));
    CHECK(has(world.run(0, "files"), fmt::format("files: {} records", readings)));
    const auto dry = world.run(0, "plant", "--dry-run");
    CHECK(has(dry, "set aside (36 no number)"));
    CHECK(world.stored().readings("plant") == 0);
    const auto said = world.run(0);
    CHECK(has(said, fmt::format("plant: {} records", readings)));
    CHECK(has(said, "set aside (36 no number)"));
    CHECK(world.stored().readings("plant") == readings);
    const std::string summary =
        "start, count, sum, sumsq, min, max, first, last, first_at, last_at, failed, late, p50, "
        "p99, sketch, state, expected, quality, causes";
    const std::map<std::string, std::string> tables{
        {"rollup_1m WHERE true", summary},
        {"rollup_15m WHERE true", summary},
        {"rollup_1h WHERE true", summary},
        {"rollup_1d WHERE true", summary},
        {"failed_1h WHERE true", "start, reason, readings"},
        // Of a file, what failed is told after some thousand rows, and here in its place.
        {"finding WHERE code <> 'failing'",
         "code, severity, began, held, ended, at, value, score, times, "
         "substr(sentence, instr(sentence, '/')), parameters"}};
    const auto differences = [&] {
        std::map<std::string, std::int64_t> different;
        for (const auto& [table, columns] : tables) {
            const auto count = world.stored().difference(table, columns, "files", "plant");
            if (count > 0) different[table] = count;
        }
        return different;
    };
    // Windows are judged, and what is open is noted, when there is nothing to read.
    const auto found = [&](const std::string& what) {
        return world.stored().number("SELECT count(*) FROM finding WHERE " + what);
    };
    const auto is_judged = [&] { return found("code = 'silent'") == 2 && differences().empty(); };
    support::eventually(is_judged, 20s, 500ms);
    for (const auto& [table, count] : differences()) {
        CAPTURE(table);
        CHECK(count == 0);
    }
    CHECK(world.stored().number("SELECT count(*) FROM rollup_1h WHERE state = 'known_gap'") > 0);
    CHECK(world.stored().number("SELECT count(*) FROM rollup_1h WHERE state = 'complete'") > 0);
    CHECK(found("code = 'silent'") == 2);
    CHECK(found("code = 'failing' AND sentence LIKE 'plant/%' AND ended IS NOT NULL") == 1);
}

TEST_CASE("a job that is killed again and again counts each row once") {
    OfMariaDb world;
    world.make_month(kWhen);
    world.fill(kWhen, kFirst, kDigits);
    int kills = 0;
    for (double patience_ms = 500;; patience_ms *= 1.5) {
        auto job = world.start();
        const auto code = job.wait(base::Duration{static_cast<std::int64_t>(patience_ms)});
        if (code) {
            REQUIRE_MESSAGE(code == 0, job.log());
            break;
        }
        job.kill(SIGKILL);
        REQUIRE(job.wait(5s) == 128 + SIGKILL);
        ++kills;
        REQUIRE(kills < 100);
    }
    CHECK(kills > 2);
    world.check_filled(kDigits);
    CHECK(has(world.run(0), "plant: 0 records"));
    // A late row of before the month, one that is not good, and a late table.
    world.put(kWhen,
              fmt::format("('line0/temperature', {}, 5, 1), ('line1/temperature', {}, 5, 0)",
                          base::to_milliseconds(kFirst - 2h), base::to_milliseconds(kFirst - 3h)));
    world.make_month("2024_05");
    world.put("2024_05",
              fmt::format("('line0/temperature', {}, 7, 1)", base::to_milliseconds(kFirst - 48h)));
    auto said = world.run(0, "plant", "--from=2024-05-01");
    CHECK(has(said, "plant: 2 records"));
    CHECK(has(said, "1 set aside (1 not good)"));
    CHECK(world.stored().readings("plant") == rows_of(kDigits) + 2);
    // What was taken long ago is left as it was.
    world.put(kWhen,
              fmt::format("('line0/temperature', {}, 5, 1)", base::to_milliseconds(kFirst) + 7));
    said = world.run(0, "plant", "--from=2024-05-01");
    CHECK(has(said, "plant: 0 records"));
    CHECK(has(said, "line0/temperature of 2024-06-01 in data_2024_06 has 1 more than were taken"));
    CHECK(world.stored().readings("plant") == rows_of(kDigits) + 2);
}

TEST_CASE("a server that dies in the middle fails the run, and the next one goes on") {
    OfPostgreSql world;
    world.make_month(kWhen);
    world.fill(kWhen, kFirst, kDigits);
    auto job = world.start();
    REQUIRE(support::eventually([&] { return world.stored().readings("plant") > 0; }, 30s, 1ms));
    odbc_test::postgre_sql().kill_hard();
    REQUIRE(job.wait(60s) == 1);
    const auto log = job.log();
    CAPTURE(log);
    CHECK(has(log, "plant failed: cannot "));
    CHECK(has(log, "Nothing counts twice: the next run goes on"));
    const std::string told = "Written are ";
    REQUIRE(has(log, told));
    const auto written = std::stoll(log.substr(log.find(told) + told.size()));
    const auto away = world.run(1);
    CHECK(has(away, "look whether the server runs and can be reached"));
    odbc_test::postgre_sql().restart();
    CHECK(world.stored().readings("plant") < rows_of(kDigits));
    const auto told_at_last = world.run(0);
    CHECK(has(told_at_last, fmt::format("plant: {} records", rows_of(kDigits))));
    CHECK(has(told_at_last, fmt::format("; {} of these by earlier runs that did not", written)));
    world.check_filled(kDigits);
    CHECK(has(world.run(0), "plant: 0 records"));
}
