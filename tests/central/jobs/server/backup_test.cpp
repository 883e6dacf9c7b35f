// Goal: a copy is whole and can be restored, or it is not there; and nobody sees the password.
// Method: pg_dump and pg_restore of the machine, and programs of their names that do more.
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>

#include "central/jobs/server/kinds.hpp"
#include "central/jobs/server/password_line.hpp"
#include "central/jobs/server/server_world.hpp"
#include "central/sinks/database_query.hpp"
#include "central/sinks/opening.hpp"
#include "postgres/database.hpp"
#include "support/eventually.hpp"
#include "support/process.hpp"

using namespace jobs_test;
using Names = std::vector<std::string>;

namespace {

constexpr const char* kCopy = "leat-20251121T020000Z.dump";

std::string content_of(const std::string& path) {
    std::ifstream file{path};
    return {std::istreambuf_iterator<char>{file}, {}};
}

/// A variable of the environment, for as long as this lives.
class Variable {
  public:
    Variable(std::string name, const std::string& value) : name_(std::move(name)) {
        if (const char* before = std::getenv(name_.c_str())) before_ = before;
        ::setenv(name_.c_str(), value.c_str(), 1);
    }
    ~Variable() {
        if (before_) ::setenv(name_.c_str(), before_->c_str(), 1);
        if (!before_) ::unsetenv(name_.c_str());
    }
    Variable(const Variable&) = delete;
    Variable& operator=(const Variable&) = delete;

    std::string before() const { return before_.value_or(""); }

  private:
    std::string name_;
    std::optional<std::string> before_;
};

/// Goes before the program of that name, which it can call by it.
class Double {
  public:
    Double(const std::string& name, const std::string& script) {
        const auto file = folder_.file(name);
        std::ofstream{file} << "#!/bin/sh\nPATH='" << path_.before() << "'\n" << script;
        std::filesystem::permissions(file, std::filesystem::perms::owner_all);
    }

    /// What the script has written there.
    std::string found(const std::string& name) const { return content_of(folder_.file(name)); }
    static Double of_dump(const std::string& script) { return {"pg_dump", script}; }

  private:
    support::TemporaryFolder folder_;
    Variable path_{"PATH", folder_.path().string() + ":" + std::getenv("PATH")};
};

struct World : ServerWorld {
    std::string keys(int copies = 7) const {
        return folder_key() + "keep = " + std::to_string(copies) + "\n";
    }
    base::Result<jobs::Work> back_up(const sinks::Address& from, jobs::Progress& progress) const {
        return jobs::make_server_backup(from, {target, "leat", 7})->run({}, now, progress);
    }
    base::Result<jobs::Work> back_up(const sinks::Address& from) const {
        Silence silence;
        return back_up(from, silence);
    }
};

void execute(const std::string& place, const std::string& sql) {
    auto database = postgres::open({.place = place});
    REQUIRE_MESSAGE(database, database.error().detail);
    const auto done = database.value()->execute(sql);
    REQUIRE_MESSAGE(done, done.error().detail);
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
    return text.replace(text.find(from), from.size(), to);
}

}  // namespace

TEST_CASE("a copy is restored into an empty database, with all readings") {
    World world;
    const auto work = world.work("backup", world.keys());
    CHECK(work.records == 144);
    CHECK(work.wrote == world.target + "/" + kCopy);
    CHECK(world.files() == Names{kCopy});
    CHECK((std::filesystem::status(work.wrote).permissions() &
           std::filesystem::perms::others_all) == std::filesystem::perms::none);
    execute(central_test::server().uri(), "CREATE DATABASE restored");
    const auto place = replaced(world.address.options().place, "/leat?", "/restored?");
    auto restored = support::Process::start(
        {.argv = {"pg_restore", "--exit-on-error", "--dbname=" + place, work.wrote},
         .environment = {},
         .log_file = world.folder.file("log"),
         .folder = {}});
    CHECK_MESSAGE(restored.wait(60s) == 0, restored.log());
    const auto query = sinks::DatabaseQuery::open(sinks::Address::server(place)).value();
    const auto readings = query->readings(
        {.node = "attic", .series = kSeries, .from = kMidnight, .to = kMidnight + 24h});
    REQUIRE_MESSAGE(readings, readings.error().detail);
    CHECK(readings.value().size() == 144);
}

TEST_CASE("the newest copies stay, and what a killed run has left goes") {
    World world;
    world.write("leat-20251120T020000Z.dump.part", "half a copy");
    world.write("leat-20251120T020000Z.db", "of a file");
    for (int day = 0; day < 3; ++day) {
        world.work("backup", world.keys(2));
        world.now += 24h;
    }
    CHECK(world.files() == Names{"leat-20251120T020000Z.db", "leat-20251122T020000Z.dump",
                                 "leat-20251123T020000Z.dump"});
}

TEST_CASE("a copy that lacks its end gets no name, and the run fails") {
    World world;
    const Double cutting = Double::of_dump(
        "pg_dump \"$@\" || exit\n"
        "for word; do case $word in --file=*) truncate -s -300 \"${word#--file=}\";; esac; done\n");
    const auto error = world.failure("backup", world.keys());
    CHECK(error.fault == base::Fault::transient);
    CHECK(error.detail.starts_with("pg_restore failed: "));
    CHECK(world.files().empty());
}

