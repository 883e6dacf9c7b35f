// Goal: what the node's outbox does when its disk fails it (rows 5, 6, 8, 11 and 13 of the fault
// matrix): nothing that was committed is lost or there twice, and everything else is told.

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <filesystem>
#include <fstream>

#include "agent/sqlite_outbox.hpp"
#include "faulty_disk.hpp"
#include "support/temporary_folder.hpp"

namespace {

using agent::Flush;
using agent::SqliteOutbox;
using agent_test::FaultyDisk;

Flush numbered(std::uint64_t number) {
    return {.lines = {fmt::format(R"({{"k":"x","n":{}}})", number)},
            .contents = {{.readings = 1, .first_ms = 1, .last_ms = 1}},
            .positions = {{"csv", fmt::format("{}", number)}},
            .settled = 0};
}

agent::SqliteOutboxOptions options_in(const support::TemporaryFolder& folder) {
    agent::SqliteOutboxOptions options;
    options.path = folder.file("outbox.db");
    options.node.assign(1, 'n');  // GCC 12 warns wrongly of = "n" here.
    return options;
}

std::unique_ptr<SqliteOutbox> open_in(const support::TemporaryFolder& folder) {
    auto outbox = SqliteOutbox::open(options_in(folder));
    REQUIRE_MESSAGE(outbox, (outbox ? "" : outbox.error().detail));
    return std::move(outbox).value();
}

/// Every line that is stored is another one, and they are those from 1 to `last`.
void check_books(const SqliteOutbox& outbox, std::uint64_t last) {
    const auto records = outbox.read(0, 1000, 1'000'000);
    REQUIRE(records);
    REQUIRE(records.value().size() == last);
    for (std::uint64_t i = 1; i <= last; ++i) {
        CHECK(records.value()[i - 1].line == numbered(i).lines[0]);
    }
}

}  // namespace

TEST_CASE("a failed sync: no false commit, the flush comes again and is there once") {
    const support::TemporaryFolder folder;
    const FaultyDisk disk;
    auto outbox = open_in(folder);
    REQUIRE(outbox->append(numbered(1)));
    for (std::uint64_t i = 2; i <= 6; ++i) {
        FaultyDisk::fail_syncs(1);
        CHECK_FALSE(outbox->append(numbered(i)));
        const auto again = outbox->append(numbered(i));
        REQUIRE_MESSAGE(again, (again ? "" : again.error().detail));
        CHECK(outbox->reopened() == i - 1);
    }
    CHECK(FaultyDisk::failed() == 5);
    check_books(*outbox, 6);
    outbox.reset();
    check_books(*open_in(folder), 6);
}

TEST_CASE(
    "a flush in doubt that is found in the file and sent before it comes again is there once") {
    const support::TemporaryFolder folder;
    const FaultyDisk disk;
    auto outbox = open_in(folder);
    REQUIRE(outbox->append(numbered(1)));
    FaultyDisk::fail_syncs(2);  // The second one keeps the log with the flush from being dropped.
    REQUIRE_FALSE(outbox->append(numbered(2)));
    const auto found = outbox->read(0, 100, 100'000);  // The uplink is quicker than the next flush.
    REQUIRE(found);
    REQUIRE(found.value().size() == 2);
    REQUIRE(outbox->reserve(2));
    REQUIRE(outbox->append(numbered(2)));
    REQUIRE(outbox->append(numbered(3)));
    check_books(*outbox, 3);
}

TEST_CASE("a file that is taken away while it is in use is put back with everything in it") {
    struct Theft {
        const char* name;
        std::vector<std::string> gone;
        bool replaced;
    };
    for (const auto& theft : {Theft{"the file", {""}, false}, Theft{"its log", {"-wal"}, false},
                              Theft{"both", {"", "-wal"}, false},
                              Theft{"both, and another one is there", {"", "-wal"}, true}}) {
        CAPTURE(theft.name);
        const support::TemporaryFolder folder;
        const auto path = folder.file("outbox.db");
        wire::Incarnation incarnation;
        {
            auto outbox = open_in(folder);
            incarnation = outbox->extent().incarnation;
            for (std::uint64_t i = 1; i <= 3; ++i) REQUIRE(outbox->append(numbered(i)));
            for (const auto& end : theft.gone) std::filesystem::remove(path + end);
            if (theft.replaced) std::ofstream(path) << "an old copy";
            for (std::uint64_t i = 4; i <= 6; ++i) REQUIRE(outbox->append(numbered(i)));
            CHECK(outbox->reopened() == 1);
            check_books(*outbox, 6);
        }
        CHECK(std::filesystem::exists(path + ".corrupt-1") == theft.replaced);
        CHECK_FALSE(std::filesystem::exists(path + ".rescued"));
        auto outbox = open_in(folder);
        CHECK(outbox->damaged() == 0);
        CHECK(outbox->extent().incarnation == incarnation);
        CHECK(outbox->position("csv") == "6");
        check_books(*outbox, 6);
    }
}

TEST_CASE("while a file that was taken away cannot be put back nothing is said to be committed") {
    auto folder = std::make_unique<support::TemporaryFolder>();
    auto outbox = open_in(*folder);
    REQUIRE(outbox->append(numbered(1)));
    const auto path = folder->path();
    folder.reset();
    CHECK_FALSE(outbox->append(numbered(2)));
    std::filesystem::create_directory(path);
    REQUIRE(outbox->append(numbered(2)));
    check_books(*outbox, 2);
    outbox.reset();
    CHECK(std::filesystem::exists(path / "outbox.db"));
    std::filesystem::remove_all(path);
}
