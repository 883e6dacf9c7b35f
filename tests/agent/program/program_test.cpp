// Goal: the program as an operator knows it: exit codes, stopping, reloading.
// Method: the real leat-agent with a real Mosquitto, or with none.

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <csignal>
#include <filesystem>

#include "delivery/outbox/sqlite_outbox.hpp"
#include "places.hpp"
#include "sqlite/database.hpp"
#include "support/eventually.hpp"
#include "support/process.hpp"
#include "support/servers.hpp"
#include "support/temporary_folder.hpp"

namespace {

using namespace std::chrono_literals;
using support::Process;

const std::string kProgram = places::program("leat-agent");
constexpr int kMisconfigured = 78;

struct Place {
    std::string configure(const std::string& broker, const std::string& more = {}) const {
        return folder.write(
            "agent.toml",
            fmt::format(
                "[node]\nname = \"n\"\n[broker]\naddress = \"{}\"\n[outbox]\npath = \"{}\"\n"
                "[[sensor]]\nname = \"room\"\ndriver = \"simulator\"\nperiod = \"100ms\"\n{}",
                broker, folder.file("outbox.db"), more));
    }

    Process start(const std::string& verb, const std::string& config) const {
        std::vector<std::string> argv{kProgram, verb};
        if (!config.empty()) argv.insert(argv.end(), {"--config", config});
        return Process::start({.argv = argv,
                               .environment = {},
                               .log_file = folder.file("log"),
                               .folder = folder.path().string()});
    }

    std::uint64_t head() const {
        delivery::SqliteOutboxOptions options;
        options.path = folder.file("outbox.db");
        options.node = "n";
        const auto outbox = delivery::SqliteOutbox::open(options);
        REQUIRE_MESSAGE(outbox, (outbox ? "" : outbox.error().detail));
        return outbox.value()->extent().head;
    }

    support::TemporaryFolder folder;
};

constexpr const char* kNoBroker = "tcp://127.0.0.1:1";

/// A database of somebody else's.
void make_database(const std::string& path, const std::string& sql) {
    auto opened = sqlite::Database::open({.path = path});
    REQUIRE(opened);
    auto database = std::move(opened).value();
    REQUIRE(database.execute(sql));
}

bool says(const Process& process, const std::string& text) {
    return support::eventually([&] { return process.log().find(text) != std::string::npos; });
}

}  // namespace

TEST_CASE("exit codes are those of sysexits where there is one") {
    const Place place;
    const auto good = place.configure(kNoBroker);
    CHECK(place.start("validate", good).wait(10s) == 0);
    CHECK(place.start("test", good).wait(20s) == 1);  // Without a broker.
    CHECK(place.start("sample-config", "").wait(10s) == 0);
    CHECK(place.start("rum", good).wait(10s) == 2);
    CHECK(place.start("validate", "/nowhere.toml").wait(10s) == kMisconfigured);
    CHECK(place.start("run", place.configure("http://x")).wait(10s) == kMisconfigured);
    const auto other =
        place.folder.write("other.toml",
                           "[node]\nname = \"m\"\n[outbox]\npath = \"/nowhere/x.db\"\n"
                           "[[sensor]]\nname = \"a\"\ndriver = \"host\"\n");
    CHECK(place.start("run", other).wait(10s) == kMisconfigured);
}

TEST_CASE("test reports every sensor, also when one cannot be opened, and the outbox folder") {
    const Place place;
    auto test = place.start(
        "test", place.configure(kNoBroker,
                                "[[sensor]]\nname = \"wet\"\ndriver = \"dht\"\nmodel = \"dht22\"\n"
                                "backend = \"iio\"\niio_root = \"/nowhere\"\n"));
    CHECK(test.wait(20s) == 1);
    CHECK(test.log().find("wet ") != std::string::npos);
    CHECK(test.log().find("cannot be opened") != std::string::npos);
    CHECK(test.log().find("room.temperature") != std::string::npos);
    const auto nowhere =
        place.folder.write("nowhere.toml",
                           "[node]\nname = \"n\"\n[outbox]\npath = \"/nowhere/x.db\"\n"
                           "[[sensor]]\nname = \"room\"\ndriver = \"simulator\"\n");
    auto folder = place.start("test", nowhere);
    CHECK(folder.wait(20s) == 1);
    CHECK(folder.log().find("mkdir -p /nowhere") != std::string::npos);
}

