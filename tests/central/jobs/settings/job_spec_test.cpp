#include "central/jobs/settings/job_spec.hpp"

#include <doctest/doctest.h>

#include <algorithm>

namespace {

using namespace std::chrono_literals;

jobs::Place place() {
    jobs::Place place;
    place.database = "/var/lib/leat.db";
    place.spans = {1min, 1h};
    return place;
}

std::vector<jobs::JobSpec> read(const std::string& text) {
    auto settings = base::Settings::parse(text, "central.toml").value();
    auto specs = jobs::read_jobs(settings, place());
    const auto checked = settings.check();
    REQUIRE_MESSAGE(checked, checked.error().detail);
    return specs;
}

std::string refusal(const std::string& text) {
    auto settings = base::Settings::parse(text, "central.toml").value();
    jobs::read_jobs(settings, place());
    const auto checked = settings.check();
    REQUIRE_FALSE(checked);
    CHECK(checked.error().fault == base::Fault::misconfigured);
    return checked.error().detail;
}

/// That this alone is refused, with these words and its line.
void expect_one(const std::string& text, const std::string& wanted, int line) {
    const auto said = refusal(text);
    CAPTURE(said);
    CHECK(std::count(said.begin(), said.end(), '\n') == 0);
    CHECK(said.find(wanted) != std::string::npos);
    CHECK(said.find("central.toml:" + std::to_string(line) + ":") != std::string::npos);
}

/// What `job explain` would say, or why --set is refused.
std::string explained(const std::string& text, const std::vector<std::string>& said) {
    const auto spec = read(text).at(0);
    auto made = jobs::Keys::make(spec.keys, said);
    if (!made) return made.error().detail;
    auto keys = std::move(made).value();
    const auto job = jobs::make_job(spec.kind, keys, place());
    const auto checked = keys.check();
    return checked ? job->explain() : checked.error().detail;
}

bool has(const std::string& text, const std::string& wanted) {
    CAPTURE(text);
    return text.find(wanted) != std::string::npos;
}

const std::string kBackup = "[job.nightly]\nkind = \"backup\"\nfolder = \"/backups\"\n";
const std::string kCsv = "[job.csv]\nkind = \"export-csv\"\nfolder = \"/csv\"\n";

/// A job that takes files; `more` are keys of its own.
std::string parts(const std::string& name, const std::string& node, const std::string& more = {}) {
    return "[job." + name + "]\nkind = \"ingest-csv\"\nfolder = \"/in/" + name + "\"\nnode = \"" +
           node + "\"\nsensor = \"office\"\ntime_column = \"t\"\n" + more + "[job." + name +
           ".columns]\nT = \"temperature:Cel\"\n";
}

}  // namespace

TEST_CASE("a table says everything about a job, and what it does not say has a default") {
    CHECK(read("").empty());
    const auto specs = read(
        "[job.nightly]\nkind = \"backup\"\nfolder = \"/backups\"\nkeep = 3\n"
        "every = \"1d at 02:00\"\nevery_zone = \"Europe/Berlin\"\nretries = 2\n"
        "retry_after = \"1h\"\nalert = false\n"
        "[job.weekly_proof-2]\nkind = \"recount\"\n"
        "[job.room]\nkind = \"vacuum\"\nfree_at_least = 0.5\n"
        "[job.csv]\nkind = \"export-csv\"\nfolder = \"/csv\"\nmatch = [\"attic/*\"]\n"
        "zone = \"+01:00\"\nkeep = 1\nevery = \"6h\"\n");
    REQUIRE(specs.size() == 4);
    const auto named = [&](const std::string& name) {
        return *std::find_if(specs.begin(), specs.end(),
                             [&](const auto& spec) { return spec.name == name; });
    };
    const auto nightly = named("nightly");
    CHECK(nightly.kind == "backup");
    REQUIRE(nightly.schedule);
    CHECK(nightly.schedule->text() == "1d at 02:00");
    CHECK(nightly.schedule->next_due(base::from_milliseconds(0)) ==
          base::from_milliseconds(1 * 3'600'000));  // 02:00 there was 01:00 UTC.
    CHECK(nightly.retries == 2);
    CHECK(nightly.retry_after == 1h);
    CHECK_FALSE(nightly.alert);
    const auto proof = named("weekly_proof-2");
    CHECK_FALSE(proof.schedule);
    CHECK(proof.retries == 0);
    CHECK(proof.retry_after == 10min);
    CHECK(proof.alert);
    CHECK(named("csv").schedule->text() == "6h");
}

