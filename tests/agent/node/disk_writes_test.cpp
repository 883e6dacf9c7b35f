// Goal: the node reports what the kernel counts, and nothing where the kernel does not count.

#include "agent/node/disk_writes.hpp"

#include <doctest/doctest.h>

#include "support/temporary_folder.hpp"

namespace {

// As Linux writes it.
std::string counts(const std::string& write_bytes) {
    return "rchar: 3980\nwchar: 5\nsyscr: 9\nsyscw: 0\nread_bytes: 4096\nwrite_bytes: " +
           write_bytes + "\ncancelled_write_bytes: 77\n";
}

}  // namespace

TEST_CASE("what was written since the start is counted, not what came before") {
    const support::TemporaryFolder folder;
    const auto file = folder.write("io", counts("8192"));
    const agent::DiskWrites writes(file);
    CHECK(writes.bytes() == 0);
    folder.write("io", counts("20480"));
    CHECK(writes.bytes() == 12'288);
    folder.write("io", counts("4096"));  // A count that fell says nothing.
    CHECK_FALSE(writes.bytes());
}

TEST_CASE("where the kernel does not count, how much was written is not known") {
    const support::TemporaryFolder folder;
    CHECK_FALSE(agent::DiskWrites(folder.file("missing")).bytes());
    CHECK_FALSE(agent::DiskWrites(folder.write("other", "rchar: 1\nwchar: 2\n")).bytes());
    CHECK_FALSE(agent::DiskWrites(folder.write("odd", "write_bytes: many\n")).bytes());
    CHECK_FALSE(agent::DiskWrites("").bytes());
}

TEST_CASE("this machine's kernel counts") {
    const agent::DiskWrites writes;
    if (!writes.bytes()) MESSAGE("skipped: no CONFIG_TASK_IO_ACCOUNTING, or no /proc");
}
