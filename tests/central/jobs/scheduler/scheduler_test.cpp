// Goal: a job runs once for each time that it is due, whatever died or failed meanwhile; none keeps
// another away, and who is responsible hears of what went wrong.
#include "central/jobs/scheduler/scheduler.hpp"

#include <doctest/doctest.h>

#include "base/settings.hpp"
#include "central/jobs/core/lock.hpp"
#include "central/jobs/core/memory_journal.hpp"
#include "support/eventually.hpp"
#include "support/temporary_folder.hpp"

namespace {

using namespace std::chrono_literals;
using jobs::RunStatus;

/// What a run of a job does in this test.
enum class Deed { succeed, fail, die, fail_unnoted, hang };

base::EventTime noon(base::Duration later = {}) {
    return base::from_milliseconds(1'763'640'000'000) + later;
}

jobs::JobSpec spec_of(const std::string& name, const std::string& every, std::uint64_t retries) {
    return {.name = name,
            .kind = "recount",
            .schedule = jobs::Schedule::parse(every).value(),
            .retries = retries,
            .retry_after = 10min,
            .keys = base::Settings::parse("", "test").value()};
}

struct World {
    explicit World(std::vector<jobs::JobSpec> specs)
        : scheduler(
              std::move(specs), journal, [this](const std::string& job) { return launch(job); },
              counters) {}

    /// As the process would do it: a row, and an exit code.
    base::Result<child::Child> launch(const std::string& job) {
        started.push_back(job);
        const auto deed = deeds.contains(job) ? deeds.at(job) : Deed::succeed;
        if (deed != Deed::fail_unnoted) {
            jobs::Run run{.job = job, .kind = "recount", .started = time};
            run.id = journal.begin(run).value();
            if (deed == Deed::succeed || deed == Deed::fail) {
                run.status = deed == Deed::succeed ? RunStatus::ok : RunStatus::failed;
                run.ended = time;
                run.error = deed == Deed::fail ? "the disk is full" : "";
                REQUIRE(journal.end(run));
            }
        }
        const std::string command = deed == Deed::succeed ? "exit 0"
                                    : deed == Deed::hang  ? "sleep 600"
                                                          : "echo no luck >&2; exit 1";
        return child::Child::start(
            {.argv = {"/bin/sh", "-c", command}, .environment = {}, .input = {}});
    }
    /// So much later; until what then runs has ended.
    void pass(base::Duration later) {
        instant += later;
        time += later;
        const auto before = ended();
        const auto runs = started.size();
        scheduler.tick(instant, time);
        if (started.size() == runs) return;
        REQUIRE(support::eventually([&] {
            scheduler.tick(instant, time);
            return ended() > before;
        }));
    }
    double ended() const {
        double sum = 0;
        for (const auto* job : {"a", "b"}) {
            for (const auto* status : {"ok", "failed"}) {
                sum += counters.value("leat_central_job_runs_total",
                                      {{"job", job}, {"status", status}});
            }
        }
        return sum;
    }
    std::size_t runs_of(const std::string& job) const {
        return static_cast<std::size_t>(std::count(started.begin(), started.end(), job));
    }
    std::string failures() const {
        std::string all;
        for (const auto& [job, error] : scheduler.failures()) all += job + ": " + error + ";";
        return all;
    }

    support::TemporaryFolder folder;
    jobs_test::MemoryJournal journal{folder.file("leat.db")};
    base::Counters counters;
    std::map<std::string, Deed> deeds;
    std::vector<std::string> started;
    base::Instant instant{};
    base::EventTime time = noon();
    jobs::Scheduler scheduler;
};

}  // namespace

TEST_CASE("a job that never ran runs at once, and then once each time it is due") {
    World world{{spec_of("a", "1h", 0)}};
    world.pass(1s);
    CHECK(world.runs_of("a") == 1);
    for (int i = 0; i < 59; ++i) world.pass(1min);
    CHECK(world.runs_of("a") == 1);
    world.pass(1min);
    CHECK(world.runs_of("a") == 2);
}

TEST_CASE("what was due while nobody ran it runs once") {
    World world{{spec_of("a", "1h", 0)}};
    world.journal.rows = {
        {.id = 1, .job = "a", .status = RunStatus::ok, .started = noon(-72h), .ended = noon(-72h)}};
    for (int i = 0; i < 10; ++i) world.pass(1min);
    CHECK(world.runs_of("a") == 1);
}

