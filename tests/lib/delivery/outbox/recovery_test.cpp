// Goal: what the outbox does after an error, or when its file is taken away: it takes nothing for
// committed that is not, and no position is lost.
// Method: every sync of a story fails once, in turn; the disk is full for one call; files are
// removed and replaced.

#include <filesystem>
#include <fstream>

#include "lib/delivery/outbox/hidden_name.hpp"
#include "lib/delivery/outbox/numbered_outbox.hpp"
#include "support/captured_log.hpp"

using namespace outbox_test;

TEST_CASE("a reserve that a full disk refused is not taken for done the next time") {
    const support::TemporaryFolder folder;
    const FaultyDisk disk;
    auto outbox = open_in(folder);
    for (std::uint64_t i = 1; i <= 3; ++i) REQUIRE(outbox->append(numbered(i)));
    FaultyDisk::fill(true);
    for (int i = 0; i < 2; ++i) {
        const auto reserved = outbox->reserve(2);
        REQUIRE_FALSE(reserved);
        CHECK(reserved.error().fault == base::Fault::exhausted);
    }
    FaultyDisk::fill(false);
    CHECK(outbox->reserve(2));
    CHECK(outbox->reopened() == 0);
}

TEST_CASE("while a commit is in doubt, no fork gives its records other numbers") {
    const support::TemporaryFolder folder;
    const FaultyDisk disk;
    auto outbox = open_in(folder);
    REQUIRE(outbox->append(numbered(1)));
    FaultyDisk::fail_syncs(2);  // The second one keeps the log with the flush from being dropped.
    REQUIRE_FALSE(outbox->append(numbered(2)));
    REQUIRE(outbox->read(0, 100, 100'000).value().size() == 2);
    const auto forked = outbox->fork(0);
    REQUIRE_FALSE(forked);
    CHECK(forked.error().fault == base::Fault::transient);
    REQUIRE(outbox->append(numbered(2)));
    check_books(*outbox, 2);
    REQUIRE(outbox->fork(0));
    CHECK(outbox->extent().head == 2);
}

TEST_CASE("after a fork a flush larger than the whole quota is refused as before") {
    const support::TemporaryFolder folder;
    auto options = options_in(folder);
    options.quota = SqliteOutbox::kQuotaMin;
    const auto opened = SqliteOutbox::open(options);
    REQUIRE(opened);
    auto& outbox = *opened.value();
    REQUIRE(outbox.append(numbered(1)));
    REQUIRE(outbox.fork(0));
    Flush flush;
    for (std::uint64_t bytes = 0; bytes < options.quota * 3 / 2; bytes += 10'000) {
        flush.lines.push_back(std::string(10'000, 'x'));
        flush.contents.push_back({});
    }
    const auto refused = outbox.append(flush);
    CHECK_FALSE(refused);
    if (refused) return;
    CHECK(refused.error().fault == base::Fault::exhausted);
    CHECK(outbox.extent().head == 1);
}

TEST_CASE("what a failed sync left in doubt is not read before it is on the disk") {
    const support::TemporaryFolder folder;
    const FaultyDisk disk;
    auto outbox = open_in(folder);
    REQUIRE(outbox->append(numbered(1)));
    FaultyDisk::fail_syncs(3);  // Of the commit, of the closing, and of the opening.
    REQUIRE_FALSE(outbox->append(numbered(2)));
    CHECK_FALSE(outbox->read(0, 100, 100'000));
    CHECK(FaultyDisk::failed() == 3);
    REQUIRE(outbox->append(numbered(2)));
    check_books(*outbox, 2);
}

TEST_CASE("positions outlive a damaged file, whichever sync fails on the way to a new one") {
    bool has_failed = true;
    for (int honest = 0; has_failed; ++honest) {
        CAPTURE(honest);
        const support::TemporaryFolder folder;
        {
            auto outbox = open_in(folder);
            for (std::uint64_t i = 1; i <= 200; ++i) REQUIRE(outbox->append(numbered(i)));
        }
        overwrite(folder, 4096 * 2, 4096);
        const FaultyDisk disk;
        FaultyDisk::fail_syncs(1, honest);
        // As systemd does.
        if (!SqliteOutbox::open(options_in(folder))) CHECK(FaultyDisk::failed() == 1);
        has_failed = FaultyDisk::failed() == 1;
        FaultyDisk::fail_syncs(0);
        auto outbox = open_in(folder);
        CHECK(outbox->extent().head == 0);
        CHECK(outbox->position("csv") == "200");
        CHECK(std::filesystem::exists(folder.file("outbox.db.corrupt-1")));
        CHECK_FALSE(std::filesystem::exists(folder.file("outbox.db.corrupt-2")));
        CHECK_FALSE(std::filesystem::exists(folder.file("outbox.db.new")));
        CHECK(honest < 100);
    }
}

TEST_CASE("a program that ends between a damaged file and the new one goes on with the new one") {
    const support::TemporaryFolder folder;
    const auto path = folder.file("outbox.db");
    {
        auto outbox = open_in(folder);
        REQUIRE(outbox->append(numbered(1)));
        std::filesystem::copy_file(path + "-wal", path + "-older");
        for (std::uint64_t i = 2; i <= 3; ++i) REQUIRE(outbox->append(numbered(i)));
    }
    std::filesystem::rename(path, path + ".new");
    std::filesystem::rename(path + "-older", path + "-wal");  // What the damaged file left.
    {
        const support::CapturedLog log;
        const auto outbox = open_in(folder);
        check_books(*outbox, 3);
        CHECK(outbox->damaged() == 1);
        CHECK(log.lines("outbox damaged") == 1);
    }
    CHECK(open_in(folder)->damaged() == 0);
    SUBCASE("but a new one that was not needed replaces nothing") {
        std::ofstream(path + ".new") << "half of one";
        check_books(*open_in(folder), 3);
    }
    SUBCASE("and half of a new one is begun again") {
        std::ofstream(path + ".new") << "half of one";
        {
            auto outbox = open_in(folder);
            for (std::uint64_t i = 4; i <= 200; ++i) REQUIRE(outbox->append(numbered(i)));
        }
        overwrite(folder, 4096 * 2, 4096);
        CHECK(open_in(folder)->position("csv") == "200");
    }
}

TEST_CASE("positions read from a damaged file outlive a full disk while the damage spreads") {
    const support::TemporaryFolder folder;
    const FaultyDisk disk;
    auto outbox = open_in(folder);
    for (std::uint64_t i = 1; i <= 200; ++i) REQUIRE(outbox->append(numbered(i)));
    outbox = nullptr;  // So that all of it is in the file.
    outbox = open_in(folder);
    FaultyDisk::fail_syncs(1);
    REQUIRE_FALSE(outbox->append(numbered(201)));
    overwrite(folder, 4096 * 2, 4096);
    FaultyDisk::fill(true);
    const auto full = outbox->append(numbered(201));
    REQUIRE_FALSE(full);
    CHECK(full.error().fault == base::Fault::exhausted);
    overwrite(folder, 0, 4096);
    std::filesystem::remove(folder.file("outbox.db-wal"));
    REQUIRE_FALSE(outbox->append(numbered(201)));
    FaultyDisk::fill(false);
    CHECK(outbox->position("csv").value_or("") >= "200");
    CHECK(outbox->damaged() == 1);
    REQUIRE(outbox->append(numbered(1)));
    check_books(*outbox, 1);
}

TEST_CASE("a file that cannot be looked at is not taken for missing") {
    const support::TemporaryFolder folder;
    const auto path = folder.file("outbox.db");
    const FaultyDisk disk;
    auto outbox = open_in(folder);
    REQUIRE(outbox->append(numbered(1)));
    const auto other = folder.file("outbox.db.new");
    std::filesystem::copy_file(path, other);  // Left over, and older.
    REQUIRE(outbox->append(numbered(2)));
    const auto check_refusal = [](const base::Status& refused, const std::string& name) {
        CHECK_FALSE(refused);
        if (refused) return;
        CHECK(refused.error().fault == base::Fault::transient);
        CHECK(refused.error().detail.find("cannot look at " + name) != std::string::npos);
        CHECK(agent_test::HiddenName::looked() > 0);
    };
    SUBCASE("when a program begins") {
        outbox = nullptr;
        const agent_test::HiddenName hidden{path};
        const auto refused = SqliteOutbox::open(options_in(folder));
        check_refusal(refused ? base::Status{base::Done{}} : refused.error(), path);
    }
    SUBCASE("when it is opened again after an error") {
        FaultyDisk::fail_syncs(1);
        REQUIRE_FALSE(outbox->append(numbered(3)));
        const agent_test::HiddenName hidden{path};
        check_refusal(outbox->append(numbered(3)), path);
    }
    SUBCASE("nor is the one that waits to replace a damaged one") {
        outbox = nullptr;
        std::filesystem::rename(path, other);
        {
            const agent_test::HiddenName hidden{other};
            const auto refused = SqliteOutbox::open(options_in(folder));
            check_refusal(refused ? base::Status{base::Done{}} : refused.error(), other);
        }
        CHECK_FALSE(std::filesystem::exists(path));
    }
    outbox = nullptr;
    outbox = open_in(folder);
    const auto kept = outbox->read(0, 100, 100'000);
    REQUIRE(kept);
    CHECK(kept.value().size() >= 2);
    CHECK(outbox->position("csv").value_or("") >= "2");
}

TEST_CASE("a link that leads nowhere now is not replaced: its disk may be mounted later") {
    const support::TemporaryFolder folder;
    const auto path = folder.file("outbox.db");
    const auto disk = folder.file("disk");
    REQUIRE(open_in(folder)->append(numbered(1)));
    std::filesystem::copy_file(path, path + ".new");
    std::filesystem::create_directory(disk);
    std::filesystem::rename(path, disk + "/outbox.db");
    std::filesystem::create_symlink(disk + "/outbox.db", path);
    REQUIRE(open_in(folder)->append(numbered(2)));
    std::filesystem::rename(disk, disk + "-away");
    CHECK_FALSE(SqliteOutbox::open(options_in(folder)));
    CHECK(std::filesystem::is_symlink(path));
    std::filesystem::rename(disk + "-away", disk);
    check_books(*open_in(folder), 2);
}

TEST_CASE(
    "a file that is removed or replaced while it is in use is put back with everything in it") {
    struct Theft {
        const char* name;
        std::vector<std::string> gone;
        bool replaced = false;  // Another file is there.
        bool old_log = false;   // An earlier state of the log is there.
    };
    for (const auto& theft :
         {Theft{"the file", {""}}, Theft{"its log", {"-wal"}}, Theft{"both", {"", "-wal"}},
          Theft{"both, and another one is there", {"", "-wal"}, true},
          Theft{"the log, and an older one is there", {"-wal"}, false, true},
          Theft{"both, and an older log is there", {"", "-wal"}, false, true}}) {
        CAPTURE(theft.name);
        const support::TemporaryFolder folder;
        const auto path = folder.file("outbox.db");
        wire::Incarnation incarnation;
        {
            auto outbox = open_in(folder);
            incarnation = outbox->extent().incarnation;
            REQUIRE(outbox->append(numbered(1)));
            std::filesystem::copy_file(path + "-wal", path + "-older");
            for (std::uint64_t i = 2; i <= 3; ++i) REQUIRE(outbox->append(numbered(i)));
            for (const auto& end : theft.gone) std::filesystem::remove(path + end);
            if (theft.old_log) std::filesystem::rename(path + "-older", path + "-wal");
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
