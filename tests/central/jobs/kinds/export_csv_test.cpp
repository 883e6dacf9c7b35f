// Goal: a file that has its name is whole, and holds exactly the day that it is called after.
#include <sstream>

#include "central/jobs/kinds/job_world.hpp"
#include "central/text/rfc3339.hpp"

using namespace jobs_test;
using Names = std::vector<std::string>;

namespace {

base::EventTime utc(int year, unsigned month, unsigned day, base::Duration of_day = {}) {
    const std::chrono::year_month_day date{std::chrono::year{year}, std::chrono::month{month},
                                           std::chrono::day{day}};
    return base::EventTime{std::chrono::sys_days{date}} + of_day;
}

struct World : JobWorld {
    std::string keys(const std::string& more = {}) const { return folder_key() + more; }
    std::vector<std::string> lines(const std::string& name) const {
        std::vector<std::string> all;
        std::istringstream text{content(name)};
        for (std::string line; std::getline(text, line);) all.push_back(line);
        return all;
    }
    Names backups() const { return files(target + "/backup"); }
};

constexpr const char* kDay = "leat-2025-11-20.csv";

}  // namespace

TEST_CASE("yesterday is written: one header, then series by series in order of time") {
    World world;
    world.database->declare("cellar", kSeries, "temperature", "Cel");
    world.fill(kMidnight, kMidnight + 48h, "cellar");
    world.fill(kMidnight - 24h, kMidnight + 26h);
    world.database->read("attic", kSeries, kMidnight + 5min, 7);  // Late.
    world.database->commit();
    const auto work = world.work("export-csv", world.keys());
    CHECK(work.records == 289);
    CHECK(work.wrote == world.target + "/" + kDay);
    CHECK(world.files() == Names{kDay});
    const auto lines = world.lines(kDay);
    REQUIRE(lines.size() == 290);
    CHECK(lines[0] == "time,local_time,series,value,unit,quality,clock\r");
    CHECK(lines[1].starts_with(
        "2025-11-20T00:00:00.000Z,2025-11-20T00:00:00.000Z,attic/climate.temperature,"));
    CHECK(lines[2].starts_with(
        "2025-11-20T00:05:00.000Z,2025-11-20T00:05:00.000Z,attic/climate.temperature,7,"));
    CHECK(lines[145].starts_with(
        "2025-11-20T23:50:00.000Z,2025-11-20T23:50:00.000Z,attic/climate.temperature,"));
    CHECK(lines[146].starts_with(
        "2025-11-20T00:00:00.000Z,2025-11-20T00:00:00.000Z,cellar/climate.temperature,20,"));
    CHECK(lines[289].starts_with("2025-11-20T23:50:00.000Z,2025-11-20T23:50:00.000Z,cellar/"));
}

TEST_CASE("a day is that of the zone's clocks, also one of 23 and one of 25 hours") {
    struct Case {
        const char* zone;
        base::EventTime now;
        const char* name;
        base::EventTime from;
        base::EventTime to;
    };
    const std::vector<Case> cases{
        {"Europe/Berlin", utc(2026, 3, 30, 1h), "leat-2026-03-29.csv", utc(2026, 3, 28, 23h),
         utc(2026, 3, 29, 22h)},
        {"Europe/Berlin", utc(2026, 10, 26, 1h), "leat-2026-10-25.csv", utc(2026, 10, 24, 22h),
         utc(2026, 10, 25, 23h)},
        // There a day can begin at 01:00.
        {"America/Havana", utc(2026, 3, 9, 12h), "leat-2026-03-08.csv", utc(2026, 3, 8, 5h),
         utc(2026, 3, 9, 4h)},
        {"America/Havana", utc(2026, 3, 8, 12h), "leat-2026-03-07.csv", utc(2026, 3, 7, 5h),
         utc(2026, 3, 8, 5h)},
        {"Asia/Kathmandu", utc(2026, 3, 8, 18h + 14min), "leat-2026-03-07.csv",
         utc(2026, 3, 6, 18h + 15min), utc(2026, 3, 7, 18h + 15min)},
        {"Asia/Kathmandu", utc(2026, 3, 8, 18h + 15min), "leat-2026-03-08.csv",
         utc(2026, 3, 7, 18h + 15min), utc(2026, 3, 8, 18h + 15min)}};
    for (const auto& one : cases) {
        CAPTURE(one.name);
        World world;
        // At its ends, and just outside.
        for (const auto at : {one.from - 1ms, one.from, one.to - 1ms, one.to}) {
            world.database->read("attic", kSeries, at, 1);
        }
        world.database->commit();
        world.now = one.now;
        const auto work =
            world.work("export-csv", world.keys("zone = \"" + std::string{one.zone} + "\"\n"));
        CHECK(work.records == 2);
        CHECK(world.files() == Names{one.name});
        const auto lines = world.lines(one.name);
        REQUIRE(lines.size() == 3);
        CHECK(lines[1].starts_with(text::rfc3339(one.from, {})));
        CHECK(lines[2].starts_with(text::rfc3339(one.to - 1ms, {})));
    }
}

