// Goal: what a run has committed counts once, whatever ended it. Method: real outboxes, and nobody
// behind them: each run has committed what it has read, cannot know that central has it, and so
// moves nothing away, as one that is killed then.

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <filesystem>
#include <fstream>

#include "base/settings.hpp"
#include "central/imports/parts/intake.hpp"
#include "drivers/replay/content_hash.hpp"
#include "support/temporary_folder.hpp"

namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

constexpr const char* kHeader = "time,temperature\n";

/// Of all files with the same number of rows the same times.
std::string rows(int from, int to, int value = 0) {
    std::string text;
    for (int minute = from; minute < to; ++minute) {
        text += fmt::format("2024-01-01T{:02}:{:02}:00Z,{}\n", minute / 60, minute % 60, value);
    }
    return text;
}

struct World {
    World() {
        options.inbox.folder = folder.file("in");
        fs::create_directory(options.inbox.folder);
        auto settings = base::Settings::parse(
            "time_column = \"time\"\n[columns]\ntemperature = \"temperature:Cel\"\n", "test");
        auto table = std::move(settings).value();
        options.table = drivers::replay::read_part_options(table);
        REQUIRE(table.check());
    }

    void part(const std::string& name, const std::string& content) const {
        std::ofstream{options.inbox.folder + "/" + name} << content;
    }
    bool has(const std::string& name) const {
        return fs::exists(options.inbox.folder + "/" + name);
    }
    std::string outbox() const { return folder.file("outbox"); }

    imports::CarrierOptions carrier() const {
        imports::CarrierOptions carrier{
            .outbox = outbox(), .like = folder.path(), .node = "history", .patience = 1ms};
        carrier.broker.address = "tcp://127.0.0.1:1";
        return carrier;
    }
    base::Result<std::unique_ptr<imports::Carrier>> open() const {
        return imports::Carrier::open(carrier(), clock);
    }
    /// The rows that it has read and committed.
    std::uint64_t run() {
        const auto carrier = open();
        REQUIRE(carrier);
        imports::Intake intake{options, clock, [](auto, auto) {},
                               [&]() -> base::Status {
                                   if (commits_left-- > 0) return base::Done{};
                                   return base::Error{base::Fault::exhausted, "not the only one"};
                               }};
        const auto done = intake.take(*carrier.value(), clock.event_time() + 1h);
        account = intake.account();
        REQUIRE_FALSE(done);
        fault = done.error().fault;
        return account.rows;
    }

    support::TemporaryFolder folder;
    base::SystemClock clock;
    imports::IntakeOptions options{
        .packer = {.sensor = "office", .kind = "ingest-csv", .period = 1min}};
    imports::Account account;
    base::Fault fault{};
    int commits_left = 1'000'000;  // Until the run may write no more.
};

}  // namespace

TEST_CASE("files that start at one time each keep their own place, wherever a run ends") {
    World world;
    world.part("a.csv", kHeader + rows(0, 4, 1));
    world.part("b.csv", kHeader + rows(0, 4, 2));
    world.part("c.csv", kHeader + rows(0, 4, 1) + rows(4, 5, 3));  // Goes on behind a.
    world.part("d.csv", kHeader + rows(0, 2, 1) + rows(2, 4, 4));  // Begins as a does.
    std::uint64_t read = 0;
    world.options.rows_max = 1;
    for (int i = 0; i < 13; ++i) read += world.run();
    CHECK(read == 13);
    CHECK(world.run() == 0);
    CHECK(world.account.known.size() == 4);
}

