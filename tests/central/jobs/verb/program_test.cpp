// Goal: the verb `job` of the real program does what it says, tells a program by its exit code, and
// may be killed at any point. Method: the program, over a database that this test fills.
#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "base/json.hpp"
#include "central/database/any_database.hpp"
#include "central/database/place.hpp"
#include "central/shell/filled_database.hpp"
#include "central/sinks/jobs/job_journal.hpp"
#include "places.hpp"
#include "support/eventually.hpp"
#include "support/process.hpp"
#include "support/temporary_folder.hpp"

using namespace shell_test;
using jobs::RunStatus;
namespace fs = std::filesystem;

namespace {

struct Ended {
    std::string out;    // Standard output.
    std::string error;  // Standard error.
};

struct Programs {
    Programs() {
        fs::create_directory(backups);
        fs::create_directory(csv);
        folder.write("central.toml", fmt::format("[sink]\n{}\n"
                                                 "[readings]\nkeep = \"forever\"\n"
                                                 "[job.nightly]\nkind = \"backup\"\n"
                                                 "folder = \"{}\"\nevery = \"1d at 02:00\"\n"
                                                 "[job.csv]\nkind = \"export-csv\"\n"
                                                 "folder = \"{}\"\n"
                                                 "[job.proof]\nkind = \"recount\"\n",
                                                 central_test::sink_settings(path), backups, csv));
    }

    support::Process start(const std::string& words) {
        const auto command =
            fmt::format("exec {} {} --config {} >{} 2>{}", places::program("leat-central"), words,
                        folder.file("central.toml"), folder.file("out"), folder.file("error"));
        return support::Process::start({.argv = {"sh", "-c", command},
                                        .environment = {},
                                        .log_file = folder.file("log"),
                                        .folder = {}});
    }
    Ended run(const std::string& words, int wanted = 0) {
        CAPTURE(words);
        auto program = start(words);
        const auto code = program.wait(20s);
        Ended ended{read(folder.file("out")), read(folder.file("error"))};
        CAPTURE(ended.out);
        CAPTURE(ended.error);
        CHECK(code == wanted);
        return ended;
    }
    static std::string read(const std::string& file) {
        std::ifstream in{file, std::ios::binary};
        return {std::istreambuf_iterator<char>{in}, {}};
    }
    static std::vector<std::string> files(const std::string& folder) {
        std::vector<std::string> names;
        for (const auto& entry : fs::directory_iterator{folder}) {
            names.push_back(entry.path().filename().string());
        }
        return names;
    }
    std::vector<RunStatus> statuses(const std::string& job) {
        std::vector<RunStatus> all;
        const auto runs = journal.runs({.job = job});
        REQUIRE(runs);
        for (const auto& run : runs.value()) all.push_back(run.status);
        return all;
    }

    support::TemporaryFolder folder;
    std::string path = folder.file("leat.db");
    std::string backups = folder.file("backups");
    std::string csv = folder.file("csv");
    sinks::JobJournal journal{central_test::place(path)};
};

bool has(const std::string& text, const std::string& wanted) {
    CAPTURE(text);
    return text.find(wanted) != std::string::npos;
}

base::Json parsed(const std::string& text) {
    auto json = base::parse_json(text);
    REQUIRE_MESSAGE(json, text);
    return std::move(json).value();
}

/// So many readings on 20 Nov 2025, in order.
void fill_much(Database& database, int records) {
    database.declare("attic", "climate.temperature", "temperature", "Cel");
    std::string offsets;
    std::string values;
    for (int i = 0; i < 500; ++i) {
        offsets += (i > 0 ? "," : "") + std::to_string(2 * i);
        values += (i > 0 ? "," : "") + std::to_string(i % 50);
    }
    for (int second = 0; second < records; ++second) {
        const auto at = kNoon + second * 1s;
        database.add("attic",
                     fmt::format(R"({{"k":"data","t":{},"clk":"synced","series":)"
                                 R"({{"climate.temperature":{{"dt":[{}],"v":[{}]}}}}}})",
                                 base::to_milliseconds(at), offsets, values),
                     at + 2s);
    }
    database.commit();
}

}  // namespace