TEST_CASE("what pg_dump cannot do is told, and leaves nothing") {
    World world;
    const Double failing = Double::of_dump("echo 'the disk is full' >&2; exit 1\n");
    CHECK(world.failure("backup", world.keys()).detail == "pg_dump failed: the disk is full");
    CHECK(world.files().empty());
}

TEST_CASE("a run that may write no more ends pg_dump, and leaves nothing") {
    World world;
    const Double sleeping = Double::of_dump("exec sleep 60\n");
    Limited limited{2};
    const auto begin = world.clock.instant();
    const auto done = world.back_up(world.address, limited);
    REQUIRE_FALSE(done);
    CHECK(done.error().detail == "it is not the only one any more");
    CHECK(world.clock.instant() - begin < 30s);
    CHECK(world.files().empty());
}

TEST_CASE("of two schemas that are named alike the right one is copied") {
    World world;
    execute(central_test::server().uri(), "CREATE SCHEMA \"Le?t\"");
    execute(central_test::server().uri(), "CREATE SCHEMA leat; CREATE TABLE leat.other (x INT)");
    const auto address = sinks::Address::server(central_test::server().uri("%22Le%3Ft%22"));
    {
        const auto central = sinks::open_sink({.path = address});
        REQUIRE_MESSAGE(central, central.error().detail);
    }
    const auto work = world.back_up(address);
    REQUIRE_MESSAGE(work, work.error().detail);
    auto list = support::Process::start({.argv = {"pg_restore", "--list", work.value().wrote},
                                         .environment = {},
                                         .log_file = world.folder.file("log"),
                                         .folder = {}});
    CHECK(list.wait(60s) == 0);
    CHECK(list.log().find("TABLE Le?t rollup_1m leat") != std::string::npos);
    CHECK(list.log().find("other") == std::string::npos);
}

TEST_CASE("a password reaches pg_dump by a file that only its user can read") {
    World world;
    const std::string secret = R"(a:b\c 'd')";
    execute(central_test::server().uri(),
            R"(CREATE ROLE guarded LOGIN SUPERUSER PASSWORD 'a:b\c ''d''')");
    const auto rules = central_test::server().folder().file("data/pg_hba.conf");
    const auto before = content_of(rules);
    std::ofstream{rules} << "host all guarded 127.0.0.1/32 scram-sha-256\n" << before;
    execute(central_test::server().uri(), "SELECT pg_reload_conf()");
    const auto place = replaced(world.address.options().place, "leat@", "guarded@");
    REQUIRE(support::eventually([&] { return !postgres::open({.place = place}); }, 10s, 100ms));
    world.folder.write("password", secret + "\n");
    const auto address = sinks::Address::server(place, world.folder.file("password"));
    const Variable of_somebody{"PGPASSWORD", "wrong"};
    const Double looking = Double::of_dump(
        "cd \"${0%/*}\"; stat -L -c %a \"$PGPASSFILE\" > mode\n"
        "env > environment; tr '\\0' ' ' < /proc/$$/cmdline > arguments\n"
        "exec pg_dump \"$@\"\n");
    const auto work = world.back_up(address);
    REQUIRE_MESSAGE(work, work.error().detail);
    CHECK(looking.found("mode") == "600\n");
    CHECK(looking.found("environment").find("PGPASSFILE=/proc/self/fd/0\n") != std::string::npos);
    for (const auto* seen : {"environment", "arguments"}) {
        CHECK(looking.found(seen).find("a:b") == std::string::npos);
        CHECK(looking.found(seen).find(R"(a\:b)") == std::string::npos);
    }
    CHECK(world.files() == Names{kCopy});
    world.folder.write("password", "another\n");
    CHECK_FALSE(world.back_up(address));
    CHECK(world.files() == Names{kCopy});
}

TEST_CASE("a pg_dump whose job is killed ends with it") {
    World world;
    const Double sleeping = Double::of_dump("cd \"${0%/*}\"; echo $$ > pid; exec sleep 60\n");
    const pid_t job = ::fork();
    if (job == 0) {
        static_cast<void>(world.back_up(world.address));
        ::_exit(0);
    }
    std::string pid;
    const auto is_there = [&] {
        pid = sleeping.found("pid");
        return pid.ends_with('\n');
    };
    CHECK(support::eventually(is_there, 10s, 20ms));
    REQUIRE(::kill(job, SIGKILL) == 0);
    REQUIRE(::waitpid(job, nullptr, 0) == job);
    REQUIRE_FALSE(pid.empty());
    pid.pop_back();
    // One that has ended, and that nobody has asked for, has no command line.
    CHECK(support::eventually([&] { return content_of("/proc/" + pid + "/cmdline").empty(); }, 5s,
                              20ms));
}

TEST_CASE("what separates the fields of a password file is escaped in a password") {
    CHECK(jobs::password_line("plain") == "*:*:*:*:plain\n");
    CHECK(jobs::password_line(R"(a:b\c)") == "*:*:*:*:a\\:b\\\\c\n");
}