TEST_CASE("a kind that is none is refused, with the nearest") {
    expect_one(
        "[job.nightly]\nkind = \"bakup\"\nevery = \"6h\"\nalert = false\n",
        "job.nightly.kind: \"bakup\" is no kind of job; there are backup, dim-refresh, export-csv, "
        "export-sql, ingest-csv, ingest-tables, recount, vacuum; did you mean backup?",
        2);
    expect_one("[job.nightly]\nretries = 1\n", "job.nightly.kind is missing", 1);
}

TEST_CASE("a name that is none is refused alone, with its place") {
    const std::vector<std::string> names{"Nightly", "-x",    "\"../x\"",          "\"a b\"",
                                         "\"\"",    "\"ö\"", std::string(65, 'a')};
    for (const auto& name : names) {
        CAPTURE(name);
        expect_one("[job." + name + "]\nkind = \"backup\"\nfolder = \"/backups\"\n",
                   ": a job's name has small letters, digits, - and _ only", 1);
    }
}

TEST_CASE("what is wrong is refused with its place") {
    expect_one("[job.nightly]\nkind = \"backup\"\n", "job.nightly.folder", 1);
    expect_one(kBackup + "fodler = \"/x\"\n", "unknown key \"job.nightly.fodler\"", 4);
    expect_one(kBackup + "match = [\"*\"]\n", "unknown key \"job.nightly.match\"", 4);
    expect_one(kBackup + "every = \"daily\"\n", "job.nightly.every: \"daily\" says not when", 4);
    expect_one(kBackup + "every = \"6h\"\nevery_zone = \"Mars\"\n",
               "job.nightly.every_zone: \"Mars\" is no time zone", 5);
    expect_one(kBackup + "retries = -1\n", "job.nightly.retries", 4);
    expect_one(kBackup + "retry_after = \"1s\"\n", "job.nightly.retry_after", 4);
    expect_one(kBackup + "keep = 0\n", "job.nightly.keep", 4);
    expect_one(kCsv + "zone = \"Mars\"\n", "zone: \"Mars\" is no time zone", 4);
    expect_one("[job.room]\nkind = \"vacuum\"\nfree_at_least = 2\n", "job.room.free_at_least", 3);
    expect_one(
        "[job]\nkind = \"backup\"\n",
        "unknown key \"job.kind\": each job is a table with a name of its own: write [job.nightly]",
        2);
    expect_one("[[job]]\nname = \"nightly\"\nkind = \"backup\"\n",
               "each job is a table with a name of its own: write [job.nightly], and its keys "
               "below, not [[job]]",
               1);
}

TEST_CASE("two jobs that write under the same names are refused, others share a folder") {
    expect_one(kBackup + "[job.other]\nkind = \"backup\"\nfolder = \"/backups/\"\n",
               "job.other.folder: nightly writes there, too", 6);
    expect_one(kBackup +
                   "[job.other]\nkind = \"backup\"\nfolder = \"/backups\"\nprefix = "
                   "\"leat\"\n",
               "job.other.folder: nightly writes there, too", 6);
    CHECK(read(kBackup + "[job.other]\nkind = \"backup\"\nfolder = \"/backups\"\nprefix = "
                         "\"other\"\n[job.csv]\nkind = \"export-csv\"\nfolder = \"/backups\"\n")
              .size() == 3);
    for (const auto* prefix : {"", "a/b", "..", "a b"}) {
        CAPTURE(prefix);
        expect_one(kBackup + "prefix = \"" + prefix + "\"\n", "cannot begin the name of a file", 4);
    }
}

TEST_CASE("every mistake of every job is told at once") {
    const auto said = refusal(kBackup + "keep = 0\nevery = \"x\"\n" + kCsv +
                              "zone = \"Mars\"\n[job.odd]\nkind = \"odd\"\n");
    CAPTURE(said);
    CHECK(std::count(said.begin(), said.end(), '\n') == 3);
}