TEST_CASE("test tries the broker, says what it did not try, and is good when all is") {
    const Place place;
    const support::Mosquitto broker;
    auto good = place.start("test", place.configure(broker.url()));
    CHECK(good.wait(20s) == 0);
    CHECK(good.log().find("good  broker at " + broker.url() + ": connected") != std::string::npos);
    CHECK(good.log().find("good  outbox " + place.folder.file("outbox.db") + ": can be used") !=
          std::string::npos);
    CHECK(good.log().find("not tried: whether the broker lets this node publish and hear") !=
          std::string::npos);
    auto bad = place.start("test", place.configure(kNoBroker));
    CHECK(bad.wait(20s) == 1);
    CHECK(
        bad.log().find("bad   broker at tcp://127.0.0.1:1: 127.0.0.1:1 refused the connection: is "
                       "a broker listening there?") != std::string::npos);
    CHECK_FALSE(std::filesystem::exists(place.folder.file("outbox.db")));  // It changes nothing.
}

TEST_CASE("what run refuses to take as its outbox test calls bad, and nothing of it is changed") {
    const Place place;
    const auto config = place.configure(kNoBroker);
    const auto outbox = place.folder.file("outbox.db");
    const auto refused = [&](const std::string& reason) {
        auto test = place.start("test", config);
        CHECK(test.wait(20s) == 1);
        CHECK_MESSAGE(test.log().find("bad   outbox " + outbox + ": ") != std::string::npos,
                      test.log());
        CHECK_MESSAGE(test.log().find(reason) != std::string::npos, test.log());
        auto run = place.start("run", config);
        CHECK(run.wait(20s) == kMisconfigured);
        CHECK_MESSAGE(run.log().find(reason) != std::string::npos, run.log());
    };
    std::filesystem::create_directory(outbox);
    refused("is a folder: [outbox] path names a file");
    std::filesystem::remove(outbox);
    place.folder.write("outbox.db", "hello, this is my diary\n");
    refused("is a text file and no database");
    CHECK(std::filesystem::file_size(outbox) == 24);
    std::filesystem::remove(outbox);
    make_database(outbox, "CREATE TABLE states(id); PRAGMA application_id = 0");
    refused("is the database of another program");
    std::filesystem::remove(outbox);
    make_database(outbox, "CREATE TABLE rollups(id); PRAGMA application_id = 0x6c656163");
    refused("is the database of leat-central");
    std::filesystem::remove(outbox);
    make_database(outbox, "CREATE TABLE rollups(id); PRAGMA application_id = 0x6c656174");
    refused("is the database of leat-central");
}

TEST_CASE("an outbox file is for its user and group, whatever the umask") {
    const Place place;
    const auto before = umask(022);
    auto agent = place.start("run", place.configure(kNoBroker));
    umask(before);
    REQUIRE(says(agent, "agent starts"));
    for (const char* file : {"outbox.db", "outbox.db-wal"}) {
        struct stat found {};
        REQUIRE(stat(place.folder.file(file).c_str(), &found) == 0);
        CHECK((found.st_mode & 0777) == 0640);
    }
}

TEST_CASE("a password that every user may read is told by run and by test") {
    const Place place;
    const auto password = place.folder.write("password", "secret\n");
    REQUIRE(chmod(password.c_str(), 0644) == 0);
    const auto config =
        place.configure(std::string{kNoBroker} + "\"\nuser = \"n\"\npassword_file = \"" + password);
    auto test = place.start("test", config);
    CHECK(test.wait(20s) == 1);
    CHECK(test.log().find("note  every user of this machine may read " + password) !=
          std::string::npos);
    auto agent = place.start("run", config);
    CHECK(says(agent, "a secret is open"));
}