TEST_CASE("a job is run, listed and explained beside a central that holds the database") {
    Programs programs;
    Database central{programs.path};
    fill(central);
    CHECK(has(programs.run("job list").out, "nightly"));
    const auto run = programs.run("job run nightly");
    CHECK(has(run.out, "nightly: 49 records in "));
    CHECK(has(run.out, "wrote  " + programs.backups + "/leat-"));
    CHECK(programs.files(programs.backups).size() == 1);
    const auto list = programs.run("job list").out;
    CHECK(has(list, "nightly"));
    CHECK(has(list, "1d at 02:00"));
    CHECK(has(list, "proof"));
    const auto items = parsed(programs.run("job list --json").out);
    REQUIRE(items.find("items")->array.size() == 3);
    CHECK(items.find("items")->array[0].find("status")->string == "ok");
    CHECK(has(programs.run("job status nightly").out, " ok "));
    CHECK(has(programs.run("job status proof").error, "it has not run yet"));
    const auto explained = programs.run("job explain nightly").out;
    CHECK(has(explained, "nightly (backup), every 1d at 02:00\n\nCopies "));
    CHECK(has(explained, "When it fails: look whether "));
    CHECK(programs.statuses({}) == std::vector{RunStatus::ok});
}

TEST_CASE("a program reads what a run did, and a dry run leaves no trace") {
    Programs programs;
    Database central{programs.path};
    fill(central);
    const std::string day = "--from 2025-11-20T00:00Z --to 2025-11-21T00:00Z";
    const auto dry = programs.run("job run csv --dry-run " + day).out;
    CHECK(has(dry, "csv would read 1 series of " + central_test::place(programs.path).text()));
    CHECK(programs.files(programs.csv).empty());
    CHECK(programs.statuses({}).empty());
    const auto json = parsed(programs.run("job run csv --json --scheduled " + day).out);
    const auto& item = json.find("items")->array.at(0);
    CHECK(item.find("status")->string == "ok");
    CHECK(item.find("records")->number == 49);
    CHECK(item.find("wrote")->string == programs.csv + "/leat-2025-11-20.csv");
    CHECK(programs.journal.newest("csv").value()->is_scheduled);
    CHECK_FALSE(programs.journal.newest("csv").value()->is_whole);
    const auto elsewhere = programs.folder.file("elsewhere");
    fs::create_directory(elsewhere);
    programs.run("job run csv --limit 5 --set folder=" + elsewhere + " --set zone=+01:00 " + day);
    CHECK(programs.files(elsewhere).size() == 1);
    CHECK_FALSE(programs.journal.newest("csv").value()->is_whole);
    CHECK(has(programs.run("job run proof --from 2025-11-20").out, "proof: "));
}

TEST_CASE("a run that fails ends with 1, says what to do, and is noted") {
    Programs programs;
    Database central{programs.path};
    fill(central);
    fs::remove(programs.backups);
    std::ofstream{programs.backups} << "a file, no folder";
    const auto failed = programs.run("job run nightly", 1);
    CHECK(failed.out.empty());
    CHECK(has(failed.error, "nightly failed: " + programs.backups + ": there is no such folder"));
    CHECK(has(failed.error, "\nlook whether "));
    CHECK(has(programs.run("job run nightly --json", 1).out, "\"status\":\"failed\""));
    CHECK(programs.statuses("nightly") == std::vector(2, RunStatus::failed));
    const auto status = parsed(programs.run("job status --json").out);
    CHECK(has(status.find("items")->array.at(0).find("remedy")->string, "run it again"));
    central.read("attic", "climate.temperature", kNoon + 90min, 21);
    central.commit();
    programs.run("job run proof --from 2025-11-20");
    auto other = central_test::AnyDatabase::open({.path = programs.path}).value();
    REQUIRE(other.execute("UPDATE rollup_1h SET count = count + 1"));
    CHECK(has(programs.run("job run proof --from 2025-11-20", 1).error,
              "2 readings are stored, counted again they are 1"));
}