TEST_CASE("more parts than are remembered are not read twice, but refused") {
    World world;
    const auto parts = static_cast<int>(imports::Inbox::kPartsMax);
    const auto bring = [&](const char* prefix, int value) {
        for (int i = 0; i < parts; ++i) {
            world.part(fmt::format("{}{:04}.csv", prefix, i),
                       kHeader + rows(i % 60, i % 60 + 1, value * 10'000 + i));
        }
    };
    bring("c", 1);
    CHECK(world.run() == imports::Inbox::kPartsMax);
    bring("b", 2);
    CHECK(world.run() == imports::Inbox::kPartsMax);
    world.part("a.csv", kHeader + rows(0, 1, 3));
    CHECK(world.run() == 0);
    CHECK(world.fault == base::Fault::exhausted);
    for (int i = 0; i < parts; ++i)
        fs::remove(world.options.inbox.folder + fmt::format("/b{:04}.csv", i));
    CHECK(world.run() == 1);
    CHECK(world.account.known.size() == imports::Inbox::kPartsMax - 1);
    fs::remove(world.options.inbox.folder + "/a.csv");
    CHECK(world.run() == 0);
    CHECK(world.account.known.size() == imports::Inbox::kPartsMax);
}

TEST_CASE("a file that goes on under another name goes on where it was") {
    World world;
    world.part("a.csv", kHeader + rows(0, 5));
    world.options.rows_max = 2;
    CHECK(world.run() == 2);
    fs::rename(world.options.inbox.folder + "/a.csv", world.options.inbox.folder + "/b.csv");
    world.options.rows_max.reset();
    SUBCASE("and its name is free") {
        CHECK(world.run() == 3);
        world.part("a.csv", kHeader + rows(0, 1, 7));
        CHECK(world.run() == 1);
    }
    SUBCASE("also where another has its name already") {
        world.part("a.csv", kHeader + rows(0, 1, 7));
        CHECK(world.run() == 3);
        CHECK(world.account.refused.size() == 1);
    }
    CHECK(world.run() == 0);
}

TEST_CASE("one that was changed is refused once, and its name is free then") {
    World world;
    world.part("a.csv", kHeader + rows(0, 5));
    world.options.rows_max = 2;
    CHECK(world.run() == 2);
    world.options.rows_max.reset();
    world.part("a.csv", kHeader + rows(2, 5, 1));
    CHECK(world.run() == 0);
    REQUIRE(world.account.refused.size() == 1);
    CHECK(world.account.refused[0].second.find("put it back") != std::string::npos);
    fs::rename(world.options.inbox.folder + "/refused/a.csv",
               world.options.inbox.folder + "/a.csv");
    CHECK(world.run() == 3);
    CHECK(world.account.refused.empty());
}

TEST_CASE("one that cannot be moved is told, and the others are read") {
    World world;
    world.part("a.csv", kHeader + rows(0, 2));
    const auto bad = std::string(246, 'b') + ".csv";  // Too long a name for one with a reason.
    world.part(bad, "when,what\n1,2\n");
    world.part("c.csv", kHeader + rows(2, 4));
    CHECK(world.run() == 4);
    REQUIRE(world.account.failed.size() == 1);
    CHECK(world.account.failed[0].first == bad);
    CHECK(trouble_of(world.account).find("reason.txt") != std::string::npos);
}

TEST_CASE("a run that may write no more commits and moves nothing, and the next one goes on") {
    World world;
    world.part("a.csv", kHeader + rows(0, 5));
    world.part("bad.csv", "when,what\n1,2\n");
    for (const int commits : {0, 1}) {
        CAPTURE(commits);
        world.commits_left = commits;
        world.run();
        CHECK(world.fault == base::Fault::exhausted);
        CHECK((world.open().value()->committed() > 0) == (commits > 0));
        CHECK(world.has("bad.csv"));
    }
    world.commits_left = 1'000'000;
    CHECK(world.run() == 0);
    CHECK(world.account.known.size() == 1);
    CHECK_FALSE(world.has("bad.csv"));
}

TEST_CASE("a run that may write no more tells what of its readings counts") {
    World world;
    std::string text = kHeader;
    for (int second = 0; second < 40'000; ++second) {
        text += fmt::format("2024-01-01T{:02}:{:02}:{:02}Z,1\n", second / 3'600, second / 60 % 60,
                            second % 60);
    }
    world.part("long.csv", text);
    world.commits_left = 1;
    const auto read = world.run();
    const auto committed = world.account.committed;
    CHECK(committed > 0);
    CHECK(committed < read);
    CHECK(world.account.tally.readings == read);
    world.commits_left = 1'000'000;
    CHECK(world.run() == 40'000 - committed);
    CHECK(world.account.committed == 40'000 - committed);
    CHECK(world.account.before.readings == committed);
    CHECK(world.run() == 0);
    CHECK(world.account.before.readings == 40'000);  // Nobody has settled, nor told, yet.
}

TEST_CASE("a part is read no further than it was looked at") {
    World world;
    auto table = world.options.table;
    const auto text = kHeader + rows(0, 2);
    world.part("a.csv", text + "2024-01-01T00:02:00Z,2");  // 21.5, while it is written.
    const auto path = world.options.inbox.folder + "/a.csv";
    const imports::Readable readable{.found = {.name = "a.csv", .bytes = text.size()}};
    const auto part = imports::Part::open(table, path, readable).value();
    imports::Book book;
    const auto harvest =
        part->read(base::EventTime::max(), 100, world.clock.instant(), book).value();
    CHECK(harvest.measurements.size() == 2);
    CHECK(part->is_finished());
    CHECK(part->bytes() == text.size());
}

TEST_CASE("where the outbox was damaged nothing is read until a person has looked at it") {
    World world;
    world.part("a.csv", kHeader + rows(0, 5));
    CHECK(world.run() == 5);
    fs::remove(world.outbox() + "-wal");
    std::ofstream{world.outbox(), std::ios::binary | std::ios::in}.seekp(512)
        << std::string(8'192, 'x');
    CHECK_FALSE(imports::notes_in(world.carrier()));
    CHECK_FALSE(fs::exists(world.outbox() + ".corrupt-1"));
    for (int i = 0; i < 2; ++i) {
        const auto refused = world.open();
        REQUIRE_FALSE(refused);
        CHECK(refused.error().detail.find(world.outbox() + ".corrupt-1 away") != std::string::npos);
    }
    CHECK_FALSE(imports::notes_in(world.carrier()));
    fs::remove(world.outbox() + ".corrupt-1");
    CHECK(world.open());
}

TEST_CASE("an error while a content is looked at is no end of it") {
    const support::TemporaryFolder folder;
    CHECK_FALSE(drivers::replay::prefixes_of(folder.path(), {1}));
}
