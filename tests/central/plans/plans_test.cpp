// Goal: what central asks of its database takes no longer when the database is older. Method: the
// same is done to a young one and to one that is four times as old, and the database tells how much
// it had to do. What reads a whole table, or a whole index, had to do four times as much. What is
// bounded otherwise is left out: a list of one node's findings is sought among all of them.
#include <doctest/doctest.h>

#include <string>

#include "central/database/place.hpp"
#include "central/plans/aged_world.hpp"
#include "central/plans/work.hpp"
#include "support/temporary_folder.hpp"

namespace {

using plans_test::AgedWorld;
using plans_test::Work;

/// What it does by itself is none of our work.
void keep_server_still() {
    if (!central_test::is_postgres()) return;
    auto database = sinks::open_database(central_test::fresh_schema(), false);
    REQUIRE(database);
    REQUIRE(database.value()->execute("ALTER SYSTEM SET autovacuum = off"));
    REQUIRE(database.value()->execute("SELECT pg_reload_conf()"));
}

Work work_of(AgedWorld& world, void (AgedWorld::*deed)()) {
    const plans_test::WorkMeter meter{world.address()};
    (world.*deed)();
    return meter.take();
}

struct Deed {
    std::string name;
    void (AgedWorld::*deed)();
    std::string by_design;  // What this table is asked grows with it, up to what is kept.
};

// All gaps of a node, which are at most 10 000, are read once a step of the judge; and in a young
// database for some answers as many as there are.
const Deed kDeeds[] = {{"answers", &AgedWorld::ask, "gap"},
                       {"judging", &AgedWorld::judge, "gap"},
                       {"retention", &AgedWorld::remove, "nothing"},
                       {"retention in vain", &AgedWorld::find_nothing_to_remove, "nothing"},
                       {"new records", &AgedWorld::count, "nothing"}};

}  // namespace

TEST_CASE("what central asks of its database takes no longer when that is older") {
    keep_server_still();
    const support::TemporaryFolder folder;
    AgedWorld young{central_test::place(folder.file("young.db")), 1'440};
    AgedWorld old{central_test::place(folder.file("old.db")), 5'760};
    for (const auto& [name, deed, by_design] : kDeeds) {
        const auto less = work_of(young, deed);
        const auto more = work_of(old, deed);
        double all = 0;
        for (const auto& [what, steps] : more) {
            if (what.find(by_design) != std::string::npos) continue;
            const auto known = less.find(what);
            const auto before = known == less.end() ? 0 : known->second;
            CHECK_MESSAGE(steps <= 1.5 * before + 100, name, ", ", what, ": ", before, " and ",
                          steps);
            all += steps;
        }
        CHECK(all > 500);  // It was seen.
    }
}
