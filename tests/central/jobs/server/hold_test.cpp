// Goal: two runs of a job are never on at once, whatever the connection that keeps them apart does,
// and what became of a run is known all the same. Method: a real PostgreSQL that ends connections,
// dies, or does not give a lock back.
#include "central/jobs/core/runner.hpp"
#include "central/jobs/server/server_world.hpp"
#include "central/sinks/jobs/job_journal.hpp"
#include "central/sinks/opening.hpp"
#include "support/eventually.hpp"

using namespace jobs_test;
using jobs::RunStatus;

namespace {

std::unique_ptr<jobs::Hold> held(sinks::JobJournal& journal) {
    auto hold = journal.hold("nightly");
    REQUIRE_MESSAGE(hold, hold.error().detail);
    return std::move(hold).value();
}

struct World : ServerWorld {
    jobs::Run begun() {
        jobs::Run run{.job = "nightly", .kind = "backup", .started = now};
        const auto id = journal.begin(run);
        REQUIRE_MESSAGE(id, id.error().detail);
        run.id = id.value();
        return run;
    }
    /// As another program sees it.
    jobs::Run newest() const {
        sinks::JobJournal other{address};
        const auto run = other.newest("nightly");
        REQUIRE_MESSAGE(run, run.error().detail);
        REQUIRE(run.value());
        return *run.value();
    }

    sinks::JobJournal journal{address};
};

}  // namespace

TEST_CASE("a job that is held nobody else gets, nor the same connection again, until it is free") {
    World world;
    sinks::JobJournal other{world.address};
    {
        const auto hold = held(world.journal);
        CHECK(hold->check());
        for (auto* journal : {&other, &world.journal}) {
            const auto second = journal->hold("nightly");
            REQUIRE_FALSE(second);
            CHECK(second.error().fault == base::Fault::transient);
            CHECK(second.error().detail == "it is running already");
        }
        CHECK(other.hold("weekly"));
    }
    CHECK(other.hold("nightly"));
    CHECK(world.journal.hold("nightly"));
}

TEST_CASE("a run whose connection is lost may write nothing more but how it ended") {
    World world;
    auto hold = held(world.journal);
    auto run = world.begun();
    world.cut_off("nightly");
    sinks::JobJournal other{world.address};
    const auto second = held(other);
    CHECK(other.close_interrupted("nightly", world.now).value() == 1);
    for (int i = 0; i < 2; ++i) CHECK_FALSE(hold->check());
    CHECK_FALSE(world.journal.begin(run));
    CHECK_FALSE(world.journal.close_interrupted("nightly", world.now));
    CHECK(world.newest().status == RunStatus::interrupted);
    run.status = RunStatus::ok;
    run.ended = world.now + 1s;
    const auto noted = world.journal.end(run);
    REQUIRE_MESSAGE(noted, noted.error().detail);
    CHECK(world.newest() == run);
    // Nor does it have a hold by that.
    CHECK_FALSE(hold->check());
    hold.reset();
    CHECK_FALSE(world.journal.hold("nightly"));
    CHECK(world.journal.hold("weekly"));
}

TEST_CASE("a run during whose end the server is away is noted as what it was") {
    World world;
    Silence silence;
    int rests = 0;
    ScriptedJob job{[](const jobs::Order&) {
        central_test::server().crash();
        return jobs::Work{.records = 7};
    }};
    const auto run = jobs::carry_out({.name = "nightly", .kind = "backup"}, job, {}, world.journal,
                                     world.clock, silence, [&](base::Duration) {
                                         if (++rests < 2) return;
                                         central_test::server().restart();
                                         base::pause_for(1'100ms);  // Until it is asked again.
                                     });
    REQUIRE_MESSAGE(run, run.error().detail);
    CHECK(rests == 2);
    CHECK(run.value().status == RunStatus::ok);
    CHECK(world.newest() == run.value());
}

TEST_CASE("a lock that the server does not give back goes with its connection") {
    // Where functions of the schema go before those of the server.
    const auto address = sinks::Address::server(central_test::fresh_uri() + ",pg_catalog");
    const auto central = sinks::open_sink({.path = address});
    REQUIRE(central);
    sinks::JobJournal journal{address};
    auto hold = held(journal);
    const auto made = sinks::open_database(address, false)
                          .value()
                          ->execute(
                              "CREATE FUNCTION pg_advisory_unlock(key BIGINT) RETURNS BOOLEAN "
                              "LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''not now''; END'");
    REQUIRE_MESSAGE(made, made.error().detail);
    hold.reset();
    sinks::JobJournal other{address};
    CHECK(support::eventually([&] { return static_cast<bool>(other.hold("nightly")); }));
}