TEST_CASE("another time is named by its ends, or by the day when it is one") {
    World world;
    world.fill(kMidnight, kMidnight + 24h);
    const jobs::Order hour{.from = kMidnight, .to = kMidnight + 1h};
    CHECK(world.work("export-csv", world.keys(), hour).records == 6);
    CHECK(world.files() == Names{"leat-20251120T000000Z-20251120T010000Z.csv"});
    world.now += 240h;
    const jobs::Order day{.from = kMidnight, .to = kMidnight + 24h};
    CHECK(world.work("export-csv", world.keys(), day).wrote.ends_with(kDay));
    const auto turned = world.failure("export-csv", world.keys(), {.from = world.now});
    CHECK(turned.detail == "--from must be before --to");
}

TEST_CASE("days that have no file are caught up, but not all of the past") {
    World world;
    world.fill(kMidnight, kMidnight + 1h);
    world.work("export-csv", world.keys());
    world.now += 72h;
    world.fill(kMidnight + 48h, kMidnight + 49h);
    const auto work = world.work("export-csv", world.keys());
    CHECK(work.records == 6);
    CHECK(work.wrote.find("leat-2025-11-21.csv; ") != std::string::npos);
    CHECK(world.files() ==
          Names{kDay, "leat-2025-11-21.csv", "leat-2025-11-22.csv", "leat-2025-11-23.csv"});
    world.now += 24h * 365;
    world.work("export-csv", world.keys());
    CHECK(world.files().size() == 4 + 32);
}

TEST_CASE("a file says what it cannot have, and never replaces one that has more") {
    World world;
    world.fill(kMidnight, kMidnight + 24h);
    world.work("export-csv", world.keys());
    const auto whole = world.content(kDay);
    world.execute("DELETE FROM reading_block WHERE first_at < " +
                  std::to_string(base::to_milliseconds(kMidnight + 12h)));
    const auto poorer = world.failure("export-csv", world.keys(), {.from = kMidnight});
    CHECK(poorer.detail.find("it stays as it is") != std::string::npos);
    CHECK(world.content(kDay) == whole);
    std::filesystem::remove(world.target + "/" + kDay);
    const auto work = world.work("export-csv", world.keys());
    CHECK(work.wrote.ends_with(
        "in which 1 series begin later, as single readings are not kept that long"));
    world.execute(
        "UPDATE reading_block SET readings = NULL, step = NULL, count = 5 WHERE first_at ="
        " (SELECT max(first_at) FROM reading_block WHERE first_at < " +
        std::to_string(base::to_milliseconds(kMidnight + 24h)) + ")");
    std::filesystem::remove(world.target + "/" + kDay);
    CHECK(world.work("export-csv", world.keys())
              .wrote.find("without 5 readings of which only windows tell") != std::string::npos);
}

TEST_CASE("the same again changes nothing") {
    World world;
    world.fill(kMidnight, kMidnight + 24h);
    world.work("export-csv", world.keys());
    const auto path = world.target + "/" + kDay;
    const auto old = std::filesystem::file_time_type{} + std::chrono::hours{1};
    std::filesystem::last_write_time(path, old);
    CHECK(world.work("export-csv", world.keys()).records == 144);
    CHECK(std::filesystem::last_write_time(path) == old);
    CHECK(world.files() == Names{kDay});
    CHECK_FALSE(std::filesystem::exists(world.target + "/backup"));
}

TEST_CASE("what differs takes the name, and the old file goes into backup, which is bounded") {
    World world;
    world.fill(kMidnight, kMidnight + 1h);
    world.work("export-csv", world.keys("keep = 2\n"));
    std::vector<std::string> contents{world.content(kDay)};
    for (int i = 1; i <= 4; ++i) {
        world.database->read("attic", kSeries, kMidnight + 1h + i * 1min, i);
        world.database->commit();
        world.now += 1min;
        CHECK(world.work("export-csv", world.keys("keep = 2\n")).records ==
              static_cast<std::uint64_t>(6 + i));
        contents.push_back(world.content(kDay));
    }
    const std::string day = kDay;
    CHECK(world.files() == Names{day});
    CHECK(world.backups() == Names{day + ".20251121T020300Z", day + ".20251121T020400Z"});
    CHECK(world.content("backup/" + day + ".20251121T020300Z") == contents[2]);
    CHECK(world.content("backup/" + day + ".20251121T020400Z") == contents[3]);
    CHECK(contents[4].starts_with(contents[3]));
    // A file of the same size that differs is no less another.
    auto edited = contents[4];
    edited[edited.size() - 5] = '?';
    world.write(day, edited);
    world.now += 1min;
    world.work("export-csv", world.keys("keep = 2\n"));
    CHECK(world.content(kDay) == contents[4]);
    CHECK(world.content("backup/" + day + ".20251121T020500Z") == edited);
}

