// Goal: what the outbox on disk promises beyond the contract: numbers survive a restart, a kill
// loses nothing that was reported, a second process and another node are refused, damage is loud.

#include "delivery/outbox/sqlite_outbox.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sqlite3.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <set>

#include "support/temporary_folder.hpp"

namespace {

using base::Fault;
using delivery::Flush;
using delivery::SqliteOutbox;

Flush numbered(std::uint64_t number, std::size_t bytes = 100) {
    return {
        .lines = {fmt::format(R"({{"k":"x","n":{},"pad":"{}"}})", number, std::string(bytes, 'p'))},
        .contents = {{.readings = 1, .first_ms = 1, .last_ms = 1}},
        .positions = {{"csv", fmt::format("{}", number)}},
        .settled = 0};
}

delivery::SqliteOutboxOptions options_in(const support::TemporaryFolder& folder) {
    delivery::SqliteOutboxOptions options;
    options.path = folder.file("outbox.db");
    options.node = "n";
    return options;
}

std::unique_ptr<SqliteOutbox> open_in(const support::TemporaryFolder& folder) {
    auto outbox = SqliteOutbox::open(options_in(folder));
    REQUIRE_MESSAGE(outbox, (outbox ? "" : outbox.error().detail));
    return std::move(outbox).value();
}

/// What a dying card does to a file that nobody has open.
void overwrite(const support::TemporaryFolder& folder, std::size_t from, std::size_t bytes) {
    std::fstream file(folder.file("outbox.db"), std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(static_cast<std::streamoff>(from));
    file << std::string(bytes, '\x5a');
}

/// Appends in a child until it is killed; gives the last number whose append had returned.
std::uint64_t append_until_killed(const support::TemporaryFolder& folder, useconds_t after_us) {
    std::array<int, 2> pipe_ends{};
    REQUIRE(pipe(pipe_ends.data()) == 0);
    const auto child = fork();
    if (child == 0) {
        auto outbox = SqliteOutbox::open(options_in(folder));
        if (!outbox) _exit(1);
        for (auto number = outbox.value()->extent().head + 1;; ++number) {
            if (!outbox.value()->append(numbered(number))) _exit(1);
            if (write(pipe_ends[1], &number, sizeof number) != sizeof number) _exit(1);
        }
    }
    close(pipe_ends[1]);
    std::uint64_t last = 0;
    std::uint64_t number = 0;
    // Waits for the first append, so that even on a slow machine the kill hits it at work.
    if (read(pipe_ends[0], &number, sizeof number) == sizeof number) last = number;
    usleep(after_us);
    kill(child, SIGKILL);
    int status = 0;
    REQUIRE(waitpid(child, &status, 0) == child);
    CHECK(WIFSIGNALED(status));
    while (read(pipe_ends[0], &number, sizeof number) == sizeof number) last = number;
    close(pipe_ends[0]);
    return last;
}

}  // namespace

TEST_CASE("numbers, positions, chain and incarnation go on after a restart") {
    const support::TemporaryFolder folder;
    delivery::Extent before;
    for (std::uint64_t i = 1; i <= 3; ++i) {
        auto outbox = open_in(folder);
        if (i > 1) CHECK(outbox->extent().incarnation == before.incarnation);
        REQUIRE(outbox->append(numbered(i)));
        CHECK(outbox->extent().head == i);
        CHECK(outbox->position("csv") == fmt::format("{}", i));
        before = outbox->extent();
    }
    auto outbox = open_in(folder);
    REQUIRE(outbox->fork(3));  // An empty outbox after a fork begins at 1, of another incarnation.
    outbox.reset();
    outbox = open_in(folder);
    CHECK(outbox->extent().head == 0);
    CHECK(outbox->extent().incarnation != before.incarnation);
}

TEST_CASE("every append that returned is there after kill -9, and its position with it") {
    const support::TemporaryFolder folder;
    std::uint64_t kills_in_work = 0;
    for (useconds_t round = 0; round < 12; ++round) {
        const auto last = append_until_killed(folder, 20'000 + round * 7'919);
        kills_in_work += last > 0 ? 1 : 0;
        auto outbox = open_in(folder);
        const auto head = outbox->extent().head;
        CHECK(head >= last);
        CHECK(head <= last + 1);  // One append may have ended before it could report that.
        if (head == 0) continue;
        CHECK(outbox->position("csv") == fmt::format("{}", head));
        const auto newest = outbox->read(head - 1, 1, 1000);
        REQUIRE(newest);
        CHECK(newest.value().at(0).line == numbered(head).lines[0]);
    }
    CHECK(kills_in_work > 6);  // The kills really hit a working process.
}

TEST_CASE("a second process on the same file is refused, with the reason") {
    const support::TemporaryFolder folder;
    auto first = open_in(folder);
    REQUIRE(first->append(numbered(1)));
    // POSIX locks do not hold within a process, so the second one must be real.
    const auto child = fork();
    if (child == 0) {
        const auto second = SqliteOutbox::open(options_in(folder));
        const bool is_refused =
            !second && second.error().fault == Fault::misconfigured &&
            second.error().detail.find("in use by another process") != std::string::npos;
        _exit(is_refused ? 0 : 1);
    }
    int status = 0;
    REQUIRE(waitpid(child, &status, 0) == child);
    CHECK(status == 0);
    CHECK(first->append(numbered(2)));
}

TEST_CASE("the file of another node is refused, with what to do") {
    const support::TemporaryFolder folder;
    open_in(folder).reset();
    auto options = options_in(folder);
    options.node = "other";
    const auto opened = SqliteOutbox::open(options);
    REQUIRE_FALSE(opened);
    CHECK(opened.error().fault == Fault::misconfigured);
    CHECK(opened.error().detail.find("set [node] name = \"n\"") != std::string::npos);
}

TEST_CASE("a folder that is not there is an error that says so") {
    const support::TemporaryFolder folder;
    auto options = options_in(folder);
    options.path = folder.file("missing/outbox.db");
    const auto opened = SqliteOutbox::open(options);
    REQUIRE_FALSE(opened);
    CHECK(opened.error().fault == Fault::misconfigured);
    CHECK(opened.error().detail.find("missing/outbox.db") != std::string::npos);
}

TEST_CASE("a damaged file is put aside and a new incarnation begins") {
    const support::TemporaryFolder folder;
    std::set<std::uint64_t> incarnations;
    for (int round = 0; round < 5; ++round) {
        {
            auto outbox = open_in(folder);
            CHECK(outbox->extent().head == 0);
            CHECK(outbox->damaged() == (round == 0 ? 0 : 1));
            incarnations.insert(outbox->extent().incarnation.bits);
            for (std::uint64_t i = 1; i <= 200; ++i) REQUIRE(outbox->append(numbered(i)));
        }
        overwrite(folder, 4096 * 5, 4096);
    }
    open_in(folder).reset();
    CHECK(incarnations.size() == 5);
    std::size_t kept = 0;
    for (const auto& entry : std::filesystem::directory_iterator(folder.path())) {
        kept += entry.path().string().find(".corrupt-") != std::string::npos ? 1U : 0U;
    }
    CHECK(kept == 3);
    CHECK(std::filesystem::exists(folder.file("outbox.db.corrupt-5")));
}

TEST_CASE("positions outlive a damaged page of records: no file is counted twice") {
    const support::TemporaryFolder folder;
    {
        auto outbox = open_in(folder);
        for (std::uint64_t i = 1; i <= 200; ++i) REQUIRE(outbox->append(numbered(i)));
        auto other = numbered(201);
        other.positions = {{"other", "7"}};
        REQUIRE(outbox->append(other));
    }
    overwrite(folder, 4096 * 5, 4096);
    for (int start = 0; start < 2; ++start) {  // The new file has them, not only this process.
        auto outbox = open_in(folder);
        CHECK(outbox->damaged() == (start == 0 ? 1 : 0));
        CHECK(outbox->extent().damaged == outbox->damaged());
        CHECK(outbox->extent().head == 0);
        CHECK(outbox->position("csv") == "200");
        CHECK(outbox->position("other") == "7");
    }
}

TEST_CASE("a file of which nothing can be read is put aside, and the outbox begins empty") {
    struct Damage {
        const char* name;
        std::size_t from;
        std::size_t bytes;
    };
    for (const auto& damage :
         {Damage{"all of it", 0, 1'000'000}, Damage{"its header", 0, 100},
          Damage{"its first page", 0, 4096}, Damage{"all but its header", 100, 1'000'000}}) {
        CAPTURE(damage.name);
        const support::TemporaryFolder folder;
        {
            auto outbox = open_in(folder);
            for (std::uint64_t i = 1; i <= 200; ++i) REQUIRE(outbox->append(numbered(i)));
        }
        const auto size = std::filesystem::file_size(folder.file("outbox.db"));
        overwrite(folder, damage.from, std::min<std::size_t>(damage.bytes, size - damage.from));
        auto outbox = open_in(folder);
        CHECK(outbox->damaged() == 1);
        CHECK(outbox->extent().head == 0);
        CHECK_FALSE(outbox->position("csv"));
        CHECK(std::filesystem::exists(folder.file("outbox.db.corrupt-1")));
        REQUIRE(outbox->append(numbered(1)));
        CHECK(outbox->position("csv") == "1");
    }
}

TEST_CASE("a newest record that does not fit its hash is damage") {
    const support::TemporaryFolder folder;
    auto outbox = open_in(folder);
    for (std::uint64_t i = 1; i <= 3; ++i) REQUIRE(outbox->append(numbered(i)));
    outbox.reset();
    sqlite3* handle = nullptr;
    REQUIRE(sqlite3_open(folder.file("outbox.db").c_str(), &handle) == SQLITE_OK);
    REQUIRE(sqlite3_exec(handle, "UPDATE records SET line = '{}' WHERE seq = 3", nullptr, nullptr,
                         nullptr) == SQLITE_OK);
    sqlite3_close(handle);
    outbox = open_in(folder);
    CHECK(outbox->damaged() == 1);
    CHECK(outbox->extent().head == 0);
}

TEST_CASE("the file never grows beyond its quota") {
    const support::TemporaryFolder folder;
    auto options = options_in(folder);
    options.quota = 1024 * 1024;
    auto opened = SqliteOutbox::open(options);
    REQUIRE(opened);
    auto& outbox = *opened.value();
    for (std::uint64_t i = 1; i <= 1500; ++i) {
        REQUIRE(outbox.append(numbered(i, 50 + (i * 7919) % 15'000)));
    }
    CHECK(std::filesystem::file_size(options.path) <= options.quota);
    CHECK(std::filesystem::file_size(options.path + "-wal") <= 3 * options.quota);
    CHECK(outbox.extent().evicted > 0);
}

TEST_CASE("a flush larger than the whole quota is refused and harms nothing") {
    const support::TemporaryFolder folder;
    auto options = options_in(folder);
    options.quota = 1024 * 1024;
    auto opened = SqliteOutbox::open(options);
    REQUIRE(opened);
    auto& outbox = *opened.value();
    for (std::uint64_t i = 1; i <= 3; ++i) REQUIRE(outbox.append(numbered(i)));
    Flush flush;
    for (int i = 0; i < 100; ++i) {
        flush.lines.push_back(numbered(9, 15'000).lines[0]);
        flush.contents.push_back({});
    }
    const auto refused = outbox.append(flush);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().fault == Fault::exhausted);
    CHECK(outbox.extent().head == 3);
    REQUIRE(outbox.append(numbered(4)));
    CHECK(outbox.extent().head == 4);
    CHECK(outbox.extent().evicted == 0);
}
