#include "central/jobs/core/lock.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>

#include "central/jobs/core/lock_holder.hpp"
#include "support/temporary_folder.hpp"

TEST_CASE("each job of each database has a lock of its own") {
    CHECK(jobs::lock_path("/var/lib/leat.db", "nightly") == "/var/lib/leat.db.job-nightly.lock");
}

TEST_CASE("a lock is had once, and again when it was let go") {
    const support::TemporaryFolder folder;
    const auto path = folder.file("lock");
    {
        const auto first = jobs::RunLock::acquire(path);
        REQUIRE(first);
        const auto second = jobs::RunLock::acquire(path);
        REQUIRE_FALSE(second);
        CHECK(second.error().fault == base::Fault::transient);
        CHECK(second.error().detail == "it is running already");
        CHECK(jobs::RunLock::acquire(folder.file("other")));
    }
    CHECK(jobs::RunLock::acquire(path));
}

TEST_CASE("another process keeps a lock until it dies, however it dies") {
    const support::TemporaryFolder folder;
    const auto path = folder.file("lock");
    {
        const jobs_test::LockHolder holder{path};
        const auto refused = jobs::RunLock::acquire(path);
        REQUIRE_FALSE(refused);
        CHECK(refused.error().fault == base::Fault::transient);
    }
    CHECK(jobs::RunLock::acquire(path));
}

TEST_CASE("a lock in a folder that is not there is the operator's to mend") {
    const support::TemporaryFolder folder;
    const auto refused = jobs::RunLock::acquire(folder.file("missing/lock"));
    REQUIRE_FALSE(refused);
    CHECK(refused.error().fault == base::Fault::misconfigured);
    CHECK(refused.error().detail.find("missing/lock: No such file") != std::string::npos);
}

TEST_CASE("a lock that another user's run has left keeps nobody out") {
    const support::TemporaryFolder folder;
    const auto path = folder.file("lock");
    CHECK(jobs::RunLock::acquire(path));
    // As when root ran the job first: it is there for others to read, and nothing more.
    REQUIRE(::chmod(path.c_str(), 0444) == 0);
    CHECK(jobs_test::acquires_as_nobody(folder, path));
}