TEST_CASE("a trial has another name, and leaves the whole file alone") {
    World world;
    world.fill(kMidnight, kMidnight + 24h);
    world.work("export-csv", world.keys());
    const auto whole = world.content(kDay);
    const auto work = world.work("export-csv", world.keys(), {.limit = 10});
    CHECK(work.records == 10);
    CHECK(world.files() == Names{"leat-2025-11-20-first-10.csv", kDay});
    CHECK(world.lines("leat-2025-11-20-first-10.csv").size() == 11);
    CHECK(world.content(kDay) == whole);
    CHECK(world.work("export-csv", world.keys(), {.limit = 1'000'000}).records == 144);
}

TEST_CASE("a limit counts over all series, and only series that match are written") {
    World world;
    for (const auto* node : {"barn", "cellar"}) {
        world.database->declare(node, kSeries, "temperature", "Cel");
        world.fill(kMidnight, kMidnight + 1h, node);
    }
    world.fill(kMidnight, kMidnight + 1h);
    CHECK(world.work("export-csv", world.keys(), {.limit = 8}).records == 8);
    const auto trial = world.lines("leat-2025-11-20-first-8.csv");
    REQUIRE(trial.size() == 9);
    CHECK(trial[6].find(",attic/") != std::string::npos);
    CHECK(trial[7].find(",barn/") != std::string::npos);
    const auto some = world.keys("match = [\"cell*/*\", \"attic/climate.*\", \"nobody\"]\n");
    CHECK(world.work("export-csv", some).records == 12);
    CHECK(world.content(kDay).find("barn/") == std::string::npos);
    CHECK(world.failure("export-csv", world.keys("match = [\"celar/*\", \"nobody\"]\n")).detail ==
          "match: no series is called like \"celar/*\", \"nobody\"; did you mean \"cellar/*\"?");
    CHECK(world.lines(kDay).size() == 13);
}

TEST_CASE("a dry run says what it would write, and writes nothing") {
    World world;
    world.fill(kMidnight, kMidnight + 1h);
    const auto work = world.work("export-csv", world.keys(), {.is_dry = true});
    CHECK(work.wrote == world.target + "/" + kDay);
    CHECK(work.read == "1 series of " + central_test::place(world.path).text());
    CHECK(world.files().empty());
}

TEST_CASE("what killed runs have left goes, whatever their day was") {
    World world;
    world.fill(kMidnight, kMidnight + 1h);
    world.write("leat-2025-11-18.csv.part", "half a day");
    world.write("leat-2025-11-20.csv.part", "more than it will be, more than it will be");
    world.write("leat-notes.csv.part", "a person's");
    world.write("other.csv.part", "a person's");
    world.work("export-csv", world.keys());
    CHECK(world.files() == Names{kDay, "leat-notes.csv.part", "other.csv.part"});
    CHECK(world.lines(kDay).size() == 7);
}

TEST_CASE("a file that cannot be written whole leaves nothing, and the old one as it was") {
    World world;
    world.fill(kMidnight, kMidnight + 1h);
    world.work("export-csv", world.keys());
    const auto whole = world.content(kDay);
    world.fill(kMidnight + 1h, kMidnight + 24h);
    {
        const FullDisk disk{2'000};
        const auto error = world.failure("export-csv", world.keys());
        CHECK(error.detail.find("leat-2025-11-20.csv.part: File too large") != std::string::npos);
    }
    CHECK(world.files() == Names{kDay});
    CHECK(world.content(kDay) == whole);
    const auto missing = world.failure("export-csv", "folder = \"" + world.target + "/no/nor\"");
    CHECK(missing.fault == base::Fault::misconfigured);
    // Not even root can make a file there.
    CHECK(world.failure("export-csv", "folder = \"/proc\"").detail.find("/proc/leat-2025-11-20") !=
          std::string::npos);
    // Where the old file cannot be put, it stays.
    world.write("backup", "a file, no folder");
    world.failure("export-csv", world.keys());
    CHECK(world.files() == Names{"backup", kDay});
    CHECK(world.content(kDay) == whole);
}

TEST_CASE("more than a page of readings is written once each") {
    World world;
    for (int minute = 0; minute < 42; ++minute) {
        std::string offsets;
        std::string values;
        for (int i = 0; i < 500; ++i) {
            offsets += (i > 0 ? "," : "") + std::to_string(i);
            values += (i > 0 ? "," : "") + std::to_string(minute * 500 + i);
        }
        const auto at = base::to_milliseconds(kMidnight + minute * 1min);
        world.database->add("attic",
                            fmt::format(R"({{"k":"data","t":{},"clk":"synced","series":{{"{}":)"
                                        R"({{"dt":[{}],"v":[{}]}}}}}})",
                                        at, kSeries, offsets, values),
                            kMidnight + 43min);
    }
    world.database->commit();
    CHECK(world.work("export-csv", world.keys()).records == 21'000);
    const auto lines = world.lines(kDay);
    REQUIRE(lines.size() == 21'001);
    for (std::size_t i = 1; i < lines.size(); i += 997) {
        CHECK(lines[i].find("," + std::to_string(i - 1) + ",Cel,") != std::string::npos);
    }
}