TEST_CASE(
    "a sensor whose device is absent does not stop the node: it is reported and tried again") {
    const Place place;
    auto agent = place.start(
        "run", place.configure(kNoBroker,
                               "[[sensor]]\nname = \"wet\"\ndriver = \"dht\"\nmodel = \"dht22\"\n"
                               "backend = \"iio\"\niio_root = \"/nowhere\"\n"));
    REQUIRE(says(agent, "agent starts"));
    CHECK(says(agent, "tried again every 30 s"));
    base::pause_for(1s);
    agent.kill(SIGTERM);
    CHECK(agent.wait(5s) == 0);
    CHECK(place.head() > 0);
}

TEST_CASE("decode prints a capture's frames, or says why there are none") {
    const Place place;
    const auto decode = [&](const std::string& sensor, const std::string& csv) {
        const auto file = place.folder.write("edges.csv", csv);
        return Process::start({.argv = {kProgram, "decode", sensor, "--edges", file},
                               .environment = {},
                               .log_file = place.folder.file("decode.log"),
                               .folder = {}});
    };
    auto echo = decode("hcsr04", "time_us,level\n0,0\n100,1\n5930,0\n");
    CHECK(echo.wait(10s) == 0);
    CHECK(echo.log().starts_with(R"({"t_us":100,"distance_m":1.0)"));
    auto silence = decode("dht11", "time_us,level\n0,0\n20000,1\n");
    CHECK(silence.wait(10s) == 1);
    CHECK(silence.log().find("no frame: no response") != std::string::npos);
    CHECK(decode("dht12", "0,0\n").wait(10s) == 2);
}

TEST_CASE("without a broker it samples, says where the broker should be, and stops at once") {
    const Place place;
    auto agent = place.start("run", place.configure(kNoBroker));
    REQUIRE(says(agent, "agent starts"));
    CHECK(says(agent, "broker cannot be used"));
    CHECK(agent.log().find("127.0.0.1:1") != std::string::npos);
    base::pause_for(1s);
    agent.kill(SIGTERM);
    CHECK(agent.wait(5s) == 0);
    CHECK(place.head() > 0);
}

TEST_CASE("it stops within five seconds while the broker hangs") {
    const Place place;
    support::Mosquitto broker;
    auto agent = place.start("run", place.configure(broker.url()));
    REQUIRE(says(agent, "broker is ready"));
    broker.pause();
    base::pause_for(500ms);
    agent.kill(SIGINT);
    CHECK(agent.wait(5s) == 0);
    broker.resume();
    CHECK(place.head() > 0);
}

TEST_CASE("a second agent on the same outbox ends with 78 and says why") {
    const Place place;
    const auto config = place.configure(kNoBroker);
    auto first = place.start("run", config);
    REQUIRE(says(first, "agent starts"));
    auto second = place.start("run", config);
    CHECK(second.wait(10s) == kMisconfigured);
    CHECK(second.log().find("in use by another process") != std::string::npos);
    auto test = place.start("test", config);
    CHECK(test.wait(20s) == 1);
    CHECK(test.log().find("in use by another process") != std::string::npos);
    CHECK(first.running());
}

TEST_CASE("SIGHUP reads the log level again, and says so") {
    const Place place;
    auto agent = place.start("run", place.configure(kNoBroker));
    REQUIRE(says(agent, "agent starts"));
    place.configure(kNoBroker, "[log]\nlevel = \"nonsense\"\n");
    agent.kill(SIGHUP);
    CHECK(says(agent, "nothing was changed"));
    place.configure(kNoBroker, "[log]\nlevel = \"debug\"\n");
    agent.kill(SIGHUP);
    CHECK(says(agent, "log.level was read again"));
    CHECK(agent.running());
}

TEST_CASE("kill -9 while it runs costs no number and no committed record") {
    const Place place;
    const auto config = place.configure(kNoBroker);
    std::uint64_t head = 0;
    for (int round = 0; round < 3; ++round) {
        auto agent = place.start("run", config);
        base::pause_for(2500ms);
        agent.kill(SIGKILL);
        agent.wait(5s);
        const auto now = place.head();  // Opening checks numbers and chain.
        CHECK(now > head);
        head = now;
    }
}
