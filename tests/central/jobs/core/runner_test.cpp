// Goal: however a run ends, the journal says what became of it, and two are never on at once.
#include "central/jobs/core/runner.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <numeric>

#include "central/jobs/core/lock_holder.hpp"
#include "central/jobs/core/memory_journal.hpp"
#include "support/manual_clock.hpp"

using namespace jobs_test;
using namespace std::chrono_literals;
using jobs::RunStatus;

namespace {

struct World {
    base::Result<jobs::Run> run(const ScriptedJob::Act& act, const jobs::Order& order = {}) {
        ScriptedJob job{act};
        Silence silence;
        return jobs::carry_out({.name = "nightly", .kind = "backup", .is_scheduled = true}, job,
                               order, journal, clock, silence, pause);
    }
    base::Result<jobs::Work> work(base::Duration takes) {
        clock.advance(takes);
        return jobs::Work{.records = 7, .read = "here", .wrote = "there"};
    }

    support::TemporaryFolder folder;
    std::string path = jobs::lock_path(folder.file("leat.db"), "nightly");
    MemoryJournal journal{folder.file("leat.db")};
    support::ManualClock clock;
    std::vector<base::Duration> rests;
    jobs::Pause pause = [this](base::Duration rest) { rests.push_back(rest); };
};

}  // namespace

TEST_CASE("a run that succeeds leaves one row that says what it did and how long it took") {
    World world;
    const auto begun = world.clock.event_time();
    const auto run = world.run([&](const jobs::Order&) {
        REQUIRE(world.journal.rows.size() == 1);
        CHECK(world.journal.rows[0].status == RunStatus::running);
        CHECK_FALSE(world.journal.rows[0].ended);
        return world.work(5s);
    });
    REQUIRE(run);
    const jobs::Run wanted{.id = 1,
                           .job = "nightly",
                           .kind = "backup",
                           .status = RunStatus::ok,
                           .started = begun,
                           .ended = begun + 5s,
                           .is_scheduled = true,
                           .records = 7,
                           .read = "here",
                           .wrote = "there"};
    CHECK(run.value() == wanted);
    CHECK(world.journal.rows == std::vector{wanted});
}

TEST_CASE("a run that fails has its reason and what to do") {
    World world;
    const auto run = world.run([](const jobs::Order&) -> base::Result<jobs::Work> {
        return base::Error{base::Fault::exhausted, "the disk is full"};
    });
    REQUIRE(run);
    CHECK(run.value().status == RunStatus::failed);
    CHECK(run.value().error == "the disk is full");
    CHECK(run.value().remedy == "look at the test");
    CHECK(run.value().ended);
    CHECK(world.journal.rows == std::vector{run.value()});
}

TEST_CASE("a dry run hears the order, and leaves no row") {
    World world;
    world.journal.rows.push_back(
        {.id = 1, .job = "nightly", .kind = "backup", .started = world.clock.event_time()});
    const auto run = world.run(
        [&](const jobs::Order& order) {
            CHECK(order.is_dry);
            return world.work(1s);
        },
        {.is_dry = true});
    REQUIRE(run);
    CHECK(run.value().status == RunStatus::ok);
    CHECK(run.value().wrote == "there");
    REQUIRE(world.journal.rows.size() == 1);
    CHECK(world.journal.rows[0].status == RunStatus::running);
}

TEST_CASE("a second run of a job is refused while the first is on, in this process or another") {
    World world;
    const auto outer = world.run([&](const jobs::Order&) {
        const auto inner = world.run([](const jobs::Order&) -> base::Result<jobs::Work> {
            FAIL("two at once");
            return jobs::Work{};
        });
        REQUIRE_FALSE(inner);
        CHECK(inner.error().fault == base::Fault::transient);
        return world.work(1s);
    });
    CHECK(outer);
    {
        const LockHolder holder{world.path};
        for (const bool is_dry : {false, true}) {
            const auto refused =
                world.run([&](const jobs::Order&) { return world.work(1s); }, {.is_dry = is_dry});
            REQUIRE_FALSE(refused);
            CHECK(refused.error().detail == "it is running already");
        }
    }
    CHECK(world.journal.rows.size() == 1);
    CHECK(world.run([&](const jobs::Order&) { return world.work(1s); }));
}

TEST_CASE("a run that died is closed when the next one starts, and only that of the same job") {
    World world;
    const auto died = world.clock.event_time() - 3h;
    world.journal.rows = {{.id = 1, .job = "nightly", .kind = "backup", .started = died},
                          {.id = 2, .job = "other", .kind = "backup", .started = died}};
    REQUIRE(world.run([&](const jobs::Order&) { return world.work(1s); }));
    REQUIRE(world.journal.rows.size() == 3);
    CHECK(world.journal.rows[0].status == RunStatus::interrupted);
    CHECK(*world.journal.rows[0].ended > died);
    CHECK_FALSE(world.journal.rows[1].ended);
    CHECK(world.journal.rows[2].status == RunStatus::ok);
}

TEST_CASE("a run during which the clock is put back does not end before it starts") {
    World world;
    const auto run = world.run([&](const jobs::Order&) {
        world.clock.step_wall(-1h);
        return world.work(1s);
    });
    REQUIRE(run);
    CHECK(*run.value().ended == run.value().started);
}

TEST_CASE("what cannot be noted is not begun, and an end that cannot be noted is told") {
    World world;
    world.journal.is_locked = true;
    CHECK_FALSE(world.run([](const jobs::Order&) -> base::Result<jobs::Work> {
        FAIL("nobody would know of it");
        return jobs::Work{};
    }));
    world.journal.is_locked = false;
    const auto run = world.run([&](const jobs::Order&) {
        world.journal.is_locked = true;
        return world.work(1s);
    });
    REQUIRE_FALSE(run);
    CHECK(run.error().detail == "locked");
}

TEST_CASE("an end is noted as soon as that is possible again, and tried for more than a minute") {
    World world;
    const auto locks = [&](const jobs::Order&) {
        world.journal.is_locked = true;
        return world.work(1s);
    };
    world.pause = [&](base::Duration rest) {
        world.rests.push_back(rest);
        world.journal.is_locked = world.rests.size() < 3;
    };
    const auto run = world.run(locks);
    REQUIRE(run);
    CHECK(world.journal.rows == std::vector{run.value()});
    CHECK(run.value().status == RunStatus::ok);
    CHECK(world.rests == std::vector<base::Duration>{500ms, 1s, 2s});
    world.pause = [&](base::Duration rest) { world.rests.push_back(rest); };
    world.rests.clear();
    CHECK_FALSE(world.run(locks));
    CHECK(std::accumulate(world.rests.begin(), world.rests.end(), base::Duration{}) > 1min);
    CHECK(*std::max_element(world.rests.begin(), world.rests.end()) == 15s);
}

TEST_CASE("every status is read back from its word, and no other word is one") {
    for (const auto status :
         {RunStatus::running, RunStatus::ok, RunStatus::failed, RunStatus::interrupted}) {
        CHECK(jobs::parse_run_status(jobs::to_text(status)) == status);
    }
    CHECK_FALSE(jobs::parse_run_status("OK"));
    CHECK_FALSE(jobs::parse_run_status(""));
}