TEST_CASE("a run by a person takes the place of the one that was due, a trial does not") {
    World world{{spec_of("a", "1d", 0)}};
    world.journal.rows = {{.id = 1,
                           .job = "a",
                           .status = RunStatus::ok,
                           .started = noon(-1h),
                           .ended = noon(-1h),
                           .is_whole = false}};
    world.pass(1s);
    CHECK(world.runs_of("a") == 1);
    World other{{spec_of("a", "1d", 0)}};
    other.journal.rows = {
        {.id = 1, .job = "a", .status = RunStatus::ok, .started = noon(-1h), .ended = noon(-1h)}};
    other.pass(1s);
    CHECK(other.runs_of("a") == 0);
}

TEST_CASE("what failed is tried again as often as configured, with a rest, and is told") {
    World world{{spec_of("a", "1d", 2)}};
    world.deeds["a"] = Deed::fail;
    world.pass(1s);
    CHECK(world.failures() == "a: the disk is full;");
    world.pass(9min);
    CHECK(world.runs_of("a") == 1);
    for (int i = 0; i < 60; ++i) world.pass(1min);
    CHECK(world.runs_of("a") == 3);
    world.deeds["a"] = Deed::succeed;
    world.pass(12h);
    CHECK(world.runs_of("a") == 4);
    CHECK(world.failures().empty());
}

TEST_CASE("what died runs again by itself, but not for ever") {
    World world{{spec_of("a", "1d", 0)}};
    world.deeds["a"] = Deed::die;
    world.pass(1s);
    CHECK(world.journal.rows.front().status == RunStatus::interrupted);
    for (int i = 0; i < 60; ++i) world.pass(1min);
    CHECK(world.runs_of("a") == 4);
    CHECK_FALSE(world.failures().empty());
}

TEST_CASE("one that cannot even begin keeps no other away, and is told") {
    World world{{spec_of("a", "1h", 0), spec_of("b", "1h", 0)}};
    world.deeds["a"] = Deed::fail_unnoted;
    world.pass(1s);
    world.pass(1s);
    CHECK(world.runs_of("a") == 1);
    CHECK(world.runs_of("b") == 1);
    CHECK(world.failures() == "a: no luck;");
    world.pass(30s);
    CHECK(world.runs_of("a") == 1);
    world.deeds["a"] = Deed::succeed;
    world.pass(1min);
    CHECK(world.runs_of("a") == 2);
    CHECK(world.failures().empty());
}

TEST_CASE("one that takes too long is ended, and the next has its turn") {
    auto slow = spec_of("a", "1d", 0);
    slow.time_max = 1h;
    World world{{slow, spec_of("b", "1d", 0)}};
    world.deeds["a"] = Deed::hang;
    world.scheduler.tick(world.instant, world.time);
    CHECK(world.runs_of("a") == 1);
    world.instant += 59min;
    world.scheduler.tick(world.instant, world.time);
    CHECK(world.ended() == 0);
    world.instant += 1min;
    REQUIRE(support::eventually([&] {
        world.scheduler.tick(world.instant, world.time);
        return world.ended() > 0;
    }));
    world.deeds["a"] = Deed::succeed;
    world.pass(2s);
    CHECK(world.runs_of("b") == 1);
}

TEST_CASE("a run that a wrong clock noted far ahead keeps no job away") {
    World world{{spec_of("a", "1h", 0)}};
    world.journal.rows = {{.id = 1,
                           .job = "a",
                           .status = RunStatus::ok,
                           .started = noon(24h * 365),
                           .ended = noon(24h * 365)}};
    world.pass(1s);
    CHECK(world.runs_of("a") == 1);
}

TEST_CASE("a run that goes on elsewhere is left alone") {
    World world{{spec_of("a", "1h", 0)}};
    world.journal.rows = {{.id = 1, .job = "a", .started = noon()}};
    const auto lock = jobs::RunLock::acquire(jobs::lock_path(world.folder.file("leat.db"), "a"));
    REQUIRE(lock);
    world.pass(1s);
    CHECK(world.runs_of("a") == 0);
    CHECK(world.journal.rows.front().status == RunStatus::running);
}

TEST_CASE("a journal that cannot be read stops jobs, and is told when it lasts") {
    World world{{spec_of("a", "1h", 0)}};
    world.journal.is_locked = true;
    for (int minute = 0; minute < 5; ++minute) {
        world.pass(1min);
        CHECK(world.failures().empty());
    }
    world.pass(1min);
    CHECK(world.runs_of("a") == 0);
    CHECK(world.failures() == "a: locked;");
    world.journal.is_locked = false;
    world.pass(2min);
    CHECK(world.runs_of("a") == 1);
    CHECK(world.failures().empty());
}