TEST_CASE("a second run is refused while one is on, and noted nowhere") {
    Programs programs;
    Database central{programs.path};
    fill(central);
    const auto hold = programs.journal.hold("nightly");
    REQUIRE(hold);
    CHECK(has(programs.run("job run nightly", 1).error, "it is running already"));
    CHECK(programs.statuses({}).empty());
    programs.run("job run csv");
}

TEST_CASE("what is wrong with a command is told, and changes nothing") {
    Programs programs;
    if (!central_test::is_postgres()) {
        CHECK(has(programs.run("job list", 78).error, "there is no database"));
        CHECK_FALSE(fs::exists(programs.path));
    }
    { Database{programs.path}; }
    CHECK(has(programs.run("job run nightli", 2).error, "did you mean nightly?"));
    CHECK(has(programs.run("job run", 2).error, "which job?"));
    CHECK(has(programs.run("job run nightly --limit 3", 2).error,
              "--limit means nothing to nightly, which is a backup"));
    CHECK(has(programs.run("job run proof --to now", 2).error, "--to means nothing to proof"));
    CHECK(has(programs.run("job run csv --from now --to -1h", 2).error,
              "--from must be before --to"));
    CHECK(programs.statuses({}).empty());
    CHECK(has(programs.run("job run csv --limit many", 2).error, "--limit many: write a number"));
    CHECK(has(programs.run("job run csv --from whenever", 2).error, "--from: "));
    CHECK(has(programs.run("job run csv --set fodler=/x", 2).error, "unknown key \"fodler\""));
    CHECK(has(programs.run("job run csv --set zone=Mars", 2).error, "\"Mars\" is no time zone"));
    programs.run("job dance csv", 2);
    CHECK(programs.statuses({}).empty());
    CHECK(programs.files(programs.csv).empty());
}

TEST_CASE("a run that is killed in the middle leaves nothing that counts, and the next is whole") {
    Programs programs;
    constexpr int kRecords = 800;  // 400 000 readings.
    {
        Database database{programs.path};
        fill_much(database, kRecords);
    }
    const std::string command = "job run csv --from 2025-11-20T00:00Z --to 2025-11-21T00:00Z";
    const auto file = programs.csv + "/leat-2025-11-20.csv";
    const auto has_begun = [&] {
        std::error_code error;
        const auto bytes = fs::file_size(file + ".part", error);
        return !error && bytes > 1'000'000;
    };
    auto killed = programs.start(command);
    REQUIRE(support::eventually(has_begun, 10s, 1ms));
    killed.kill(SIGKILL);
    REQUIRE(killed.wait(10s) == 128 + SIGKILL);
    CHECK_FALSE(fs::exists(file));
    CHECK(fs::exists(file + ".part"));
    CHECK(programs.statuses("csv") == std::vector{RunStatus::running});
    // A server needs a moment to notice.
    REQUIRE(support::eventually([&] { return static_cast<bool>(programs.journal.hold("csv")); }));
    CHECK(has(programs.run(command).out, "csv: 400000 records in "));
    CHECK(programs.files(programs.csv) == std::vector<std::string>{"leat-2025-11-20.csv"});
    CHECK(programs.statuses("csv") == std::vector{RunStatus::ok, RunStatus::interrupted});
    const auto text = programs.read(file);
    CHECK(std::count(text.begin(), text.end(), '\n') == 400'001);
    CHECK(
        text.ends_with("2025-11-20T12:13:19.998Z,2025-11-20T12:13:19.998Z,"
                       "attic/climate.temperature,49,Cel,good,synced\r\n"));
}
