#pragma once

#include <cstdlib>
#include <string>

#include "central/jobs/kinds/job_world.hpp"

namespace jobs_test {

/// These suites are about a server, whoever starts them.
inline const bool kHasServer = ::setenv("LEAT_TEST_DATABASE", "postgresql", 1) == 0;

/// A database on the server of this program, filled by the engine, that a central has open.
struct ServerWorld : JobWorld {
    ServerWorld() { fill(kMidnight, kMidnight + 24h); }

    std::int64_t number(const std::string& sql) const {
        auto other = sinks::open_database(address, true);
        REQUIRE_MESSAGE(other, other.error().detail);
        const auto found = other.value()->number(sql);
        REQUIRE_MESSAGE(found, found.error().detail);
        return found.value();
    }

    /// Ends the connection that holds the job, as the server, or what lies between, may.
    void cut_off(const std::string& job) const {
        CHECK(number("SELECT sum(CASE WHEN pg_terminate_backend(pid, 5000) THEN 1 ELSE 0 END) FROM"
                     " pg_locks WHERE locktype = 'advisory' AND"
                     " (CAST(classid AS BIGINT) << 32 | CAST(objid AS BIGINT)) ="
                     " hashtextextended(current_schema() || ':job:" +
                     job + "', 2)") == 1);
    }

    sinks::Address address = central_test::place(path);
};

}  // namespace jobs_test
