// The verbs of the real program, over a database that this test fills. No server is needed.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "base/json.hpp"
#include "central/shell/filled_database.hpp"
#include "places.hpp"
#include "support/process.hpp"
#include "support/temporary_folder.hpp"

using namespace shell_test;

namespace {

struct Ended {
    std::string out;    // Standard output.
    std::string error;  // Standard error.
};

struct Programs {
    Programs() { folder.write("central.toml", "[sink]\npath = \"" + path + "\"\n"); }

    /// Through a shell, which keeps its outputs apart.
    Ended run(const std::string& words, int wanted = 0) {
        const auto command =
            fmt::format("{} {} --config {} >{} 2>{}", places::program("leat-central"), words,
                        folder.file("central.toml"), folder.file("out"), folder.file("error"));
        auto program = support::Process::start({.argv = {"sh", "-c", command},
                                                .environment = {},
                                                .log_file = folder.file("log"),
                                                .folder = {}});
        CHECK(program.wait(20s) == wanted);
        return {read("out"), read("error")};
    }
    std::string read(const std::string& name) const {
        std::ifstream file{folder.file(name), std::ios::binary};
        return {std::istreambuf_iterator<char>{file}, {}};
    }

    support::TemporaryFolder folder;
    std::string path = folder.file("leat.db");
};

bool has(const std::string& text, const std::string& wanted) {
    CAPTURE(text);
    return text.find(wanted) != std::string::npos;
}

}  // namespace

TEST_CASE("the verbs show what a database has, beside a central that holds it") {
    Programs programs;
    Database central{programs.path};
    fill(central);
    CHECK(has(programs.run("nodes").out, "attic "));
    CHECK(has(programs.run("series attic").out, "/house/attic"));
    CHECK(has(programs.run("latest attic").out, " 20.75  Cel "));
    const auto windows = programs.run(
        "windows attic/climate.temperature --span 1h --from 2025-11-20 --to 2025-11-21 --csv");
    CHECK(has(windows.out, "2025-11-20T12:00:00.000Z,49,60,1,20."));
    CHECK(std::count(windows.out.begin(), windows.out.end(), '\n') == 2);
    const auto json = base::parse_json(programs.run("nodes --json").out);
    REQUIRE(json);
    CHECK(json.value().find("items")->array.size() == 2);
}

TEST_CASE("nothing to show is said on standard error, and is no failure") {
    Programs programs;
    { const Database empty{programs.path}; }
    for (const std::string verb : {"nodes", "series", "latest"}) {
        CAPTURE(verb);
        const auto text = programs.run(verb);
        CHECK(text.out.empty());
        CHECK(has(text.error, "yet\n"));
        CHECK(has(programs.run(verb + " --json").out, "\"items\":[]}\n"));
        CHECK(has(programs.run(verb + " --csv").out, ","));
    }
}

TEST_CASE("what is wrong is said on standard error, and makes no database") {
    Programs programs;
    CHECK(has(programs.run("nodes", 78).error, "there is no database"));
    CHECK_FALSE(std::filesystem::exists(programs.path));
    { Database{programs.path}; }
    CHECK(has(programs.run("nodes --json --csv", 2).error, "one of --json and --csv"));
    CHECK(has(programs.run("latest --zone Mars", 2).error, "\"Mars\" is no time zone"));
    CHECK(has(programs.run("latest nobody", 2).error, "there is no node \"nobody\""));
    CHECK(has(programs.run("windows", 2).error, "series is required"));
}

TEST_CASE("readings are exported whole, as CSV or a line of JSON each") {
    Programs programs;
    {
        Database database{programs.path};
        fill(database);
    }
    const auto csv = programs.run("export attic --origin");
    CHECK(csv.out.starts_with(
        "time,series,value,unit,quality,clock,incarnation,seq,stored_at\r\n"
        "2025-11-20T12:00:00.000Z,attic/climate.temperature,20,Cel,good,synced,fedcba9876543210,2,"
        "2025-11-20T12:00:01.000Z\r\n"));
    CHECK(std::count(csv.out.begin(), csv.out.end(), '\n') == 50);
    CHECK(csv.error == "49 readings written\n");
    const auto file = programs.folder.file("out.ndjson");
    const auto some = programs.run(
        "export attic/climate.temperature --json --from 2025-11-20T12:30Z --to 2025-11-20T12:32Z "
        "--out " +
        file);
    CHECK(some.out.empty());
    CHECK(some.error == "2 readings written\n");
    const auto lines = programs.read("out.ndjson");
    CHECK(std::count(lines.begin(), lines.end(), '\n') == 2);
    CHECK(base::parse_json(lines.substr(0, lines.find('\n'))));
    const std::string windows = "windows attic/climate.temperature ";
    CHECK(has(programs.run(windows + "--limit few", 2).error, "--limit needs a number"));
    CHECK(has(programs.run(windows + "--from whenever", 2).error, "--from: "));
    CHECK(has(programs.run(windows + "--span 7m", 2).error, "--span"));
    CHECK(has(programs.run("readings attic/climate.temperature --limit 0", 2).error, "--limit"));
    CHECK(has(programs.run("trace attic/climate.temperature then", 2).error, "is no time"));
    CHECK(has(programs.run("export", 2).error, "of which series?"));
    CHECK(has(programs.run("export atic --out " + file, 2).error, "did you mean \"attic\"?"));
    CHECK(programs.read("out.ndjson") == lines);
    CHECK(has(programs.run("export cellar").error, "0 readings written\n"));
}
