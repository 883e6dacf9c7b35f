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
    bool reads_all_gaps = false;  // Of a node, of which at most 10 000 are kept.
};

const Deed kDeeds[] = {{"answers", &AgedWorld::ask, true},
                       {"judging", &AgedWorld::judge, true},
                       {"retention", &AgedWorld::remove},
                       {"retention in vain", &AgedWorld::find_nothing_to_remove},
                       {"new records", &AgedWorld::count}};

/// A table of PostgreSQL's, or a statement of SQLite's.
bool is_of_gaps(const std::string& what) {
    return what == "gap" || what.find("FROM gap ") != std::string::npos;
}

}  // namespace

TEST_CASE("what central asks of its database takes no longer when that is older") {
    keep_server_still();
    const support::TemporaryFolder folder;
    AgedWorld young{central_test::place(folder.file("young.db")), 1'440};
    AgedWorld old{central_test::place(folder.file("old.db")), 5'760};
    for (const auto& [name, deed, reads_all_gaps] : kDeeds) {
        const auto less = work_of(young, deed);
        const auto more = work_of(old, deed);
        double all = 0;
        for (const auto& [what, steps] : more) {
            if (reads_all_gaps && is_of_gaps(what)) continue;
            const auto known = less.find(what);
            const auto before = known == less.end() ? 0 : known->second;
            CHECK_MESSAGE(steps <= 1.5 * before + 100, name, ", ", what, ": ", before, " and ",
                          steps);
            all += steps;
        }
        CHECK(all > 500);  // The meter saw the work.
    }
}
