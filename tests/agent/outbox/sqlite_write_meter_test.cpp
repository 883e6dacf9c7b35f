// Goal: what the meter counts is what the files were given. Method: an outbox over the meter over
// the machine's own file system; /proc/self/io is the kernel's count of the same.
#include "agent/outbox/sqlite_write_meter.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <string>

#include "agent/outbox/sqlite_outbox.hpp"
#include "support/temporary_folder.hpp"

namespace {

/// Bytes handed to write calls by this process.
std::uint64_t bytes_written_by_us() {
    std::ifstream io("/proc/self/io");
    std::string name;
    std::uint64_t value = 0;
    while (io >> name >> value) {
        if (name == "wchar:") return value;
    }
    return 0;
}

}  // namespace

TEST_CASE("every byte that SQLite writes is counted, and every sync") {
    const support::TemporaryFolder folder;
    const agent::WriteMeter meter;
    const auto before = bytes_written_by_us();
    agent::SqliteOutboxOptions options;
    options.path = folder.file("outbox.db");
    options.node = "node";
    options.vfs = meter.vfs_name();
    auto outbox = agent::SqliteOutbox::open(options);
    REQUIRE(outbox);
    agent::Flush flush;
    flush.lines = {"{" + std::string(1000, 'x') + "}"};
    flush.contents = {{}};
    REQUIRE(outbox.value()->append(flush));  // The first one begins the write-ahead log.
    const auto opened = meter.written();
    for (int i = 0; i < 20; ++i) REQUIRE(outbox.value()->append(flush));
    const auto written = meter.written();
    // A sanitizer's runtime writes a word now and then, too.
    const auto kernels = bytes_written_by_us() - before;
    CHECK(written.bytes <= kernels);
    CHECK(kernels - written.bytes < 256);
    CHECK(written.bytes - opened.bytes > 20 * 1000);
    CHECK(written.syncs - opened.syncs == 20);  // One a commit: the stated price.
    CHECK(written.blocks * agent::WriteMeter::kBlockBytes >= written.bytes);
    CHECK(outbox.value()->extent().written == written.blocks * agent::WriteMeter::kBlockBytes);
}
