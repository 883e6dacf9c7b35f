// Goal: the node on a disk that others fill, that becomes read-only, or on which files may not grow
// (rows 11 and 13 of the fault matrix): readings wait, the reason is reported, and it goes on by
// itself. Method: the real leat-agent on a file system of 4 MiB. Without the right to mount:
// skipped.

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <sys/mount.h>
#include <sys/resource.h>

#include <csignal>
#include <filesystem>
#include <fstream>

#include "delivery/outbox/sqlite_outbox.hpp"
#include "places.hpp"
#include "support/eventually.hpp"
#include "support/process.hpp"
#include "support/temporary_folder.hpp"

namespace {

using namespace std::chrono_literals;
using support::Process;

constexpr const char* kFull = "database or disk is full";
constexpr const char* kReadOnly = "cannot be written: its disk is read-only";

/// A file system in memory, mounted in a folder of its own.
class SmallDisk {
  public:
    SmallDisk() : mounted_(mount("none", path().c_str(), "tmpfs", 0, "size=4m") == 0) {
        if (!mounted_) MESSAGE("skipped: mounting a small file system needs root");
    }
    ~SmallDisk() {
        if (mounted_) umount2(path().c_str(), MNT_DETACH);
    }
    SmallDisk(const SmallDisk&) = delete;
    SmallDisk& operator=(const SmallDisk&) = delete;

    bool is_there() const { return mounted_; }
    std::string path() const { return folder_.path().string(); }
    std::string file(const std::string& name) const { return folder_.file(name); }

    /// Another program fills the disk.
    void fill() const {
        std::ofstream other(file("other"), std::ios::binary);
        const std::string block(4096, 'x');
        while (other.write(block.data(), 4096).flush()) {
        }
    }
    void free() const { std::filesystem::remove(file("other")); }
    void make_read_only(bool read_only) const {
        const unsigned long flags = MS_REMOUNT | (read_only ? MS_RDONLY : 0);
        REQUIRE(mount("none", path().c_str(), "tmpfs", flags, "size=4m") == 0);
    }

  private:
    support::TemporaryFolder folder_;
    bool mounted_;
};

struct Node {
    explicit Node(const std::string& outbox_path)
        : outbox(outbox_path),
          config(folder.write(
              "agent.toml",
              fmt::format("[node]\nname = \"n\"\n[broker]\naddress = \"tcp://127.0.0.1:1\"\n"
                          "[outbox]\npath = \"{}\"\nflush = \"100ms\"\n"
                          "[[sensor]]\nname = \"room\"\ndriver = \"simulator\"\n"
                          "period = \"10ms\"\n",
                          outbox))) {}

    Process start() const {
        return Process::start({.argv = {places::program("leat-agent"), "run", "--config", config},
                               .environment = {},
                               .log_file = folder.file("log"),
                               .folder = folder.path().string()});
    }

    /// The number of the newest record, once nobody has the file open.
    std::uint64_t head() const {
        delivery::SqliteOutboxOptions options;
        options.path = outbox;
        options.node.assign(1, 'n');
        const auto opened = delivery::SqliteOutbox::open(options);
        REQUIRE_MESSAGE(opened, (opened ? "" : opened.error().detail));
        CHECK(opened.value()->damaged() == 0);
        return opened.value()->extent().head;
    }

    std::uint64_t stop(Process& process) const {
        process.kill(SIGTERM);
        CHECK(process.wait(10s) == 0);
        return head();
    }

    support::TemporaryFolder folder;
    std::string outbox;
    std::string config;
};

bool says(const Process& process, const std::string& text) {
    return support::eventually([&] { return process.log().find(text) != std::string::npos; });
}

bool grows(const Node& node) {
    const auto written = [&] {
        std::error_code absent;  // The log file is missing for a moment while it is opened again.
        return std::filesystem::last_write_time(node.outbox + "-wal", absent);
    };
    const auto before = written();
    return support::eventually([&] { return written() > before; });
}

}  // namespace

TEST_CASE("a disk that others fill is reported; readings wait, and it goes on when there is room") {
    const SmallDisk disk;
    if (!disk.is_there()) return;
    const Node node(disk.file("outbox.db"));
    auto process = node.start();
    REQUIRE(says(process, "agent starts"));
    REQUIRE(grows(node));
    disk.fill();
    REQUIRE(says(process, kFull));
    CHECK(process.running());
    disk.free();
    REQUIRE(grows(node));
    const auto head = node.stop(process);
    CHECK(head > 0);
    disk.fill();
    auto on_full = node.start();  // Nothing stored is harmed.
    REQUIRE(says(on_full, kFull));
    CHECK(on_full.running());
    disk.free();
    REQUIRE(grows(node));
    CHECK(node.stop(on_full) > head);
}

TEST_CASE("a card that becomes read-only is reported; it goes on when it is writable again") {
    const SmallDisk disk;
    if (!disk.is_there()) return;
    const Node node(disk.file("outbox.db"));
    auto process = node.start();
    REQUIRE(says(process, "agent starts"));
    REQUIRE(grows(node));
    // A remount is possible only while nobody has a file open for writing.
    process.kill(SIGKILL);
    process.wait(5s);
    disk.make_read_only(true);
    auto refused = node.start();
    CHECK(refused.wait(10s) == 1);  // systemd tries again.
    CHECK(says(refused, kReadOnly));
    disk.make_read_only(false);
    auto again = node.start();
    REQUIRE(grows(node));
    CHECK(node.stop(again) > 0);
}

TEST_CASE("a limit on file sizes is treated as a full disk and does not kill the agent") {
    const support::TemporaryFolder folder;
    const Node node(folder.file("outbox.db"));
    auto process = node.start();
    REQUIRE(says(process, "agent starts"));
    REQUIRE(grows(node));
    const rlimit little{.rlim_cur = 1000, .rlim_max = RLIM_INFINITY};
    REQUIRE(prlimit(process.pid(), RLIMIT_FSIZE, &little, nullptr) == 0);
    CHECK(says(process, "does not accept records"));
    CHECK(process.running());
    const rlimit much{.rlim_cur = RLIM_INFINITY, .rlim_max = RLIM_INFINITY};
    REQUIRE(prlimit(process.pid(), RLIMIT_FSIZE, &much, nullptr) == 0);
    REQUIRE(grows(node));
    CHECK(node.stop(process) > 0);
}
