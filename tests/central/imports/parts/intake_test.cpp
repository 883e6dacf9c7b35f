#include "central/imports/parts/intake.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <filesystem>

#include "base/settings.hpp"
#include "central/imports/parts/merge.hpp"
#include "support/manual_clock.hpp"
#include "support/temporary_folder.hpp"

namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

constexpr const char* kHeader = "time,temperature\n";

/// A row a minute from that minute on; every `step`-th.
std::string rows(int from, int to, int step = 1) {
    std::string text;
    for (int minute = from; minute < to; minute += step) {
        text += fmt::format("2024-01-{:02}T{:02}:{:02}:00Z,{}\n", 1 + minute / 1'440,
                            minute / 60 % 24, minute % 60, minute);
    }
    return text;
}

bool has(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

/// A folder of parts, looked at without a line behind it.
struct World {
    World() { options.inbox.folder = folder.path(); }

    void part(const std::string& name, const std::string& content) { folder.write(name, content); }

    base::Status rehearse() {
        auto settings = base::Settings::parse(
            "time_column = \"time\"\n[columns]\ntemperature = \"temperature:Cel\"\n", "test");
        auto table = std::move(settings).value();
        options.table = drivers::replay::read_part_options(table);
        REQUIRE(table.check());
        imports::Intake intake{options, clock,
                               [&](auto done, auto total) {
                                   CHECK(done <= total);
                                   told = done;
                               },
                               [] { return base::Done{}; }};
        auto done = intake.rehearse({}, base::SystemClock{}.event_time() + 1h);
        account = intake.account();
        return done;
    }

    support::TemporaryFolder folder;
    support::ManualClock clock;
    imports::IntakeOptions options{
        .packer = {.sensor = "office", .kind = "ingest-csv", .period = 1min}};
    imports::Account account;
    std::uint64_t told = 0;
};

}  // namespace