TEST_CASE("what is said for one run takes the place of what the file says") {
    CHECK(has(explained(kBackup, {}), "into /backups as"));
    CHECK(has(explained(kBackup, {"folder=/tmp/x y#z", "keep=3"}), "into /tmp/x y#z as"));
    CHECK(has(explained(kBackup, {"keep=3"}), "newest 3 copies"));
    CHECK(has(explained(kBackup, {"folder=\"/in quotes\""}), "into /in quotes as"));
    CHECK(has(explained(kBackup, {"folder=/with \"quotes\" and \\"}),
              "into /with \"quotes\" and \\ as"));
    CHECK(has(explained(kBackup, {"folder=/a=b"}), "into /a=b as"));
    CHECK(has(explained("[job.room]\nkind = \"vacuum\"\n", {"free_at_least=0.5"}), "least 50 %"));
    CHECK(has(explained(kCsv, {"zone=Europe/Berlin"}), "clocks of Europe/Berlin"));
    CHECK(has(explained(kCsv, {"match=[\"attic/*\", \"cellar/*\"]"}), "Writes the single"));
}

TEST_CASE("what is said wrongly is refused, and nothing is made of it") {
    CHECK(has(explained(kBackup, {"folder"}), "--set folder: write it like --set folder=/var"));
    CHECK(has(explained(kBackup, {"=x"}), "--set =x: write it like"));
    CHECK(has(explained(kBackup, {"keep=many"}), "keep"));
    CHECK(has(explained(kBackup, {"keep=0"}), "keep"));
    CHECK(has(explained(kBackup, {"folder=[\"a\"]"}), "folder"));
    CHECK(has(explained(kBackup, {"fodler=/x"}), "unknown key \"fodler\""));
    CHECK(has(explained(kCsv, {"zone=Mars"}), "\"Mars\" is no time zone"));
    CHECK(has(explained(kCsv, {"match=[\"attic/*\""}), "match"));
    CHECK(has(explained(kBackup, {"folder=/a", "folder=/b"}), "folder"));
}

TEST_CASE("a job that takes files says how they are written, and as which node they count") {
    const auto said = explained(parts("history", "past", "match = [\"*.txt\"]\n"), {});
    CHECK(has(said, "Reads the files *.txt in /in/history"));
    CHECK(has(said, "series of the node past (office.…)"));
    CHECK(has(said, "/var/lib/leat.db.node-past.outbox"));
    CHECK(has(explained(parts("history", "past"), {"folder=/tmp/x"}), "files *.csv in /tmp/x"));
    CHECK(has(explained(parts("history", "past"), {"separator=;"}), "separator"));
    expect_one(parts("history", "Past"), "node: \"Past\" may hold a-z", 4);
    expect_one(parts("history", "past", "period = \"often\"\n"), "job.history.period", 7);
    expect_one(
        "[job.history]\nkind = \"ingest-csv\"\nfolder = \"/in\"\nnode = \"past\"\n"
        "sensor = \"office\"\n[job.history.columns]\nT = \"t:Cel\"\n",
        "time_column is missing", 1);
}

TEST_CASE("a job that takes tables says which, and what is wrong is told with its place") {
    const std::string keys =
        "[job.plant]\nkind = \"ingest-tables\"\nconnection = \"DSN=plant\"\nnode = \"past\"\n"
        "time = \"t_stamp\"\ntag = \"tagid\"\nvalue = [\"floatvalue\", \"intvalue\"]\n";
    const std::string tables = "tables = \"sqlt_data_1_{YYYY}_{MM}\"\n";
    const std::string tags = "[job.plant.tags]\n\"a/b\" = \"a.temperature\"\n";
    const auto said = explained(keys + tables + tags, {});
    CHECK(has(said, "tables sqlt_data_1_{YYYY}_{MM} at \"DSN=plant\""));
    CHECK(has(said, "/var/lib/leat.db.node-past.outbox"));
    expect_one(keys + "tables = \"data\"\n" + tags, "tables: \"data\" does not name tables of", 8);
    expect_one(keys + tables, "tags: say at least of one which series it is", 1);
    expect_one(keys + tables + "time_format = \"%d.%m.%Y\"\n" + tags, "make a view", 9);
    expect_one(keys + tables + "good = [192]\n" + tags, "name that, too", 9);
    expect_one(keys + tables + "parallel = 9\n" + tags, "job.plant.parallel", 9);
    expect_one(keys + tables + "[job.plant.tags]\nx = \"y\"\n", "write sensor.quantity:unit", 10);
}

TEST_CASE("two jobs that would be one node, or have one outbox, are refused") {
    expect_one(parts("one", "past") + parts("two", "past"),
               "job.two.node: one has this node already", 12);
    const std::string outbox = "outbox = \"/x\"\n";
    expect_one(parts("one", "past", outbox) + parts("two", "later", outbox),
               "job.two.outbox: one has this outbox already", 16);
}
