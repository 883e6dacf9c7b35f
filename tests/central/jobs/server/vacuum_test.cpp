// Goal: every table of leat's is vacuumed and analysed, however long that takes, and no further one
// once the run may not go on.
#include "central/jobs/server/kinds.hpp"
#include "central/jobs/server/server_world.hpp"

using namespace jobs_test;

namespace {

struct World : ServerWorld {
    /// Tables of which the server knows how many rows they have.
    std::int64_t known() const { return tables("AND reltuples >= 0"); }
    std::int64_t tables(const std::string& which = {}) const {
        return number(
            "SELECT count(*) FROM pg_class WHERE relkind = 'r' AND relnamespace ="
            " (SELECT oid FROM pg_namespace WHERE nspname = current_schema()) " +
            which);
    }
};

}  // namespace

TEST_CASE("all tables are vacuumed beside a central that runs, also those of a person") {
    World world;
    world.execute("CREATE TABLE \"My \"\"notes\" (x INTEGER)");
    const auto before = world.known();
    const auto dry = world.work("vacuum", {}, {.is_dry = true});
    CHECK(world.known() == before);
    const auto work = world.work("vacuum", {});
    CHECK(work.records == static_cast<std::uint64_t>(world.tables()));
    CHECK(work.records > 20);
    CHECK(dry.wrote == work.wrote);
    CHECK(world.known() == world.tables());
    world.fill(kMidnight + 24h, kMidnight + 25h);
    CHECK(world.number("SELECT CAST(sum(count) AS BIGINT) FROM rollup_1m") == 150);
}

TEST_CASE("a run that may write no more vacuums no further table") {
    World world;
    const auto before = world.known();
    Limited limited{2};
    const auto done = world.make("vacuum")->run({}, world.now, limited);
    REQUIRE_FALSE(done);
    CHECK(done.error().detail == "it is not the only one any more");
    CHECK(world.known() <= before + 2);
}

TEST_CASE("work that takes longer than an answer may otherwise is waited for") {
    World world;
    const auto patient = sinks::open_patient(world.address);
    REQUIRE(patient);
    REQUIRE(world.address.options().answer_within < 8'100ms);
    const auto slept =
        patient.value()->number("SELECT CASE WHEN pg_sleep(8.2) IS NULL THEN 0 ELSE 1 END");
    REQUIRE_MESSAGE(slept, slept.error().detail);
    CHECK(patient.value()->number("SELECT 1").value() == 1);
}