TEST_CASE("parts that overlap come in the order of their times") {
    World world;
    world.part("a.csv", kHeader + rows(0, 600, 3));
    world.part("b.csv", kHeader + rows(1, 600, 3));
    world.part("c.csv", kHeader + rows(2, 600, 3));
    world.part("d.csv", kHeader + rows(600, 1'200));
    REQUIRE(world.rehearse());
    CHECK(world.account.rows == 1'200);
    CHECK(world.account.tally.readings == 1'200);
    CHECK(world.account.tally.backwards == 0);
    CHECK(world.account.tally.repeated == 0);
    CHECK(world.account.read.size() == 4);
}

TEST_CASE("more parts than may be open at once are read all the same") {
    World world;
    const int parts = static_cast<int>(imports::Merge::kOpenMax) + 6;
    for (int i = 0; i < parts; ++i) {
        world.part(fmt::format("{:03}.csv", i), kHeader + rows(i, i + 20 * parts, parts));
    }
    REQUIRE(world.rehearse());
    CHECK(world.account.rows == static_cast<std::uint64_t>(20 * parts));
    CHECK(world.account.read.size() == static_cast<std::size_t>(parts));
    CHECK(world.account.tally.backwards > 0);
}

TEST_CASE("a rehearsal changes nothing, and says what would be") {
    World world;
    world.part("a.csv", kHeader + rows(0, 10));
    world.part("b.csv", "wann,wert\n1,2\n");
    REQUIRE(world.rehearse());
    REQUIRE(world.account.refused.size() == 1);
    CHECK(has(world.account.refused[0].second, "has no column \"time\""));
    CHECK(has(trouble_of(world.account), "1 part was refused: b.csv: "));
    CHECK(has(sentence_of(world.account, "/in"), "1 part of /in: a.csv (10 rows)"));
    CHECK(world.told == fs::file_size(world.folder.file("a.csv")));
    CHECK(fs::exists(world.folder.file("b.csv")));
    CHECK_FALSE(fs::exists(world.folder.file("refused")));
}

TEST_CASE("what cannot be read as it is configured is told as that, and stays where it is") {
    World world;
    world.part("a.csv", "date,temperature\n1,2\n");
    world.part("b.csv", "date,temperature\n1,2\n");
    const auto done = world.rehearse();
    REQUIRE_FALSE(done);
    CHECK(done.error().fault == base::Fault::misconfigured);
    CHECK(has(done.error().detail, "none was moved: the configuration may be wrong. a.csv: "));
}

TEST_CASE("a part of another kind is refused with the reason") {
    struct Case {
        std::string name;
        std::string content;
        const char* reason;
    };
    const std::vector<Case> cases{
        {"cut at its end", kHeader + rows(0, 5) + "2024-01-01T00:05:00Z,2", "may be cut"},
        {"UTF-16", std::string{"\xFF\xFEt\0i\0m\0e\0\n", 11}, "UTF-16"},
        {"empty", "", "empty"},
        {"no times", "time,temperature\nsoon,1\nlater,2\n", "no time"},
        {"in another unit", "time,temperature (hPa)\n", "has no column"},
    };
    for (const auto& [name, content, reason] : cases) {
        CAPTURE(name);
        World world;
        world.part("good.csv", kHeader + rows(0, 5));
        world.part("bad.csv", content);
        REQUIRE(world.rehearse());
        REQUIRE(world.account.refused.size() == 1);
        CHECK(world.account.refused[0].first == "bad.csv");
        CHECK_MESSAGE(has(world.account.refused[0].second, reason),
                      world.account.refused[0].second);
        CHECK(world.account.rows == 5);
    }
}

TEST_CASE("a last line without its end counts where that is said to be whole") {
    World world;
    world.options.needs_last_newline = false;
    world.part("a.csv", kHeader + rows(0, 5) + "2024-01-01T00:05:00Z,25");
    REQUIRE(world.rehearse());
    CHECK(world.account.rows == 6);
}

TEST_CASE("no more rows are read than were asked for") {
    World world;
    world.options.rows_max = 7;
    world.part("a.csv", kHeader + rows(0, 5));
    world.part("b.csv", kHeader + rows(5, 10));
    REQUIRE(world.rehearse());
    CHECK(world.account.rows == 7);
    CHECK(world.account.read == std::vector<std::string>{"a.csv"});
    CHECK(world.account.partly == std::vector<std::string>{"b.csv"});
}

TEST_CASE("bad rows and cells are told with their file and line, and cost nothing else") {
    World world;
    world.part("a.csv", kHeader + rows(0, 2) + "2024-01-01T00:02:00Z,hot\nnever,3\n" + rows(4, 6));
    REQUIRE(world.rehearse());
    CHECK(world.account.tally.readings == 4);
    CHECK(world.account.tally.failed == 2);
    const auto sentence = sentence_of(world.account, "/in");
    CHECK(has(sentence, "2 failed (1 no number, 1 no time): a.csv, line 4: "));
}

TEST_CASE("rows that go back within a part are counted as they stand, and told") {
    World world;
    world.part("a.csv", kHeader + rows(3, 5) + rows(0, 3) + rows(2, 3));
    REQUIRE(world.rehearse());
    CHECK(world.account.tally.readings == 6);
    CHECK(has(sentence_of(world.account, "/in"), "1 were older than the one before"));
    CHECK(has(sentence_of(world.account, "/in"), "1 had the time of the one before"));
}

TEST_CASE("of files that come together each content counts once, and one that goes on counts on") {
    World world;
    world.part("a.csv", kHeader + rows(0, 10));
    world.part("b.csv", kHeader + rows(0, 10));
    world.part("c.csv", kHeader + rows(0, 15));
    world.part("0.csv", kHeader + rows(0, 20));
    world.part("d.csv", kHeader);
    REQUIRE(world.rehearse());
    CHECK(world.account.rows == 20);
    CHECK(world.account.tally.backwards == 0);
    CHECK(world.account.tally.repeated == 0);
    REQUIRE(world.account.known.size() == 1);
    CHECK(world.account.known[0] == std::pair<std::string, std::string>{"b.csv", "a.csv"});
    CHECK(world.account.read.size() == 4);
}
