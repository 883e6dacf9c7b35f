#include "program/secrets.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include "support/temporary_folder.hpp"

TEST_CASE("a secret that every user may read is told with its cure, another is not") {
    const support::TemporaryFolder folder;
    const auto open = folder.write("open", "secret");
    const auto group = folder.write("group", "secret");
    const auto own = folder.write("own", "secret");
    REQUIRE(chmod(open.c_str(), 0644) == 0);
    REQUIRE(chmod(group.c_str(), 0640) == 0);
    REQUIRE(chmod(own.c_str(), 0600) == 0);
    const auto told = program::open_secrets({"", "/nowhere", own, group, open});
    REQUIRE(told.size() == 1);
    CHECK(told.front() == "every user of this machine may read " + open +
                              ", which holds a secret: chmod o= " + open);
}
